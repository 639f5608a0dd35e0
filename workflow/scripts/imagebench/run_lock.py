"""Whether the run that locked a folder still lives.

Snakemake's own lock says that a run has begun, and stays behind when the run is killed. Beside it
each run holds a lock that the system takes back when the process ends, however it ends: who gets
that one knows that nobody lives who holds the other.
"""

import platform
from pathlib import Path

from filelock import FileLock, Timeout

from .files import published_file


def take(folder: Path) -> FileLock | None:
    """Hold the lock of a folder until this process ends.

    Args:
        folder: where the lock file is; it is made.

    Returns:
        The lock, or None if another process that lives holds it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / "run.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return None
    return lock


def was_taken_here(folder: Path) -> bool:
    """Whether the run before this one ran on this machine; on another one it may still live.

    File systems that several machines share do not all tell them of each other's locks.
    """
    try:
        return (folder / "run.host").read_text(encoding="utf-8") == platform.node()
    except OSError:
        return False


def note_host(folder: Path) -> None:
    """Write down that the run of this folder is on this machine."""
    with published_file(folder / "run.host") as partial:
        partial.write_text(platform.node(), encoding="utf-8")
