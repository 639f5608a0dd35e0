"""A stopwatch that can be stopped between pieces, and how often short calls are repeated."""

import gc
import os
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Self, TypeVar

from ..system_tables import numbers_in
from . import own_memory

Part = TypeVar("Part")

ENOUGH_SECONDS = 0.1
"""Calls are repeated until their times add up to this."""

MOST_CALLS = 50
"""However short a call is, it is not repeated more often than this."""

PAGE_BYTES = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096


@dataclass(frozen=True)
class Taken:
    """What a call took.

    Wall seconds, CPU seconds of user and system, and the bytes that came from the device and went
    there, None where the system does not count them; in how many pieces images came or went. While
    the clock stood: CPU seconds of this process beyond those of the thread that made or verified a
    piece, and bytes that were written meanwhile.
    """

    seconds: float
    cpu_user_seconds: float
    cpu_system_seconds: float
    bytes_read: int | None
    bytes_written: int | None
    pieces: int
    paused_cpu_seconds: float | None
    paused_bytes_written: int | None


class Stopwatch:
    """Runs while a backend works: between ``start`` and ``stop``, within a with statement.

    Garbage collection is off meanwhile, as in the standard library's ``timeit``: it would charge
    the call for objects of others.
    """

    def __init__(self) -> None:
        """Begin at nothing."""
        self.nanoseconds = self.pieces = 0
        self.spent: list[Any] = [0.0, 0.0, 0, 0]
        self.paused: list[Any] = [0.0, 0]
        self.stood_since: list[Any] | None = None

    def __enter__(self) -> Self:
        gc.collect()
        self.was_enabled = gc.isenabled()
        gc.disable()
        return self

    def __exit__(self, *_: object) -> None:
        if self.was_enabled:
            gc.enable()

    def counters(self) -> list[Any]:
        """CPU seconds of user and system, and bytes from and to the device, so far."""
        return [*cpu_seconds(), *device_bytes()]

    def others(self) -> list[Any]:
        """CPU seconds of other threads than this one, and bytes written out by anybody, so far.

        What a process has written lies in the page cache until the kernel writes it out, which it
        counts for the whole machine alone.
        """
        return [time.process_time() - time.thread_time(), written_out()]

    def own_memory(self) -> int | None:
        """Bytes of memory that the job has and the system cannot take back."""
        return own_memory.own_memory_bytes()

    def start(self) -> None:
        """Let it run, with the monotonic clock of the highest resolution."""
        if self.stood_since is not None:
            self.paused = added(self.paused, self.stood_since, self.others())
        own_memory.clock_starts()
        self.before = self.counters()
        self.began = time.perf_counter_ns()

    def stop(self) -> None:
        """Let it stand."""
        self.nanoseconds += time.perf_counter_ns() - self.began
        self.spent = added(self.spent, self.before, self.counters())
        own_memory.clock_stopped(self.own_memory())  # while what was read is still there
        self.stood_since = self.others()

    def making(
        self, pieces: Iterable[Part], finish: Callable[[], object] = lambda: None
    ) -> Iterator[Part]:
        """Stand while a source makes its next piece; for a backend that is running.

        Args:
            pieces: what the source makes.
            finish: called after each piece before the clock stops, to do what would else be done
                for the backend while it stands.
        """
        several = iter(pieces)
        while True:
            if self.pieces:
                finish()
            self.stop()
            piece = next(several, None)
            self.start()
            if piece is None:
                return
            self.pieces += 1
            yield piece
            del piece  # else it would be in memory beside the next one

    def reading(self, pieces: Iterable[Part]) -> Iterator[Part]:
        """Run while a backend brings back a piece, and stand while that is verified.

        It is one piece ahead. So a store that comes in one piece is timed in one go, until its
        files are closed; and no piece is freed while the clock runs.
        """
        several = iter(pieces)
        self.start()
        following = next(several, None)
        while following is not None:
            piece, following = following, next(several, None)
            self.stop()
            self.pieces += 1
            yield piece
            del piece
            if following is not None:
                self.start()

    def taken(self) -> Taken:
        """Say what it has measured so far."""
        pieces = max(self.pieces, 1)  # one is in memory, and is not asked for
        user, system, read, written = self.spent
        return Taken(self.nanoseconds / 1e9, user, system, read, written, pieces, *self.paused)


def added(so_far: list[Any], before: list[Any], after: list[Any]) -> list[Any]:
    """Add to each number what it has grown by; None where the system does not count."""
    return [
        None if None in numbers else numbers[0] + numbers[2] - numbers[1]
        for numbers in zip(so_far, before, after, strict=True)
    ]


def device_bytes() -> tuple[int | None, int | None]:
    """Bytes that this process has had read from a device and written to one so far, by Linux.

    What the page cache served is not among them; what was written counts when it is put into the
    cache to be written out. (psutil would read the same, but on other systems means other bytes.)
    """
    read, written = numbers_in("/proc/self/io", rb"read_bytes: ", rb"write_bytes: ")
    return read, written


def written_out() -> int | None:
    """Bytes that Linux has written out of the page cache so far, for all processes."""
    [pages] = numbers_in("/proc/vmstat", rb"nr_written ")
    return None if pages is None else pages * PAGE_BYTES


def cpu_seconds() -> tuple[float, float]:
    """CPU seconds of this process so far, of user and system.

    ``getrusage`` has microseconds; ``os.times``, where there is nothing else, hundredths.
    """
    try:
        import resource
    except ImportError:  # Windows
        times = os.times()
        return times.user, times.system
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime, usage.ru_stime


def is_enough(calls: int, seconds: float, least_calls: int = 1) -> bool:
    """Say whether so many calls that took so many seconds in all can be trusted as one block."""
    return calls >= least_calls and (seconds >= ENOUGH_SECONDS or calls >= MOST_CALLS)
