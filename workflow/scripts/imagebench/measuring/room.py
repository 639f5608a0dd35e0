"""Whether what is to be stored fits: bytes and files, asked for before anything is written."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import psutil

from ..contract import Backend
from ..errors import BenchmarkError
from ..memory_limits import memory
from ..pieces import Facts
from ..sizes import readable_bytes
from ..states import UNKNOWN

SPARE_SHARE = 0.02
"""Of what is needed, kept free on top: file systems want some room for themselves."""

STORES_AT_ONCE = 2
"""A store is measured beside the one before it, which goes when it is complete."""

ALONE_BYTES = 4 << 30
"""A store that may be larger than this is measured once, since that takes long enough."""


@dataclass(frozen=True)
class Need:
    """Room that something takes at most: bytes within files, and how many files and folders."""

    size: int
    files: int

    def times(self, number: int) -> "Need":
        """So many of it at once."""
        return Need(number * self.size, number * self.files)

    @staticmethod
    def largest(needs: Iterable["Need"]) -> "Need":
        """Enough for each of several, one after the other."""
        several = list(needs)
        return Need(max(need.size for need in several), max(need.files for need in several))


@dataclass(frozen=True)
class Room:
    """What a file system has for this user: bytes, files (None: without limit), bytes a block."""

    free_bytes: int
    free_files: int | None
    block_bytes: int


def room(folder: Path) -> Room:
    """Ask the file system that holds a folder. Quotas that it does not tell of are not seen.

    One in memory gives no more than half of the memory that there is: the rest is for jobs.
    """
    status = os.statvfs(folder)
    # Btrfs, some network file systems and others make inodes as they go, and say none at all.
    files = status.f_favail if status.f_files else None
    free = status.f_bavail * status.f_frsize
    if filesystem(folder)[0] in IN_MEMORY:
        there = memory()
        # What has no limit of its own says that nothing is free.
        sizes = [free if status.f_blocks else there.total, there.total // 2, there.available]
        free = min(sizes)
    return Room(free, files, status.f_frsize)


IN_MEMORY = {"tmpfs", "ramfs"}
"""Types of file systems whose files take memory, as Linux calls them."""


def filesystem(path: Path) -> tuple[str, str]:
    """Name the type and the mount options of the file system that holds ``path``."""
    try:
        mounts = psutil.disk_partitions(all=True)
    except OSError:
        return UNKNOWN, UNKNOWN
    place = path.resolve()
    found = {
        mount.mountpoint: (mount.fstype, mount.opts)
        for mount in mounts
        if place.is_relative_to(mount.mountpoint)
    }
    # The longest of the mounts that fit, and of those on top of each other the last.
    return found[max(found, key=len)] if found else (UNKNOWN, UNKNOWN)


def need_of_store(backend: Backend, count: int, facts: Facts) -> Need:
    """What storing so many of these images takes at most, while it is measured.

    Of images that differ, it is what as many of their mean size take.
    """
    size = facts.image_bytes
    if backend.keeps_files and facts.file_bytes is not None:
        size = -(-int(facts.file_bytes.sum()) // facts.count)
    need = Need(*backend.most_space(count, size))
    return need if need.size > ALONE_BYTES else need.times(STORES_AT_ONCE)


def require_room_for_store(backend: Backend, facts: Facts, store: Path) -> None:
    """Refuse to store images where there is not enough room; see ``require_room``."""
    need = need_of_store(backend, facts.count, facts)
    require_room(store.parent, need, f"storing {facts.count:,} images")


def require_room(
    folder: Path, need: Need, what: str, way_out: str = "leave out the largest cutoff"
) -> None:
    """Refuse to begin what will not fit.

    Args:
        folder: exists, on the file system that is to be written.
        need: of everything that will be there at once.
        what: names it in the message, such as "the stores of location scratch".
        way_out: what makes the need smaller.

    Raises:
        BenchmarkError: with what is needed, what there is, and what to do.
    """
    there = room(folder)
    # The last block of each file is on average half empty; a small file may take a whole one.
    size = int((need.size + need.files * there.block_bytes) * (1 + SPARE_SHARE))
    missing = []
    if size > there.free_bytes:
        wanted, free = (readable_bytes(of, whole_from=1000) for of in (size, there.free_bytes))
        missing.append(f"{wanted} of space, of which {free} are free")
    if there.free_files is not None and need.files > there.free_files:
        missing.append(f"{need.files:,} files, of which {there.free_files:,} are free")
    if missing:
        raise BenchmarkError(
            f"{what} would take up to {' and '.join(missing)} in {folder}: make room, {way_out}, "
            "or name another folder"
        )
