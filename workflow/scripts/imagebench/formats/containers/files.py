"""One file an image, and one of labels."""

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np

from ...contract import Blob, BlobReader, Container, Indices, StoredLabels

LABELS = "labels.npy"
FOLDER_FILES = 100_000
"""What file systems bear in a folder: of more images, so many at most are in one within a class."""

MOST_CLASSES = 1000
"""Folders that room is asked for; more of them are files of hardly any bytes."""


class Files(Container):
    """Loose files, a folder a class as loaders expect, read with the fewest calls of the system."""

    label = "Loose files"
    good_for = "opening single images with any tool, at the price of a file for each"
    libraries = ("numpy",)
    appendable = True
    largest_blob = 0x7FFFF000  # what Linux writes and reads in one call

    def write(self, blobs: Iterable[bytes], labels: StoredLabels, path: Path, ending: str) -> None:
        """Write ``007/000000.png`` and so on: a folder is named by the label, a file by number."""
        place = folders_of(path, len(labels))
        for first in range(0, len(labels), FOLDER_FILES):
            for label in np.unique(labels[first : first + FOLDER_FILES]).tolist():
                os.makedirs(place(first, label), exist_ok=True)
        for index, (blob, label) in enumerate(zip(blobs, labels.tolist(), strict=True)):
            with open(f"{place(index, label)}/{index:06}{ending}", "xb", buffering=0) as file:
                if file.write(blob) != len(blob):
                    raise OSError(f"{file.name} was not written whole")
        np.save(path / LABELS, labels)

    def open(self, path: Path) -> "FilesReader":
        """Read the labels, and see what the first file is called."""
        return FilesReader(path)

    def most_space(self, count: int, blob_bytes: int) -> tuple[int, int]:
        """A file an image, and its name."""
        folders = min(count, MOST_CLASSES * (1 + count // FOLDER_FILES))
        return count * (blob_bytes + 256) + 2**20, count + folders + 16


class FilesReader(BlobReader):
    """Opens a file whenever it is asked for one."""

    def __init__(self, path: Path) -> None:
        self.all_labels = np.load(path / LABELS)
        self.place = folders_of(path, len(self))
        self.ending = next(Path(self.place(0, self.all_labels[0])).glob("000000.*")).suffix

    def all(self) -> Iterator[Blob]:
        return map(self.blob, range(len(self)), self.all_labels.tolist())

    def some(self, indices: Indices) -> tuple[Iterator[Blob], StoredLabels]:
        labels = self.all_labels[indices]
        return map(self.blob, indices.tolist(), labels.tolist()), labels

    def blob(self, index: int, label: int) -> bytes:
        """Read one file."""
        return read_whole(f"{self.place(index, label)}/{index:06}{self.ending}")

    def close(self) -> None:
        """Nothing is open."""


def read_whole(name: str | bytes) -> bytes:
    """Read a file with the fewest calls of the system.

    Raises:
        EOFError: if it has become shorter meanwhile.
    """
    descriptor = os.open(name, os.O_RDONLY)
    try:
        size = os.fstat(descriptor).st_size
        blob = os.read(descriptor, size)
    finally:
        os.close(descriptor)
    if len(blob) != size:
        raise EOFError(f"{os.fsdecode(name)} could not be read whole")
    return blob


def folders_of(path: Path, count: int) -> Callable[[int, int], str]:
    """Make the function that names the folder of an image among so many, by number and label."""
    if count <= FOLDER_FILES:
        return lambda _, label: f"{path}/{label:03}"
    return lambda index, label: f"{path}/{label:03}/{index // FOLDER_FILES:03}"
