"""How much is held in memory, written or read together: pieces of a bounded number of bytes."""

from collections.abc import Iterable, Iterator

TOGETHER_BYTES = 64 << 20
"""Blobs that are kept together, in bytes: so much is held in memory when they are written."""


def as_many(image_bytes: int, most_bytes: int) -> int:
    """How many images of so many bytes come to no more than so many; at least one.

    What goes through memory together is counted in bytes, since images can be of any size.
    """
    return max(1, most_bytes // image_bytes)


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
