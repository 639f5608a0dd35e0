"""A job's own memory: what the system cannot take back, unlike pages of files that are mapped.

The kernel keeps a peak of all resident memory alone. So the process that waits for a job looks at
it now and then while the clock runs, and the job itself looks whenever the clock has stopped.
"""

import mmap
import os
import select
from contextlib import suppress

import numpy as np

from ..system_tables import numbers_in

LOOK_SECONDS = 0.1
"""Seconds between two looks. One takes 0.3 ms, so that all take 0.3 % of a processor."""

TURN, AT_STOPS, MEANWHILE = range(3)

shared = np.frombuffer(mmap.mmap(-1, mmap.PAGESIZE), np.int64)
"""What a job shares with the process that waits for it: TURN is odd while the clock runs, AT_STOPS
the most own memory in bytes when it stopped, and MEANWHILE the most while it ran. The job writes
the first two, and the process that waits writes the third."""


def own_memory_bytes(process: int | str = "self") -> int | None:
    """Give the memory of a process that the system cannot take back; None if it is unknown.

    That is anonymous and shared memory. Pages of mapped files are resident, too, and not counted.

    Args:
        process: its number.
    """
    status = f"/proc/{process}/status"
    anonymous, of_several = numbers_in(status, rb"RssAnon:\s*", rb"RssShmem:\s*")
    return None if anonymous is None or of_several is None else (anonymous + of_several) * 1024


def private_bytes(process: int) -> int | None:
    """Give the bytes that a process has filled and shares with no other; None if unknown.

    A forked process shares what its parent had filled, until one of them changes it.
    """
    [kibibytes] = numbers_in(f"/proc/{process}/smaps_rollup", rb"Private_Dirty:\s*")
    return None if kibibytes is None else kibibytes * 1024


def forget() -> None:
    """Begin anew: what this process held so far is not the job's."""
    shared[:] = 0


def clock_starts() -> None:
    """Let ``watch`` look at this process from now on."""
    shared[TURN] = (shared[TURN] + 1) | 1


def clock_stopped(own: int | None) -> None:
    """Let ``watch`` look no more, and keep the own memory of the job if it is the most so far."""
    shared[AT_STOPS] = max(shared[AT_STOPS], own or 0)
    shared[TURN] = (shared[TURN] | 1) + 1


def peak_bytes() -> int | None:
    """Give the most own memory of this job while its clock ran; None if it is unknown."""
    return int(shared[[AT_STOPS, MEANWHILE]].max()) if shared[AT_STOPS] else None


def watch(process: int) -> None:
    """Look at the own memory of a job again and again while its clock runs, until the job ends.

    Where a process cannot be waited for in this way, as before Linux 5.3, it returns at once, and
    what counts is the own memory when the clock stops.

    Args:
        process: number of the job, which was forked from this one.
    """
    with suppress(OSError, AttributeError):
        descriptor = os.pidfd_open(process)
        try:
            ending = select.poll()
            ending.register(descriptor, select.POLLIN)
            while not ending.poll(1000 * LOOK_SECONDS):
                look_at(process)
        finally:
            os.close(descriptor)


def look_at(process: int) -> None:
    """Keep the own memory of a job if the clock has run all the while and it is the most so far."""
    turn = shared[TURN]
    if turn % 2:
        own = own_memory_bytes(process)
        if own is not None and shared[TURN] == turn:
            shared[MEANWHILE] = max(shared[MEANWHILE], own)
