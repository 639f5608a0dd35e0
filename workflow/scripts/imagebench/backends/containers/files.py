"""One file an image, and one of labels."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from ..base import Blob, Indices, Labels
from .base import BlobReader, Container

LABELS = "labels.npy"
FILES_A_FOLDER = 1000
"""Some file systems become slow, and listing tools unusable, with all files in one folder."""


class Files(Container):
    """Loose files, a thousand a folder, read with the fewest calls of the system."""

    label = "Loose files"
    good_for = "opening single images with any tool, at the price of a file for each"
    libraries = ("numpy",)

    def write(self, blobs: Iterable[bytes], labels: Labels, path: Path, ending: str) -> None:
        """Write ``000/000000.png`` and so on."""
        for index, blob in enumerate(blobs):
            folder = path / f"{index // FILES_A_FOLDER:03}"
            if not index % FILES_A_FOLDER:
                folder.mkdir()
            with open(f"{folder}/{index:06}{ending}", "xb", buffering=0) as file:
                if file.write(blob) != len(blob):
                    raise OSError(f"{file.name} was not written whole")
        np.save(path / LABELS, labels)

    def open(self, path: Path) -> "FilesReader":
        """Read the labels, and see what the first file is called."""
        return FilesReader(path)

    def most_space(self, count: int, blob_bytes: int) -> tuple[int, int]:
        """A file an image, and its name."""
        return count * (blob_bytes + 256) + 2**20, count + count // FILES_A_FOLDER + 16


class FilesReader(BlobReader):
    """Opens a file whenever it is asked for one."""

    def __init__(self, path: Path) -> None:
        """Read all labels."""
        self.path = str(path)
        self.all_labels = np.load(path / LABELS)
        self.ending = next(Path(path, "000").glob("000000.*")).suffix

    def all(self) -> Iterator[Blob]:
        """Read file after file."""
        return map(self.blob, range(len(self)))

    def some(self, indices: Indices) -> tuple[Iterator[Blob], Labels]:
        """Read some files."""
        return map(self.blob, indices.tolist()), self.all_labels[indices]

    def blob(self, index: int) -> bytes:
        """Read one file."""
        name = f"{self.path}/{index // FILES_A_FOLDER:03}/{index:06}{self.ending}"
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
