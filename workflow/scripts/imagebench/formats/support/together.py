"""How much is held in memory, written or read together: bounded in bytes."""

from collections.abc import Iterable, Iterator

TOGETHER_BYTES = 64 << 20
"""Blobs that are kept together, in bytes: so much is held in memory when they are written."""


def together(blobs: Iterable[bytes], most: int) -> Iterator[list[bytes]]:
    """Cut blobs into lists of so many, or of as few as come to ``TOGETHER_BYTES``; one at least."""
    some: list[bytes] = []
    size = 0
    for blob in blobs:
        size += len(blob)
        if len(some) == most or (size > TOGETHER_BYTES and some):
            yield some
            some, size = [], len(blob)
        some.append(blob)
    if some:
        yield some
