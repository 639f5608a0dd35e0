"""Jobs, and processes of theirs: how they end in one line, whatever ends them."""

import ctypes
import os
import signal
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import NoReturn

from .deaths import raise_for, signal_name
from .errors import BenchmarkError, describe, may_be_damage
from .memory_limits import kills_for_memory, offer_to_be_killed

ENDINGS = {
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
}
"""Signals by which somebody, or a batch system, ends a process on purpose."""

PR_SET_PDEATHSIG = 1
"""From <linux/prctl.h>."""


class Interrupted(SystemExit):
    """Somebody ended this process on purpose; its code is 128 and the signal, as shells have it."""

    code: int


@contextmanager
def in_one_line(log_file: str | Path) -> Iterator[None]:
    """End the process with exit code 1 and one line on standard error when the body fails.

    The log gets the same line, and for an unforeseen failure the traceback before it.

    Raises:
        SystemExit: with code 1, in place of any exception of the body.
        Interrupted: if somebody ends the process on purpose.
    """
    log = Path(log_file)
    try:
        with interruptible():
            yield
    except Interrupted as interrupt:
        line = f"interrupted ({signal_name(interrupt.code - 128)})"
        tell(line, line, log)
        raise
    except Exception as error:
        line = f"error: {describe(error)}"
        if isinstance(error, BenchmarkError | OSError) or not may_be_damage(error):
            tell(line, line, log)
        else:
            traced = traceback.format_exc() + line
            tell(f"{line} (unforeseen; the traceback is in {log})", traced, log)
        raise SystemExit(1) from error


def tell(line: str, more: str, log: Path) -> None:
    """Write a line on standard error, and a text, with a path that may be any bytes, as the log."""
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text(more + "\n", encoding="utf-8", errors="backslashreplace")
    print(line, file=sys.stderr)


@contextmanager
def interruptible() -> Iterator[None]:
    """Let a signal that ends this process end the body first, which so removes what is half done.

    Only the first counts, since what it sets going must not be broken off by another one. A signal
    that is ignored, as SIGHUP is by what nohup starts, stays so.

    Raises:
        Interrupted: in the body, wherever it is.
    """

    def interrupt(number: int, frame: FrameType | None) -> NoReturn:
        for each in before:
            signal.signal(each, signal.SIG_IGN)
        raise Interrupted(128 + number)

    heeded = [number for number in ENDINGS if signal.getsignal(number) != signal.SIG_IGN]
    before = {number: signal.getsignal(number) for number in heeded}
    for number in before:
        signal.signal(number, interrupt)
    try:
        yield
    finally:
        for number, handler in before.items():
            if signal.getsignal(number) is interrupt:
                signal.signal(number, handler)


@contextmanager
def held_back() -> Iterator[None]:
    """Keep signals that end this process back until the body is done.

    A process that is started within never gets them, unless it asks to: it ends with this one.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDINGS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def supervised(
    call: Callable[[], None],
    log_file: str | Path,
    what: str,
    watch: Callable[[int], None] = lambda _: None,
) -> None:
    """Make a call in a process of its own, so that not even its sudden death goes without a word.

    A library that maps a damaged file can be ended by the system (SIGBUS, SIGSEGV), and a process
    that needs more memory than there is, too (SIGKILL). Neither can be caught where it happens.

    Args:
        call: what to do; it fails as within ``in_one_line``.
        log_file: takes the line that says why it failed.
        what: names what the call deals with, such as a store, for that line.
        watch: is given the number of the process, and returns when that has ended or earlier.

    Raises:
        SystemExit: with code 1 if the call failed or its process died.
        Interrupted: if somebody ends either process on purpose.
    """
    if not hasattr(os, "fork"):  # Windows
        with in_one_line(log_file):
            call()
        return
    kills = kills_for_memory()
    with interruptible():
        code = forked(lambda: in_one_line_of_its_own(log_file), call, watch)
    if code < 0:
        with in_one_line(log_file):
            raise_for(-code, what, kills)
    if code:
        raise SystemExit(1)


@contextmanager
def in_one_line_of_its_own(log_file: str | Path) -> Iterator[None]:
    """As ``in_one_line``; what libraries print by themselves goes into the log.

    Some warn of each file, such as libpng of a profile that is out of place, past Python and onto
    the screen.
    """
    log = Path(log_file)
    log.parent.mkdir(parents=True, exist_ok=True)
    screen = os.dup(2)
    log.unlink(missing_ok=True)
    with open(log, "ab") as file:  # whatever else is written into it meanwhile
        os.dup2(file.fileno(), 2)
    with open(screen, "w", buffering=1, encoding="utf-8", errors="backslashreplace") as stream:
        before, sys.stderr = sys.stderr, stream
        try:
            with in_one_line(log):
                yield
        finally:
            os.dup2(screen, 2)
            sys.stderr = before
            if not log.stat().st_size:
                log.unlink()


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
    kills = kills_for_memory()
    reader, writer = os.pipe()
    code = forked(lambda: into_pipe(writer), call)
    os.close(writer)
    with open(reader, encoding="utf-8", errors="replace") as pipe:
        said = pipe.read()
    if code < 0:
        raise_for(-code, str(place), kills)
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


def forked(
    guard: Callable[[], AbstractContextManager[None]],
    call: Callable[[], None],
    watch: Callable[[int], None] = lambda _: None,
) -> int:
    """Make a call in a forked process, within a guard that ends it where the call fails.

    Meanwhile, watch that process.

    Returns:
        Its exit code; a negative one is the signal that it died of.

    Raises:
        Interrupted: if somebody ends this process, which ends the other one too, or only that.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    parent, child = os.getpid(), 0
    try:
        with warnings.catch_warnings(), held_back():
            # Numerical libraries have started threads, and know how to be forked; of others,
            # nothing that was used before is used in the new process.
            warnings.simplefilter("ignore")
            child = os.fork()
            if child == 0:
                end_with(parent)
                offer_to_be_killed()
                call_and_exit(guard, call)
        watch(child)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    except Interrupted as interrupt:
        if child:
            with suppress(ProcessLookupError, ChildProcessError):  # it has ended already
                os.kill(child, interrupt.code - 128)
                os.waitpid(child, 0)
        raise
    if code > 128:
        raise Interrupted(code)
    return code


def call_and_exit(
    guard: Callable[[], AbstractContextManager[None]], call: Callable[[], None]
) -> NoReturn:
    """Make a call within a guard, and end this process."""
    code = 1
    try:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDINGS)
        with guard():
            call()
        code = 0
    except Interrupted as interrupt:
        code = interrupt.code
    except SystemExit:
        pass
    finally:
        signal.pthread_sigmask(signal.SIG_BLOCK, ENDINGS)
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def end_with(parent: int) -> None:
    """Let this process end when its parent does, so that none is left over; on Linux alone."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)
