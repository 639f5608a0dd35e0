"""What is known of a process that died of a signal, and the way out."""

import signal
from contextlib import suppress
from typing import NoReturn

from .errors import BenchmarkError
from .memory_limits import kills_for_memory

CAUSES = {
    "SIGBUS": (
        "a file that it had mapped was shorter than expected, or could not be filled since its "
        "file system or the shared memory was full: where df shows one that is full, make room "
        "there and run again; else {what} was damaged: delete it and run again"
    ),
    "SIGXCPU": "the limit of processor time was reached: raise it (ulimit -t), then run again",
    "SIGXFSZ": "the limit of the size of files was reached: raise it (ulimit -f), then run again",
}
CAUSES |= dict.fromkeys(
    ("SIGSEGV", "SIGABRT", "SIGILL", "SIGFPE"),
    "a library that it used has crashed: delete {what}, in case it was damaged, and run again; if "
    "that ends alike, leave out this format",
)
"""What is known of a process that died of a signal, and the way out."""


def signal_name(number: int) -> str:
    """Name a signal; those of real-time signals have numbers alone."""
    with suppress(ValueError):
        return signal.Signals(number).name
    return f"signal {number}"


def raise_for(number: int, what: str, kills_before: tuple[int | None, ...]) -> NoReturn:
    """Say what is known of a process that died of a signal.

    Args:
        number: of the signal.
        what: what the process dealt with, such as a store.
        kills_before: what ``kills_for_memory`` counted when it was started.

    Raises:
        BenchmarkError: always.
    """
    name = signal_name(number)
    if name == "SIGKILL" and kills_for_memory() != kills_before:
        cause = (
            "memory ran out, and the system killed what took most: lower piece_bytes or leave out "
            "the largest cutoff, raise the limit of the control group or of the batch system "
            "(--mem), or use a machine with more memory"
        )
    else:
        cause = CAUSES.get(
            name,
            "somebody ended it, or a batch system whose limits of time or memory it reached: raise "
            "those if there are any, then run again",
        )
    raise BenchmarkError(
        f"the process that dealt with {what} died of {name}: {cause.format(what=what)}"
    )
