"""An expected failure in one line: its cause, the path and the way out."""

import errno
import os

LESS_MEMORY = (
    "leave out the largest cutoff, lower image_count or access_images, or use a machine with more "
    "memory"
)
WRITABLE = "check who may write there, or run in a folder of your own"
IN_THE_WAY = "something else is in the way: move it away, then run again"
LOST = "the file system does not answer: mount it again or use another one, then run again"

WAYS_OUT = {
    errno.ENOSPC: "free space or inodes on that file system, then run again",
    errno.EDQUOT: "your quota is used up: free some of it, then run again",
    errno.EROFS: "the file system is read-only: run in a folder that can be written",
    errno.EACCES: WRITABLE,
    errno.EPERM: WRITABLE,
    errno.EFBIG: "files may not be as large here: raise the limit (ulimit -f unlimited), or use "
    "another file system",
    errno.EMFILE: "raise the limit to open files (ulimit -n), then run again",
    errno.ENFILE: "the whole machine has too many files open: end other programs, then run again",
    errno.EAGAIN: "often a limit to processes: raise it (ulimit -u), or end other programs",
    errno.ENOMEM: LESS_MEMORY,
    errno.EIO: "the disk fails: look into the system's log, or use another file system",
    errno.ESTALE: LOST,
    errno.ENOTCONN: LOST,
    errno.ETIMEDOUT: LOST,
    errno.ENAMETOOLONG: "run in a folder whose path is shorter",
    errno.ENOTDIR: IN_THE_WAY,
    errno.EISDIR: IN_THE_WAY,
    errno.EEXIST: IN_THE_WAY,
    errno.ENOTEMPTY: IN_THE_WAY,
    errno.ELOOP: "links lead in a circle: remove them, then run again",
}
"""What to do about errors of the system."""

OF_THE_MACHINE = tuple(number for number, way_out in WAYS_OUT.items() if way_out != IN_THE_WAY)
"""Of these, those that come of the machine, whatever was written or read."""


class BenchmarkError(Exception):
    """An expected failure; its text is one line with the cause, the path and the way out."""


def trouble_of_machine(error: BaseException) -> int | None:
    """Give the number of the system's error that an exception tells of, if it is of the machine.

    Libraries pass on the system's words, or its number, in exceptions of many kinds.
    """
    for number in OF_THE_MACHINE:
        if getattr(error, "errno", None) == number or os.strerror(number) in str(error):
            return number
    return None


def may_be_damage(error: BaseException) -> bool:
    """Say whether an error while reading may come from what was read, and not from the machine."""
    return not isinstance(error, MemoryError) and trouble_of_machine(error) is None


def describe(error: BaseException) -> str:
    """Put an exception into one line, with the way out where it is known.

    What is not UTF-8 in a path is escaped, so that the line can be written anywhere.
    """
    line = " ".join(in_words(error).split())
    return line.encode("utf-8", "backslashreplace").decode("utf-8")


def in_words(error: BaseException) -> str:
    """Say what an exception tells, and the way out."""
    if isinstance(error, BenchmarkError):
        return str(error)
    if isinstance(error, OSError) and "unable to lock file" in str(error):
        return (
            f"{error}: its file system does not lock files for HDF5; set "
            "HDF5_USE_FILE_LOCKING=FALSE in the environment, then run again"
        )
    if isinstance(error, MemoryError):
        return f"out of memory: {LESS_MEMORY}"
    trouble = getattr(error, "errno", None) or trouble_of_machine(error)
    way_out = f" ({WAYS_OUT[trouble]})" if trouble in WAYS_OUT else ""
    if isinstance(error, OSError) and error.errno is not None:
        # A copy that fails names both of its files, either of which may be to blame.
        names = dict.fromkeys(name for name in (error.filename, error.filename2) if name)
        place = f": {' or '.join(map(str, names))}" if names else ""
        return f"{error.strerror}{place}{way_out}"
    return f"{type(error).__name__}: {error}{way_out}"
