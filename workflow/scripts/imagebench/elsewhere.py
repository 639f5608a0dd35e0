"""Stores that only name files which lie elsewhere: a folder of images that is read where it is."""

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from .errors import BenchmarkError

NAMES, TIMES = "elsewhere.bin", "elsewhere.npy"
"""The paths of these files, with a zero byte between them; their sizes in bytes and when they were
changed, in nanoseconds: shape (n, 2), int64."""


def write_names(store: Path, paths: list[bytes]) -> None:
    """Name files that a store consists of, and note their sizes and times."""
    found = ((status.st_size, status.st_mtime_ns) for status in map(os.stat, paths))
    np.save(store / TIMES, np.array(list(found), dtype=np.int64))
    (store / NAMES).write_bytes(b"\0".join(paths))


def names_in(store: Path) -> list[bytes]:
    """Give the files that a store names; none for all that have their own."""
    try:
        return (store / NAMES).read_bytes().split(b"\0")
    except OSError:
        return []


def files_of(store: Path) -> Iterator[str | bytes]:
    """Go through the files of a store: all below its folder, and those that it names."""
    for folder, _, names in os.walk(store):
        yield from (os.path.join(folder, name) for name in names)
        if NAMES in names:
            yield from names_in(Path(folder))


def require_same(store: Path) -> None:
    """Raise if a file that a store names is not as it was when it was named.

    Raises:
        BenchmarkError: naming the file.
    """
    names = names_in(store)
    if not names:
        return
    for name, (size, changed) in zip(names, np.load(store / TIMES).tolist(), strict=True):
        require_as_it_was(name, size, changed)


def require_as_it_was(path: bytes, size: int, changed: int) -> None:
    """Raise unless a file has the size and the time that it had.

    Raises:
        BenchmarkError: naming it.
    """
    try:
        status = os.stat(path)
    except OSError as error:
        raise BenchmarkError(
            f"the image {os.fsdecode(path)} cannot be read any more ({error.strerror}): a run "
            "needs a folder that stays as it is; run again"
        ) from error
    if (status.st_size, status.st_mtime_ns) != (size, changed):
        raise BenchmarkError(
            f"the image {os.fsdecode(path)} was changed while it was measured: a run needs a "
            "folder that stays as it is; run again"
        )


def named(store: Path, number: int) -> str:
    """Name an image of a store in a message: by its file, if it has one of its own elsewhere."""
    names = names_in(store)
    return f"image {number:,}{f' ({os.fsdecode(names[number])})' if names else ''}"
