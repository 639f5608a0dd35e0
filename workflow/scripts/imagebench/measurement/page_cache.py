"""Bringing a store into the page cache, the same way for every backend."""

import errno
import os
from pathlib import Path

PIECE = 1 << 20


def warm(store: Path) -> None:
    """Read every file below a folder once, so that a read that follows meets a warm page cache.

    Holes of sparse files are left out, where the file system can tell them: reading them would
    fill the cache with zeros that nobody stored.
    """
    for folder, _, names in os.walk(store):
        for name in sorted(names):
            descriptor = os.open(os.path.join(folder, name), os.O_RDONLY)
            try:
                read_data(descriptor, os.fstat(descriptor).st_size)
            finally:
                os.close(descriptor)


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
