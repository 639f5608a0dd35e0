"""One file an image, and one of labels."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from ...contract import Blob, BlobReader, Container, Indices, Labels

LABELS = "labels.npy"
CLASSES = 256


class Files(Container):
    """Loose files, a folder a class as loaders expect, read with the fewest calls of the system."""

    label = "Loose files"
    good_for = "opening single images with any tool, at the price of a file for each"
    libraries = ("numpy",)
    largest_blob = 0x7FFFF000  # what Linux writes and reads in one call

    def write(self, blobs: Iterable[bytes], labels: Labels, path: Path, ending: str) -> None:
        """Write ``007/000000.png`` and so on: a folder is named by the label, a file by number."""
        folders = [path / f"{label:03}" for label in range(CLASSES)]
        for label in np.unique(labels).tolist():
            folders[label].mkdir()
        for index, (blob, label) in enumerate(zip(blobs, labels.tolist(), strict=True)):
            folder = folders[label]
            with open(f"{folder}/{index:06}{ending}", "xb", buffering=0) as file:
                if file.write(blob) != len(blob):
                    raise OSError(f"{file.name} was not written whole")
        np.save(path / LABELS, labels)

    def open(self, path: Path) -> "FilesReader":
        """Read the labels, and see what the first file is called."""
        return FilesReader(path)

    def most_space(self, count: int, blob_bytes: int) -> tuple[int, int]:
        """A file an image, and its name."""
        return count * (blob_bytes + 256) + 2**20, count + min(count, CLASSES) + 16


class FilesReader(BlobReader):
    """Opens a file whenever it is asked for one."""

    def __init__(self, path: Path) -> None:
        self.path = str(path)
        self.all_labels = np.load(path / LABELS)
        self.ending = next((path / f"{self.all_labels[0]:03}").glob("000000.*")).suffix

    def all(self) -> Iterator[Blob]:
        return map(self.blob, range(len(self)), self.all_labels.tolist())

    def some(self, indices: Indices) -> tuple[Iterator[Blob], Labels]:
        labels = self.all_labels[indices]
        return map(self.blob, indices.tolist(), labels.tolist()), labels

    def blob(self, index: int, label: int) -> bytes:
        """Read one file."""
        name = f"{self.path}/{label:03}/{index:06}{self.ending}"
        descriptor = os.open(name, os.O_RDONLY)
        try:
            size = os.fstat(descriptor).st_size
            blob = os.read(descriptor, size)
        finally:
            os.close(descriptor)
        if len(blob) != size:
            raise EOFError(f"{name} could not be read whole")
        return blob

    def close(self) -> None:
        """Nothing is open."""
