"""One tar file, and where each member's bytes begin beside it."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from ...contract import Container, StoredLabels
from ..support import ustar
from ..support.mapped import MappedReader

BLOBS, PLACES, LABELS = "images.tar", "places.npy", "labels.npy"
BUFFER = 1 << 20
"""Bytes that are written at a time."""


class Tar(Container):
    """Members ``000000.png`` and so on; an index of their places saves reading all headers."""

    label = "Tar with index"
    good_for = "one file that every system unpacks, and random access through its index"
    libraries = ("numpy",)
    appendable = True
    largest_blob = ustar.LARGEST

    def write(self, blobs: Iterable[bytes], labels: StoredLabels, path: Path, ending: str) -> None:
        places = np.empty((2, len(labels)), dtype=np.int64)
        position = 0
        with open(path / BLOBS, "wb", buffering=BUFFER) as file:
            for index, blob in enumerate(blobs):
                size = len(blob)
                file.write(ustar.header(f"{index:06}{ending}".encode("ascii"), size))
                file.write(blob)
                file.write(ustar.padding(size))
                places[:, index] = position + ustar.BLOCK, size
                position += ustar.BLOCK + size + -size % ustar.BLOCK
            ustar.end(file)
        np.save(path / PLACES, places)
        np.save(path / LABELS, labels)

    def open(self, path: Path) -> MappedReader:
        starts, lengths = np.load(path / PLACES)
        return MappedReader(path / BLOBS, starts, lengths, np.load(path / LABELS))

    def most_space(self, count: int, blob_bytes: int) -> tuple[int, int]:
        """A header and an unfilled block for each."""
        return count * (blob_bytes + 2 * ustar.BLOCK + 32) + 2**20, 16
