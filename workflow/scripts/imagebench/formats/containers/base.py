"""The contract that every container keeps.

A container keeps a sequence of blobs, which are encoded images of any length, and a label for each;
it never looks into a blob. To add one, put one file beside this one, with one class that fills in
``Container``, and name it in the config together with a codec: ``name+qoi``.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from pathlib import Path

from ..base import Blob, Described, Indices, Labels

TOGETHER_BYTES = 64 << 20
"""Blobs that are kept together, in bytes: so much is held in memory when they are written."""


class BlobReader(ABC):
    """A container that stays open for reading, by one process.

    Buffers that it hands out need only be good until the next call or the end of the iteration.
    """

    all_labels: Labels
    """Shape (n,), uint8; read on opening, unless ``__len__`` and ``labels`` do without."""

    def __len__(self) -> int:
        """How many blobs there are."""
        return len(self.all_labels)

    def labels(self) -> Labels:
        """All labels, shape (n,), uint8; asked for after ``all``, where both are needed."""
        return self.all_labels

    @abstractmethod
    def all(self) -> Iterator[Blob]:
        """Hand out all blobs in order, in the fastest way there is."""

    @abstractmethod
    def some(self, indices: Indices) -> tuple[Iterable[Blob], Labels]:
        """Hand out some blobs and their labels, in the order of the indices.

        Args:
            indices: shape (k,), int64, each from 0 to below the number of blobs, in any order.
        """

    @abstractmethod
    def close(self) -> None:
        """Let go of all files."""

    def __enter__(self) -> "BlobReader":
        """Use it in a with statement."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it at the end of a with statement."""
        self.close()


class Container(Described, ABC):
    """One way of keeping blobs on disk."""

    not_for_network: str | None = None
    """Why it should not be kept on a network file system, if it should not; one line."""

    largest_blob: float = math.inf
    """Bytes that a blob may have; none that is longer is ever handed over."""

    @abstractmethod
    def write(self, blobs: Iterable[bytes], labels: Labels, path: Path, ending: str) -> None:
        """Write all blobs and labels into the empty folder ``path``; return when all is closed.

        Args:
            blobs: as many as there are labels, at least one; they may be made while they are
                written, and can be gone through once.
            labels: shape (n,), uint8.
            path: an empty folder.
            ending: what the name of a file with one blob should end with, such as ``.png``.
        """

    @abstractmethod
    def open(self, path: Path) -> BlobReader:
        """Open what ``write`` wrote."""

    def most_space(self, count: int, blob_bytes: int) -> tuple[int, int]:
        """Bytes and files that so many blobs of at most so many bytes take at most.

        The last block of each file is allowed for by the caller.
        """
        return count * (blob_bytes + 64) + 2**20, 16


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
