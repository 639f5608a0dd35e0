"""One PNG file an image, and a text file of labels, as the tutorial stores them."""

import csv
import math
from pathlib import Path

import numpy as np
from PIL import Image

from ...contract import Backend, Images, Indices, Labels, Reader
from ..support.checks import require_indices, require_storable, storable_one


class Disk(Backend):
    """PNG files written and read by Pillow at its default settings, one after the other.

    A baseline: kept as the tutorial has it, and never tuned.
    """

    label = "PNG files"
    good_for = "looking at single images with any tool, at the price of a file for each"
    libraries = ("pillow",)
    largest_pixels = 2 * (Image.MAX_IMAGE_PIXELS or math.inf)  # Pillow opens nothing larger

    def most_space(self, count: int, image_bytes: int) -> tuple[int, int]:
        """A file an image: not even noise becomes much larger as PNG, and each name takes room."""
        return count * (image_bytes + image_bytes // 100 + 256), count + 16

    def store(self, images: Images, labels: Labels, path: Path) -> None:
        """Write ``0.png``, ``1.png``, ... and ``labels.csv``."""
        require_storable(self, images, labels)
        path.mkdir()
        for index, image in enumerate(images):
            Image.fromarray(image).save(path / f"{index}.png")
        write_labels(path / "labels.csv", labels.tolist())

    def read(self, path: Path) -> tuple[Images, Labels]:
        labels = read_labels(path / "labels.csv")
        images = [np.array(Image.open(path / f"{index}.png")) for index in range(len(labels))]
        return np.array(images), np.array(labels, dtype=np.uint8)

    def open(self, path: Path) -> "DiskReader":
        return DiskReader(path)

    def store_one(self, image: Images, label: int, path: Path) -> None:
        """Write ``0.png`` and ``0.csv``."""
        storable_one(self, image, label)
        path.mkdir()
        Image.fromarray(image).save(path / "0.png")
        write_labels(path / "0.csv", [label])

    def read_one(self, path: Path) -> tuple[Images, int]:
        return np.array(Image.open(path / "0.png")), read_labels(path / "0.csv")[0]


class DiskReader(Reader):
    """Decodes a file whenever it is asked for one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.labels = np.array(read_labels(path / "labels.csv"), dtype=np.uint8)

    def __len__(self) -> int:
        return len(self.labels)

    def read_at(self, indices: Indices) -> tuple[Images, Labels]:
        require_indices(indices)
        images = [np.array(Image.open(self.path / f"{index}.png")) for index in indices]
        return np.array(images), self.labels[indices]

    def close(self) -> None:
        """Nothing is open."""


def write_labels(path: Path, labels: list[int]) -> None:
    """Write one label a row, delimited by spaces."""
    with open(path, "w", newline="", encoding="ascii") as handle:
        csv.writer(handle, delimiter=" ").writerows([label] for label in labels)


def read_labels(path: Path) -> list[int]:
    """Read what ``write_labels`` wrote."""
    with open(path, newline="", encoding="ascii") as handle:
        return [int(row[0]) for row in csv.reader(handle, delimiter=" ")]
