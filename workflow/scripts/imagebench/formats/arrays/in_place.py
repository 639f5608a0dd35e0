"""The files where they are: nothing is moved, and nothing is written but their names."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from ... import elsewhere
from ...contract import Blob, BlobReader, Container, Indices, StoredLabels
from ...errors import BenchmarkError
from ...pieces import Facts, Piece
from ..blobs import Blobs, words_of_size
from ..codecs.original import Original
from ..containers.files import read_whole

LABELS = "labels.npy"


class InPlace(Blobs):
    """The folder as it is: what every other format is compared with by whoever could just stay.

    Storing notes where the files are, since a reader must know which there are and in which order.
    The files themselves are only ever opened for reading, and decoded as original files are.
    """

    label = "Files in place"
    good_for = "leaving everything as it is"
    libraries = ("pillow", "simplejpeg", "imagecodecs")
    requirements = "requirements-codecs"

    keeps_files = True
    appendable = True

    def __init__(self, size: int | None = None) -> None:
        super().__init__(Where(), Original(), size=size)
        self.label = InPlace.label + words_of_size(size, keeps_files=True)
        self.good_for = InPlace.good_for

    def store(self, pieces: Iterable[Piece], facts: Facts, path: Path) -> None:
        """Note the paths and the labels; no image is asked for."""
        if len(facts.paths) != facts.count:
            raise BenchmarkError("these images have no files that they could be left in")
        path.mkdir()
        elsewhere.write_names(path, list(facts.paths))
        np.save(path / LABELS, facts.labels.astype(facts.label_type))

    def most_space(self, count: int, image_bytes: int) -> tuple[int, int]:
        """A path each, however long."""
        return count * 4096 + 2**20, 16


class Where(Container):
    """Knows where the files are."""

    label = "Files in place"
    good_for = "leaving everything as it is"
    libraries = InPlace.libraries

    def write(self, blobs: Iterable[bytes], labels: StoredLabels, path: Path, ending: str) -> None:
        raise BenchmarkError("files that stay where they are cannot be written")

    def open(self, path: Path) -> "WhereReader":
        return WhereReader(path)


class WhereReader(BlobReader):
    """Opens a file whenever it is asked for one."""

    def __init__(self, path: Path) -> None:
        self.names = elsewhere.names_in(path)
        self.all_labels = np.load(path / LABELS)

    def all(self) -> Iterator[Blob]:
        return map(read_whole, self.names)

    def some(self, indices: Indices) -> tuple[Iterator[Blob], StoredLabels]:
        names = (self.names[index] for index in indices.tolist())
        return map(read_whole, names), self.all_labels[indices]

    def close(self) -> None:
        """Nothing is open."""
