"""Memory that this process may take: the smallest of what machine, control groups and user allow.

A container and a job of a batch system are in control groups, whose limits ``free`` and psutil do
not tell of: what goes beyond them is killed, however much memory the machine has left.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from .errors import BenchmarkError
from .sizes import readable_bytes
from .system_tables import numbers_in

ROOT = Path("/")

BASE_BYTES = 400 << 20
"""Memory of a run beside its images: Python and its libraries in Snakemake, in the job that is
timed and in the process that waits for it."""

PIECES_AT_ONCE = 6
"""Times a piece's bytes that a job takes at its peak, at most: 3.7 with 100,000 images of 32 x 32
as one piece and the greediest of fifteen formats. More are left for batches of large images: one
batch is never split, and twice its bytes are kept ready."""

WRITTEN_BYTES, WRITTEN_SHARE = 512 << 20, 1.4
"""Bytes that LMDB keeps in memory of what it has written until all is, in pieces of any size: at
most so many, and at most so many times the pixels' bytes."""

SMALLEST_PIECE = 8 << 20
"""Bytes of a piece below which a run would measure little else than the ends of pieces."""

SHARE_FOR_PAGES = 0.5
"""Of all memory, what pages of files may take that are read again and again."""


@dataclass(frozen=True)
class Memory:
    """Bytes of memory: all that processes like this one may fill, and what is free of it now.

    Pages of files count as free, since the system takes them back.
    """

    total: int
    available: int


def memory(root: Path = ROOT) -> Memory:
    """Return the memory of the machine, or of the control group that has the least.

    Args:
        root: the folder that has ``proc`` and ``sys``.
    """
    host = psutil.virtual_memory()
    total, available = host.total, host.available
    for group in groups(root):
        limit, usage = limit_of(group)
        if limit is not None:
            total = min(total, limit)
            available = min(available, max(limit - usage, 0))
    return Memory(total, available)


def limit_of(group: Path) -> tuple[int | None, int]:
    """Return the limit of a control group, None if it has none, and what it has taken of it."""
    names = ("memory.limit_in_bytes", "memory.max", "memory.high")
    limits = [limit for name in names for limit in numbers_in(group / name, b"")]
    found = min((limit for limit in limits if limit is not None), default=None)
    of_usage = ("memory.usage_in_bytes", "memory.current")
    used = sum(used or 0 for name in of_usage for used in numbers_in(group / name, b""))
    # Version 1 says by "total_" what the groups within hold too; version 2 always means them.
    pages = numbers_in(group / "memory.stat", rb"total_inactive_file ", rb"total_active_file ")
    if None in pages:
        pages = numbers_in(group / "memory.stat", rb"inactive_file ", rb"active_file ")
    return found, max(used - sum(filter(None, pages)), 0)


def groups(root: Path = ROOT) -> Iterator[Path]:
    """Go through the folders of the control groups that bound this process's memory, upwards."""
    with suppress(OSError, ValueError):
        lines = (root / "proc/self/cgroup").read_text("utf-8", "replace").splitlines()
        own: dict[str, str] = {}
        for line in lines:
            _, controllers, path = line.split(":", 2)
            own["cgroup" if "memory" in controllers.split(",") else controllers] = path
        mounts = (root / "proc/self/mountinfo").read_text("utf-8", "replace").splitlines()
        for mount in mounts:
            fields, _, kind = mount.partition(" - ")
            name, _, options = kind.split(" ", 2)
            bounds = name == "cgroup2" or "memory" in options.split(",")
            group = own.get("" if name == "cgroup2" else name)
            if bounds and group is not None:
                above, place = fields.split(" ")[3:5]
                yield from upwards(root / place.lstrip("/"), group, above)


def upwards(top: Path, path: str, above: str) -> Iterator[Path]:
    """Go through the folder of a control group and those above it.

    Args:
        top: where the file system of control groups is mounted.
        path: of the group, as the process has it.
        above: the group that is mounted at ``top``; a container sees its own group there, and may
            know itself by a path that leads elsewhere.
    """
    below = os.path.relpath(path, above)
    place = top / below
    if below.startswith("..") or not place.is_dir():
        place = top
    while place != top:
        yield place
        place = place.parent
    yield top


def bytes_for_pages() -> int:
    """Return the bytes of files that stay in memory while they are read again and again."""
    total = memory().total
    besides = BASE_BYTES + PIECES_AT_ONCE * SMALLEST_PIECE
    return max(0, min(int(SHARE_FOR_PAGES * total), total - besides))


def process_bytes() -> int:
    """Return the bytes that one process may fill: all memory, or what ``ulimit -v`` leaves."""
    total = memory().total
    with suppress(ImportError):  # Windows
        import resource

        limit = resource.getrlimit(resource.RLIMIT_AS)[0]
        if limit != resource.RLIM_INFINITY:
            total = min(total, limit)
    return total


def piece_bytes_within(wanted: int, largest_image: int, all_images: int, shares: int = 1) -> int:
    """Return the bytes of a piece with which a run stays within its memory: as wanted, or fewer.

    Images that all fit into the page cache find room there, so that reading them warm is proven.

    Args:
        wanted: by the config.
        largest_image: bytes of the pixels of the largest image, which is never split.
        all_images: bytes of the pixels of all images.
        shares: 2 if stores are kept in memory, which leaves half of it.

    Raises:
        BenchmarkError: if memory is too small for any run.
    """
    total = process_bytes() // shares
    least = min(wanted, all_images, SMALLEST_PIECE)
    least = max(least, largest_image)
    needed = BASE_BYTES + PIECES_AT_ONCE * least
    if total < needed:
        raise BenchmarkError(
            f"memory is too small: machine, control group and ulimit -v allow "
            f"{readable_bytes(shares * total)}, and {readable_bytes(shares * needed)} are needed: "
            "raise that limit, or use a machine with more memory"
        )
    pages = all_images if all_images < bytes_for_pages() else 0
    besides = max(pages, min(int(WRITTEN_SHARE * all_images), WRITTEN_BYTES))
    fits = (total - BASE_BYTES - besides) // PIECES_AT_ONCE
    return min(wanted, max(least, fits))


def workers_for(bytes_each: int) -> int:
    """Return how many processes that each fill so many bytes fit beside each other; at least one.

    There are never more of them than processors that this process may use.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, min(cores or 1, memory().available // max(bytes_each, 1)))


def kills_for_memory(root: Path = ROOT) -> tuple[int | None, ...]:
    """Count the processes that were killed for want of memory: on this machine, and in each group.

    What is unknown is None; where any of it grows, somebody was killed.
    """
    found = numbers_in(root / "proc/vmstat", rb"oom_kill ")
    for group in groups(root):
        for name in ("memory.oom_control", "memory.events"):
            found += numbers_in(group / name, rb"oom_kill ")
    return tuple(found)


def offer_to_be_killed() -> None:
    """Let the system kill this process first where memory runs out, and not what waits for it."""
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
