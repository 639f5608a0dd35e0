"""One PNG file an image, and a text file of labels, as the tutorial stores them."""

import csv
import math
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from ...contract import Backend, Indices, Reader
from ...pieces import Facts, Piece, as_many, numbered, spans
from ...pieces import Image as Pixels
from ..support.checks import require_indices, storable, storable_one
from ..support.lists import in_lists, joined

FOLDER_FILES = 100_000
"""What the tutorial has in a folder, and file systems bear; of more images, so many are in each."""


class Disk(Backend):
    """PNG files written and read by Pillow at its default settings, one after the other.

    A baseline: kept as the tutorial has it, and never tuned.
    """

    label = "PNG files"
    good_for = "looking at single images with any tool, at the price of a file for each"
    libraries = ("pillow",)
    appendable = True
    modes = ("L", "LA", "RGB", "RGBA", "L;16")
    largest_pixels = 2 * (Image.MAX_IMAGE_PIXELS or math.inf)  # Pillow opens nothing larger

    def most_space(self, count: int, image_bytes: int) -> tuple[int, int]:
        """A file an image: not even noise becomes much larger as PNG, and each name takes room."""
        return count * (image_bytes + image_bytes // 100 + 256), count + 16

    def store(self, pieces: Iterable[Piece], facts: Facts, path: Path) -> None:
        """Write ``0.png``, ``1.png``, ... and ``labels.csv``; many in folders ``0``, ``1``, ..."""
        pieces = storable(self, pieces, facts)
        path.mkdir()
        for first in range(0, facts.count, FOLDER_FILES):
            place_of(path, first, facts.count).parent.mkdir(exist_ok=True)
        for span, piece in numbered(pieces):
            for index, image in enumerate(piece.images, span.start):
                Image.fromarray(image).save(place_of(path, index, facts.count))
        write_labels(path / "labels.csv", facts.labels.tolist())

    def read(self, path: Path) -> Iterator[Piece]:
        labels = np.array(read_labels(path / "labels.csv"), dtype=np.int64)
        if not self.alike:
            places = (place_of(path, index, len(labels)) for index in range(len(labels)))
            several = (np.array(Image.open(place)) for place in places)
            yield from in_lists(several, labels, self.piece_bytes)
            return
        first = np.array(Image.open(place_of(path, 0, len(labels))))
        for span in spans(len(labels), as_many(first.nbytes, self.piece_bytes)):
            places = (place_of(path, index, len(labels)) for index in range(span.start, span.stop))
            images = [np.array(Image.open(place)) for place in places]
            yield Piece(np.array(images), labels[span])

    def open(self, path: Path) -> "DiskReader":
        return DiskReader(path, alike=self.alike)

    def store_one(self, image: Any, label: int, path: Path) -> None:
        """Write ``0.png`` and ``0.csv``."""
        storable_one(self, image, label)
        path.mkdir()
        Image.fromarray(image).save(path / "0.png")
        write_labels(path / "0.csv", [label])

    def read_one(self, path: Path) -> tuple[Pixels, int]:
        return np.array(Image.open(path / "0.png")), read_labels(path / "0.csv")[0]


class DiskReader(Reader):
    """Decodes a file whenever it is asked for one."""

    def __init__(self, path: Path, *, alike: bool) -> None:
        self.path, self.alike = path, alike
        self.labels = np.array(read_labels(path / "labels.csv"), dtype=np.int64)

    def __len__(self) -> int:
        return len(self.labels)

    def read_at(self, indices: Indices) -> Piece:
        require_indices(indices)
        places = (place_of(self.path, index, len(self)) for index in indices)
        images = [np.array(Image.open(place)) for place in places]
        return Piece(joined(images, alike=self.alike), self.labels[indices])

    def close(self) -> None:
        """Nothing is open."""


def place_of(path: Path, index: int, count: int) -> Path:
    """Name the file of an image among so many."""
    folder = path if count <= FOLDER_FILES else path / f"{index // FOLDER_FILES}"
    return folder / f"{index}.png"


def write_labels(path: Path, labels: list[int]) -> None:
    """Write one label a row, delimited by spaces."""
    with open(path, "w", newline="", encoding="ascii") as handle:
        csv.writer(handle, delimiter=" ").writerows([label] for label in labels)


def read_labels(path: Path) -> list[int]:
    """Read what ``write_labels`` wrote."""
    with open(path, newline="", encoding="ascii") as handle:
        return [int(row[0]) for row in csv.reader(handle, delimiter=" ")]
