"""Memory that is really there before the clock starts, and how much of it a process took."""

import mmap
import sys
from contextlib import suppress
from pathlib import Path

import numpy as np

PAGE = 4096


def back_with_memory(size: int) -> None:
    """Touch so many bytes of memory once, and let go of them.

    A virtual machine hands memory that it does not use back to its host, and getting it again takes
    several microseconds a page: on such a machine the first 600 MB that a process fills cost more
    than a second, ten times what HDF5 needs to read as much. Whoever comes next is served from the
    pages that were just let go of, as on a machine that owns its memory.

    Huge pages, where the system has them, are not taken for their speed, but because they are given
    back as large blocks that the kernel hands out again first.

    Args:
        size: bytes.
    """
    with mmap.mmap(-1, max(size, PAGE)) as memory:
        if hasattr(mmap, "MADV_HUGEPAGE"):
            with suppress(OSError):  # a kernel without huge pages: small ones do, if less surely
                memory.madvise(mmap.MADV_HUGEPAGE)
        np.frombuffer(memory, dtype=np.uint8)[::PAGE] = 1


def peak_memory_bytes() -> int | None:
    """Greatest resident memory of this process so far.

    Linux hands the peak of the process that forked this one down through ``ru_maxrss``; the
    high-water mark of the own address space is free of that, and preferred where it exists.
    """
    try:
        for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    try:
        import resource
    except ImportError:  # Windows
        return None
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
