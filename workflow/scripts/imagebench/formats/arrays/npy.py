"""Two files of NumPy's own format."""

from pathlib import Path

import numpy as np

from ...contract import Backend, Images, Indices, Labels, Reader
from ..support.checks import require_indices, require_storable

IMAGES, LABELS = "images.npy", "labels.npy"


class Npy(Backend):
    """An array of images and one of labels; mapped for random access."""

    label = "NumPy files"
    good_for = "raw pixels that NumPy alone reads, whole or mapped, as fast as the disk"
    libraries = ("numpy",)

    def store(self, images: Images, labels: Labels, path: Path) -> None:
        """Write both arrays."""
        require_storable(self, images, labels)
        path.mkdir()
        np.save(path / IMAGES, images)
        np.save(path / LABELS, labels)

    def read(self, path: Path) -> tuple[Images, Labels]:
        """Read both arrays into memory."""
        return np.load(path / IMAGES), np.load(path / LABELS)

    def open(self, path: Path) -> "NpyReader":
        """Map the images."""
        return NpyReader(path)


class NpyReader(Reader):
    """A mapped array."""

    def __init__(self, path: Path) -> None:
        """Map the images, and read the labels."""
        # As a plain array: np.memmap would make a memmap of every image that is taken out of it.
        self.images = np.asarray(np.load(path / IMAGES, mmap_mode="r"))
        self.labels = np.load(path / LABELS)

    def __len__(self) -> int:
        """How many labels there are."""
        return len(self.labels)

    def read_at(self, indices: Indices) -> tuple[Images, Labels]:
        """Copy some images together."""
        require_indices(indices)
        return self.images[indices], self.labels[indices]

    def close(self) -> None:
        """Unmap the file."""
        del self.images
