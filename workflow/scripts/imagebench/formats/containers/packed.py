"""All blobs end to end in one file, and where each begins in another: the plainest container."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from ...contract import Container, StoredLabels
from ..support.mapped import MappedReader

BLOBS, ENDS, LABELS = "blobs.bin", "ends.npy", "labels.npy"
BUFFER = 1 << 20
"""Bytes that are written at a time."""


class Packed(Container):
    """What is left of a container when it can do nothing but find a blob by its number."""

    label = "Packed file"
    good_for = "fast reads in any order, in three files and with nothing but NumPy"
    warning = "no other program reads it: keep the lines that the page shows for it"
    libraries = ("numpy",)

    def write(self, blobs: Iterable[bytes], labels: StoredLabels, path: Path, ending: str) -> None:
        ends = np.empty(len(labels), dtype=np.int64)
        position = 0
        with open(path / BLOBS, "wb", buffering=BUFFER) as file:
            for index, blob in enumerate(blobs):
                file.write(blob)
                position += len(blob)
                ends[index] = position
        np.save(path / ENDS, ends)
        np.save(path / LABELS, labels)

    def open(self, path: Path) -> MappedReader:
        ends = np.load(path / ENDS)
        lengths = np.diff(ends, prepend=0)
        return MappedReader(path / BLOBS, ends - lengths, lengths, np.load(path / LABELS))
