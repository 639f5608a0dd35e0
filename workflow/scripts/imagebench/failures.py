"""How a job fails: one line that names the cause, the path and the way out."""

import ctypes
import errno
import os
import signal
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import NoReturn

WAYS_OUT = {
    errno.ENOSPC: "free space or inodes on that file system, then run again",
    errno.EDQUOT: "your quota is used up: free some of it, then run again",
    errno.EROFS: "the file system is read-only: run in a folder that can be written",
    errno.EACCES: "check who may write there, or run in a folder of your own",
    errno.EPERM: "check who may write there, or run in a folder of your own",
}

PR_SET_PDEATHSIG = 1
"""From <linux/prctl.h>."""


class BenchmarkError(Exception):
    """An expected failure; its text is one line with the cause, the path and the way out."""


def describe(error: BaseException) -> str:
    """Put an exception into one line, with the way out where it is known."""
    if isinstance(error, BenchmarkError):
        return " ".join(str(error).split())
    if isinstance(error, OSError) and "unable to lock file" in str(error):
        return (
            f"{' '.join(str(error).split())}: its file system does not lock files for HDF5; set "
            "HDF5_USE_FILE_LOCKING=FALSE in the environment, then run again"
        )
    if isinstance(error, OSError) and error.errno is not None:
        place = f": {error.filename}" if error.filename else ""
        way_out = f" ({WAYS_OUT[error.errno]})" if error.errno in WAYS_OUT else ""
        return f"{error.strerror}{place}{way_out}"
    if isinstance(error, MemoryError):
        return "out of memory: leave out the largest cutoff, or use a machine with more memory"
    return " ".join(f"{type(error).__name__}: {error}".split())


@contextmanager
def in_one_line(log_file: str | Path) -> Iterator[None]:
    """End the process with exit code 1 and one line on standard error when the body fails.

    The log gets the same line, and for an unforeseen failure the traceback before it.

    Raises:
        SystemExit: with code 1, in place of any exception of the body.
    """
    try:
        yield
    except Exception as error:
        line = f"error: {describe(error)}"
        log = Path(log_file)
        log.parent.mkdir(parents=True, exist_ok=True)
        expected = isinstance(error, BenchmarkError | OSError | MemoryError)
        log.write_text(("" if expected else traceback.format_exc()) + line + "\n", encoding="utf-8")
        if not expected:
            line += f" (unforeseen; the traceback is in {log})"
        print(line, file=sys.stderr)
        raise SystemExit(1) from error


def supervised(call: Callable[[], None], log_file: str | Path, what: str) -> None:
    """Make a call in a process of its own, so that not even its sudden death goes without a word.

    A library that maps a damaged file can be ended by the system (SIGBUS, SIGSEGV), and a process
    that needs more memory than there is, too (SIGKILL). Neither can be caught where it happens.

    Args:
        call: what to do; it fails as within ``in_one_line``.
        log_file: takes the line that says why it failed.
        what: names what the call deals with, such as a store, for that line.

    Raises:
        SystemExit: with code 1 if the call failed or its process died.
    """
    if not hasattr(os, "fork"):  # Windows
        with in_one_line(log_file):
            call()
        return
    code = forked(lambda: in_one_line(log_file), call)
    if code < 0:
        with in_one_line(log_file):
            raise_for(-code, what)
    if code:
        raise SystemExit(1)


def in_child(call: Callable[[], None], place: Path) -> None:
    """Make a call in a process of its own, where processes can be forked, and wait for its end.

    Args:
        call: what to do.
        place: names what it deals with, should its process die.

    Raises:
        BenchmarkError: if the call failed or its process died.
    """
    if not hasattr(os, "fork"):  # Windows
        call()
        return
    reader, writer = os.pipe()
    code = forked(lambda: into_pipe(writer), call)
    os.close(writer)
    with open(reader, encoding="utf-8") as pipe:
        said = pipe.read()
    if code < 0:
        raise_for(-code, str(place))
    if code:
        raise BenchmarkError(said or f"what should have made {place} ended with {code}")


@contextmanager
def into_pipe(writer: int) -> Iterator[None]:
    """End the process with exit code 1, and a line in a pipe, when the body fails.

    Raises:
        SystemExit: with code 1, in place of any exception of the body.
    """
    try:
        yield
    except Exception as error:
        os.write(writer, describe(error).encode("utf-8")[:4096])  # what a pipe takes at once
        raise SystemExit(1) from error


def forked(guard: Callable[[], AbstractContextManager[None]], call: Callable[[], None]) -> int:
    """Make a call in a forked process, within a guard that ends it where the call fails.

    Returns:
        Its exit code; a negative one is the signal that it died of.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    parent = os.getpid()
    with warnings.catch_warnings():
        # Numerical libraries have started threads, and know how to be forked; of others, nothing
        # that was used before is used in the new process.
        warnings.simplefilter("ignore")
        child = os.fork()
    if child == 0:
        end_with(parent)
        code = 1
        try:
            with guard():
                call()
            code = 0
        except SystemExit:
            pass
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def end_with(parent: int) -> None:
    """Let this process end when its parent does, so that none is left over; on Linux alone."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)


def raise_for(number: int, what: str) -> NoReturn:
    """Say why a process died of a signal.

    Raises:
        BenchmarkError: always.
    """
    name = signal.Signals(number).name
    if number == signal.SIGKILL:
        raise BenchmarkError(
            f"the process that dealt with {what} was killed ({name}), most likely because memory "
            "ran out: leave out the largest cutoff, or use a machine with more memory"
        )
    raise BenchmarkError(
        f"the process that dealt with {what} died of {name}: where it was read, it was damaged "
        "after it was written: delete it and run again"
    )
