"""One timed job at a time on a machine, whoever started it."""

import os
import re
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

import psutil
from filelock import FileLock, Timeout

from ..errors import BenchmarkError
from ..states import UNKNOWN

SETTING = "IMAGEBENCH_LOCKS"
"""Environment variable that names another folder, where the usual one cannot be written."""

USUAL = "/tmp" if os.name == "posix" else tempfile.gettempdir()  # noqa: S108
FOLDER = Path(os.environ.get(SETTING) or USUAL)
"""The same for all users, whatever their own folder of temporary files is."""

RUN = "run"
"""Held for the whole of a run, so that not even another one's preparations disturb it."""

JOB = "job"
"""Held by each timed job: on a cluster, jobs of many runs may meet on one machine, and the job of a
run that was killed may still be under way."""

SECONDS_BETWEEN_WORDS = 60.0

Handler = Callable[[int, FrameType | None], object]
"""What Python calls for a signal."""


def lock_file(name: str) -> Path:
    """Name the file that stands for a lock."""
    return FOLDER / f"image-storage-bench.{name}.lock"


@contextmanager
def machine_lock(name: str) -> Iterator[None]:
    """Hold a lock that all users of this machine share, and say so while waiting for it.

    The system takes it back when the process that holds it ends, however it ends: no lock is left
    behind by a run that was killed.
    """
    lock = acquire(name)
    try:
        yield
    finally:
        lock.release()


LOCKS: dict[Path, FileLock] = {}
"""The locks of this process by their files. Each counts how often the process has taken it."""


def acquire(name: str) -> FileLock:
    """Wait for a lock; the process holds it until it has released it as often as taken it, or ends.

    Raises:
        BenchmarkError: if there can be no such lock on this machine, or another user keeps its file
            to themselves; without it, two runs could spoil each other's times.
    """
    # Every user must be able to open it, and the last to hold it must not take it away from others.
    path = lock_file(name)
    lock = LOCKS.setdefault(path, FileLock(path, mode=0o666, thread_local=False))
    try:
        try:
            lock.acquire(timeout=0)
        except Timeout:
            with ended_by_signals():
                wait_for(lock, path)
    except OSError as error:
        way_out = (
            f"{path.parent} must be a folder that all users can write: make it one, or set "
            f"{SETTING} to another for all of them"
        )
        if os.path.lexists(path):
            way_out = f"user {owner_of(path)} can remove it, to be made anew for all users"
        raise BenchmarkError(
            "cannot take the lock that keeps timed runs on this machine apart: "
            f"{error.strerror}: {path} ({way_out})"
        ) from error
    return lock


def wait_for(lock: FileLock, path: Path) -> None:
    """Take a lock that another process holds as soon as it is free, and name that process."""
    while not lock.is_locked:
        print(f"waiting: {holder(path)}", file=sys.stderr, flush=True)
        with suppress(Timeout):
            lock.acquire(timeout=SECONDS_BETWEEN_WORDS, poll_interval=0.1)


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """End this process at once on SIGTERM and Ctrl-C, after the handlers that are set.

    Those of Snakemake only note the signal, for when the next job has ended. A signal that is
    ignored stays so.
    """
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    noting = {number: handle for number, handle in before.items() if callable(handle)}
    if threading.current_thread() is not threading.main_thread():  # which cannot set handlers
        noting = {}
    try:
        for number, handle in noting.items():
            signal.signal(number, ending_after(handle))
        yield
    finally:
        for number, handle in noting.items():
            signal.signal(number, handle)


def ending_after(handle: Handler) -> Handler:
    """Return a handler of signals that calls another one and then ends the process."""

    def end(number: int, frame: FrameType | None) -> None:
        with suppress(KeyboardInterrupt):
            handle(number, frame)
        raise SystemExit(128 + number)

    return end


def holder(path: Path) -> str:
    """Say in one line who holds a lock, and what to do if they never let go of it."""
    found = holding_process(path)
    if found is None:
        return (
            f"another run is timing on this machine (lock {path}); this one goes on when that has "
            f"ended. If no run is under way, remove {path}"
        )
    return (
        f"process {found} of user {user_of(found)} is timing on this machine (lock {path}); this "
        f"run goes on when that has ended. If it hangs, end it: kill {found}"
    )


def holding_process(path: Path) -> int | None:
    """Find the process that holds a lock on a file, in Linux's own list of locks.

    Of processes outside of this container, which have no number here, the list says 0 or less.
    """
    try:
        status = path.stat()
        locks = Path("/proc/locks").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    device = f"{os.major(status.st_dev):02x}:{os.minor(status.st_dev):02x}:{status.st_ino}"
    found = re.search(rf"^\d+: FLOCK +\w+ +\w+ +([1-9]\d*) {device} ", locks, re.MULTILINE)
    return int(found[1]) if found else None


def user_of(process: int) -> str:
    """Name the user of a process, by number where there is no name."""
    try:
        return str(psutil.Process(process).username())
    except psutil.Error:  # it has ended, or is hidden from us
        return UNKNOWN


def owner_of(path: Path) -> str:
    """Name the user whom a file, or a link itself, belongs to, by number where there is no name."""
    number = path.lstat().st_uid
    try:
        import pwd

        return pwd.getpwuid(number).pw_name
    except (ImportError, KeyError):
        return str(number)
