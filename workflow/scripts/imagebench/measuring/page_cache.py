"""The page cache: filling it with one store, and emptying it of one without being root."""

import ctypes
import errno
import mmap
import os
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from ..elsewhere import files_of

COLD_SHARE = 0.01
"""A read counts as cold if less than this share of the store's pages was in the page cache."""

PIECE = 1 << 20

LOWEST_BIT = bytes(value & 1 for value in range(256))

PROT_READ = 1
MAP_SHARED = 1
MAP_FAILED = ctypes.c_void_p(-1).value


def warm(store: Path) -> None:
    """Read every file below a folder once, so that a read that follows meets a warm page cache.

    Holes of sparse files are left out, where the file system can tell them: reading them would
    fill the cache with zeros that nobody stored.
    """
    for descriptor in open_files(store):
        read_data(descriptor, os.fstat(descriptor).st_size)


def read_data(descriptor: int, size: int) -> None:
    """Read all parts of an open file that hold data."""
    if size <= PIECE:
        os.read(descriptor, size)
        return
    position = 0
    while position < size:
        start, stop = next_extent(descriptor, position, size)
        os.lseek(descriptor, start, os.SEEK_SET)
        while start < stop:
            piece = os.read(descriptor, min(PIECE, stop - start))
            if not piece:
                break
            start += len(piece)
        position = max(stop, position + 1)


def next_extent(descriptor: int, position: int, size: int) -> tuple[int, int]:
    """Find the next stretch of data at or after ``position``, as (start, stop)."""
    if not hasattr(os, "SEEK_DATA"):
        return position, size
    try:
        start = os.lseek(descriptor, position, os.SEEK_DATA)
        return start, os.lseek(descriptor, start, os.SEEK_HOLE)
    except OSError as error:
        if error.errno == errno.ENXIO:  # nothing but a hole up to the end
            return size, size
        return position, size


def evict(store: Path) -> float | None:
    """Drop a store from the page cache, and say how much of it is still there.

    The kernel is advised that the pages are not needed (``posix_fadvise``). It keeps those that are
    still to be written or that somebody has mapped: so where anything is left, all files are
    synchronised, and it is advised once more. Pages that are mapped, and all of a file system in
    memory, survive that too, which is why the answer is measured and not assumed.

    Returns:
        Share of the store's pages that are resident, from 0 to 1, or None where it cannot be known.
    """
    share = resident_share(store, advise)
    if share is None or share < COLD_SHARE:
        return share
    return resident_share(store, synchronise_and_advise)


def advise(descriptor: int) -> None:
    """Advise the kernel that the pages of an open file are not needed."""
    if hasattr(os, "posix_fadvise"):  # neither on macOS nor on Windows
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)


def synchronise_and_advise(descriptor: int) -> None:
    """Write out an open file first, since pages that wait for that are kept."""
    os.fsync(descriptor)
    advise(descriptor)


def resident_share(store: Path, treat: Callable[[int], None] | None = None) -> float | None:
    """Share of the pages of all files below a folder that are in the page cache, by ``mincore``.

    Args:
        store: the folder.
        treat: done to each open file right before its pages are counted.

    Returns:
        From 0 to 1, or None where the system does not tell, as without ``mincore``.
    """
    library = c_library()
    if library is None:
        return None
    pages = resident = 0
    for descriptor in open_files(store):
        size = os.fstat(descriptor).st_size
        if treat is not None:
            treat(descriptor)
        if not size:
            continue
        count = -(-size // mmap.PAGESIZE)
        states = bytearray(count)
        address = library.mmap(None, size, PROT_READ, MAP_SHARED, descriptor, 0)
        if address == MAP_FAILED:
            return None
        failed = library.mincore(address, size, (ctypes.c_char * count).from_buffer(states))
        library.munmap(address, size)
        if failed:
            return None
        pages += count
        # Only the lowest bit of each byte has a meaning.
        resident += count - states.translate(LOWEST_BIT).count(0)
    return resident / pages if pages else None


def open_files(store: Path) -> Iterator[int]:
    """Open every file of a store for reading, one after the other, and give its descriptor."""
    for name in files_of(store):
        descriptor = os.open(name, os.O_RDONLY)
        try:
            yield descriptor
        finally:
            os.close(descriptor)


@cache
def c_library() -> Any:
    """Load the C library's memory functions; None where there is no ``mincore``.

    The standard library's ``mmap`` hands out no address of a map that is only read.
    """
    try:
        library = ctypes.CDLL(None, use_errno=True)
        library.mmap.restype = ctypes.c_void_p
        library.mmap.argtypes = [
            ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int,
            ctypes.c_long,
        ]  # fmt: skip
        library.munmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t]
        library.mincore.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_void_p]
    except (OSError, AttributeError, TypeError):  # Windows has neither
        return None
    return library
