"""Timing one call, and repeating calls that are too short to be timed once."""

import gc
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from ..system_tables import numbers_in

Result = TypeVar("Result")

ENOUGH_SECONDS = 0.1
"""Calls are repeated until their times add up to this."""

MOST_CALLS = 50
"""However short a call is, it is not repeated more often than this."""


@dataclass(frozen=True)
class Timed(Generic[Result]):
    """What a call returned, and what it took.

    Wall seconds, CPU seconds of user and system, and the bytes that came from the device and went
    there, None where the system does not count them.
    """

    result: Result
    seconds: float
    cpu_user_seconds: float
    cpu_system_seconds: float
    bytes_read: int | None
    bytes_written: int | None

    def without_result(self) -> "Timed[None]":
        """Let go of what the call returned, and keep what it took."""
        return replace(self, result=None)  # type: ignore[return-value, arg-type]


def time_call(call: Callable[[], Result]) -> Timed[Result]:
    """Time one call with the monotonic clock of the highest resolution.

    Garbage collection is off meanwhile, as in the standard library's ``timeit``: it would charge
    the call for objects of others. What the call returns is alive until the clock has stopped, so
    that freeing it is not timed.
    """
    gc.collect()
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        device_before = device_bytes()
        cpu_before = cpu_seconds()
        start = time.perf_counter_ns()
        result = call()
        stop = time.perf_counter_ns()
        cpu_after = cpu_seconds()
        device_after = device_bytes()
    finally:
        if was_enabled:
            gc.enable()
    bytes_read, bytes_written = (
        None if after is None or before is None else after - before
        for after, before in zip(device_after, device_before, strict=True)
    )
    return Timed(
        result,
        seconds=(stop - start) / 1e9,
        cpu_user_seconds=cpu_after[0] - cpu_before[0],
        cpu_system_seconds=cpu_after[1] - cpu_before[1],
        bytes_read=bytes_read,
        bytes_written=bytes_written,
    )


def device_bytes() -> tuple[int | None, int | None]:
    """Bytes that this process has had read from a device and written to one so far, by Linux.

    What the page cache served is not among them; what was written counts when it is put into the
    cache to be written out. (psutil would read the same, but on other systems means other bytes.)
    """
    read, written = numbers_in("/proc/self/io", rb"read_bytes: ", rb"write_bytes: ")
    return read, written


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
