"""Two files of NumPy's own format."""

from pathlib import Path

import numpy as np

from ...contract import Backend, Images, Labels
from ..support.array_reader import ArrayReader
from ..support.checks import require_storable

IMAGES, LABELS = "images.npy", "labels.npy"


class Npy(Backend):
    """An array of images and one of labels; mapped for random access."""

    label = "NumPy files"
    good_for = "raw pixels that NumPy alone reads, whole or mapped, as fast as the disk"
    libraries = ("numpy",)

    def store(self, images: Images, labels: Labels, path: Path) -> None:
        require_storable(self, images, labels)
        path.mkdir()
        np.save(path / IMAGES, images)
        np.save(path / LABELS, labels)

    def read(self, path: Path) -> tuple[Images, Labels]:
        return np.load(path / IMAGES), np.load(path / LABELS)

    def open(self, path: Path) -> "NpyReader":
        return NpyReader(path)


class NpyReader(ArrayReader):
    """A mapped array."""

    def __init__(self, path: Path) -> None:
        # As a plain array: np.memmap would make a memmap of every image that is taken out of it.
        self.images = np.asarray(np.load(path / IMAGES, mmap_mode="r"))
        self.labels = np.load(path / LABELS)
