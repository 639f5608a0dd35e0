"""How a job fails: one line that names the cause, the path and the way out."""

import errno
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

WAYS_OUT = {
    errno.ENOSPC: "free space or inodes on that file system, then run again",
    errno.EDQUOT: "your quota is used up: free some of it, then run again",
    errno.EROFS: "the file system is read-only: run in a folder that can be written",
    errno.EACCES: "check who may write there, or run in a folder of your own",
    errno.EPERM: "check who may write there, or run in a folder of your own",
}


class BenchmarkError(Exception):
    """An expected failure; its text is one line with the cause, the path and the way out."""


def describe(error: BaseException) -> str:
    """Put an exception into one line, with the way out where it is known."""
    if isinstance(error, BenchmarkError):
        return " ".join(str(error).split())
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
