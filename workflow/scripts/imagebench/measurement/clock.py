"""Timing one call, and repeating calls that are too short to be timed once."""

import gc
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

Result = TypeVar("Result")

ENOUGH_SECONDS = 0.1
"""Calls are repeated until their times add up to this."""

MOST_CALLS = 50
"""However short a call is, it is not repeated more often than this."""


@dataclass(frozen=True)
class Timed(Generic[Result]):
    """What a call returned, and what it took: wall seconds, CPU seconds of user and system."""

    result: Result
    seconds: float
    cpu_user_seconds: float
    cpu_system_seconds: float


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
        cpu_before = cpu_seconds()
        start = time.perf_counter_ns()
        result = call()
        stop = time.perf_counter_ns()
        cpu_after = cpu_seconds()
    finally:
        if was_enabled:
            gc.enable()
    return Timed(
        result,
        seconds=(stop - start) / 1e9,
        cpu_user_seconds=cpu_after[0] - cpu_before[0],
        cpu_system_seconds=cpu_after[1] - cpu_before[1],
    )


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
