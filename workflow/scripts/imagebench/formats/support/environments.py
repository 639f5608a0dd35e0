"""LMDB environments that are written, by all that do it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import lmdb

from ...errors import BenchmarkError
from ...sizes import readable_bytes

SMALLEST_MAP = 64 * 1024
"""Bytes; LMDB's own bookkeeping takes a few pages, more than ten times a tiny image."""


@contextmanager
def to_write(path: Path, map_size: int, **options: bool) -> Iterator[lmdb.Environment]:
    """Open an environment for the time of a with statement.

    A map takes addresses, which batch systems limit: where there are too few, it is half as large,
    or a quarter, and so on.

    Args:
        path: its folder.
        map_size: bytes that it may grow to.
        options: of ``lmdb.open``.

    Raises:
        BenchmarkError: if there are not enough addresses for what is put into it.
    """
    size = map_size
    while True:
        try:
            environment = lmdb.open(str(path), map_size=size, **options)
            break
        except lmdb.MemoryError as error:
            if size <= SMALLEST_MAP:
                raise without_addresses(path, size) from error
            size //= 2
    try:
        yield environment
    except (lmdb.MapFullError, lmdb.MemoryError) as error:
        raise without_addresses(path, size) from error
    finally:
        environment.close()


def without_addresses(path: Path, size: int) -> BenchmarkError:
    """Say that a map is too small, and how it can be larger."""
    return BenchmarkError(
        f"the LMDB environment {path} needs a map of more than the {readable_bytes(size)} of "
        "addresses that this process has left: raise their limit (ulimit -v), or leave out the "
        "largest cutoff"
    )
