"""Memory that is really there before the clock starts, and how much of it a process took."""

import ctypes
import math
import sys
import time
from contextlib import suppress
from pathlib import Path

import numpy as np

from ..system_tables import numbers_in

PAGE = 4096
MOST_ROUNDS = 3
SLOW_SECONDS = 1.5e-6
"""A page; one that the machine owns is filled in a third of this, one fetched from a host in five
times as much."""

SMALL = 1 << 27
FRESH_SECONDS = 0.5
"""So much memory stays with the machine for so long at least, so that quick calls that follow each
other need it to be touched only now and then; a host takes free memory back after some seconds."""

last_touch: dict[int, float] = {}
"""When so many bytes were touched last."""


def back_with_memory(size: int) -> None:
    """Touch so many bytes of memory, and let go of them, until touching them is fast.

    A virtual machine hands memory that it does not use back to its host, and getting it again takes
    several microseconds a page: on such a machine the first 600 MB that a process fills cost more
    than a second, ten times what HDF5 needs to read as much. Whoever comes next is served from the
    pages that were just let go of, as on a machine that owns its memory.

    Where there is no Linux, nothing is done: how memory comes and goes is not known there.

    Args:
        size: bytes.
    """
    if sys.platform != "linux":
        return
    if size < SMALL and time.perf_counter() - last_touch.get(size, -math.inf) < FRESH_SECONDS:
        return
    for _ in range(MOST_ROUNDS):
        start = time.perf_counter()
        touch(size)
        if time.perf_counter() - start < SLOW_SECONDS * size / PAGE:
            break
    last_touch[size] = time.perf_counter()
    # What was touched here is not the backend's: let the high-water mark start anew.
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def touch(size: int) -> None:
    """Fill so many bytes of memory, and give them back.

    An array of NumPy is taken on purpose: it gets its memory in the same way, of huge pages where
    the system has them, as the arrays that the backends fill.
    """
    np.ones(size, dtype=np.uint8)


TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3
"""From <malloc.h> of glibc: what ``mallopt`` can be told."""

LARGEST_KEPT = 32 << 20
"""Bytes of a piece of memory that glibc keeps when it is freed, at most."""


def keep_memory(size: int) -> None:
    """Let this process keep memory that it has filled once, and fill so many bytes now.

    Else glibc gives what is freed back to the system, or does not, as it happens to lie; and the
    next read then pays for each page once more. A loop that reads the same images again and again
    soon has memory that it keeps; what is timed here is to be as later epochs are, and not to
    depend on luck: of 10,000 images of 32 x 32, plain bytes took 2.2 microseconds an image where
    it was given back, and 0.8 where it was kept.

    Args:
        size: bytes.
    """
    if sys.platform != "linux":
        return
    with suppress(OSError, AttributeError):  # another library than glibc
        library = ctypes.CDLL(None)
        library.mallopt(MMAP_THRESHOLD, LARGEST_KEPT)
        library.mallopt(TRIM_THRESHOLD, 1 << 30)
        part = LARGEST_KEPT // 2
        parts = [np.ones(part, np.uint8) for _ in range(math.ceil(size / part))]
        del parts


def peak_memory_bytes() -> int | None:
    """Greatest resident memory of this process, since memory was last made ready for a sample.

    Linux hands the peak of the process that forked this one down through ``ru_maxrss``; the
    high-water mark of the own address space is free of that, and preferred where it exists.
    """
    [kibibytes] = numbers_in("/proc/self/status", rb"VmHWM:\s*")
    if kibibytes is not None:
        return kibibytes * 1024
    try:
        import resource
    except ImportError:  # Windows
        return None
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
