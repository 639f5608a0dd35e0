"""The page cache: filling it with one store, and emptying it of one without being root."""

import ctypes
import errno
import mmap
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

COLD_SHARE = 0.01
"""A read counts as cold if less than this share of the store's pages was in the page cache."""

PIECE = 1 << 20

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
    share = None
    for synchronise in (False, True):
        advise_all(store, synchronise)
        share = resident_share(store)
        if share is not None and share < COLD_SHARE:
            break
    return share


def advise_all(store: Path, synchronise: bool) -> None:
    """Advise the kernel that no file of a store is needed, after writing it out if asked to."""
    if not hasattr(os, "posix_fadvise"):  # neither on macOS nor on Windows
        return
    for descriptor in open_files(store):
        if synchronise:
            os.fsync(descriptor)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)


def resident_share(store: Path) -> float | None:
    """Share of the pages of all files below a folder that are in the page cache, by ``mincore``.

    Returns:
        From 0 to 1, or None where the system does not tell, as without ``mincore``.
    """
    library = c_library()
    if library is None:
        return None
    pages = resident = 0
    for descriptor in open_files(store):
        size = os.fstat(descriptor).st_size
        if not size:
            continue
        count = -(-size // mmap.PAGESIZE)
        states = np.empty(count, dtype=np.uint8)
        address = library.mmap(None, size, PROT_READ, MAP_SHARED, descriptor, 0)
        if address == MAP_FAILED:
            return None
        failed = library.mincore(address, size, states.ctypes.data)
        library.munmap(address, size)
        if failed:
            return None
        pages += count
        resident += int((states & 1).sum())
    return resident / pages if pages else None


def open_files(store: Path) -> Iterator[int]:
    """Open every file below a folder for reading, one after the other, and give its descriptor."""
    for folder, _, names in os.walk(store):
        for name in names:
            descriptor = os.open(os.path.join(folder, name), os.O_RDONLY)
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
