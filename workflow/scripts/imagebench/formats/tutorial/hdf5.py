"""Two datasets in one HDF5 file, as the tutorial stores them."""

from pathlib import Path

import h5py
import numpy as np

from ...contract import Backend, Images, Indices, Labels, Reader
from ..support.checks import require_indices, require_storable, storable_one

FILE_NAME = "images.h5"


class Hdf5(Backend):
    """A dataset of images and one of labels, both contiguous and of type ``STD_U8BE``.

    A baseline: kept as the tutorial has it, and never tuned.
    """

    label = "HDF5 datasets"
    good_for = "reading everything, or long slices, as one array"
    libraries = ("h5py",)

    def store(self, images: Images, labels: Labels, path: Path) -> None:
        """Write the datasets ``images`` and ``meta``."""
        require_storable(self, images, labels)
        path.mkdir()
        with h5py.File(path / FILE_NAME, "w") as file:
            file.create_dataset("images", np.shape(images), h5py.h5t.STD_U8BE, data=images)
            file.create_dataset("meta", np.shape(labels), h5py.h5t.STD_U8BE, data=labels)

    def read(self, path: Path) -> tuple[Images, Labels]:
        with h5py.File(path / FILE_NAME, "r") as file:
            images = np.array(file["/images"]).astype("uint8")
            labels = np.array(file["/meta"]).astype("uint8")
        return images, labels

    def open(self, path: Path) -> "Hdf5Reader":
        return Hdf5Reader(path)

    def store_one(self, image: Images, label: int, path: Path) -> None:
        """Write the datasets ``image`` and ``meta``, the label as a scalar."""
        storable_one(self, image, label)
        path.mkdir()
        with h5py.File(path / FILE_NAME, "w") as file:
            file.create_dataset("image", np.shape(image), h5py.h5t.STD_U8BE, data=image)
            file.create_dataset("meta", np.shape(label), h5py.h5t.STD_U8BE, data=label)

    def read_one(self, path: Path) -> tuple[Images, int]:
        with h5py.File(path / FILE_NAME, "r") as file:
            image = np.array(file["/image"]).astype("uint8")
            label = int(np.array(file["/meta"]).astype("uint8"))
        return image, label


class Hdf5Reader(Reader):
    """An open file that is asked for one image after the other, as most people's loaders do."""

    def __init__(self, path: Path) -> None:
        self.file = h5py.File(path / FILE_NAME, "r")
        self.images, self.labels = self.file["images"], self.file["meta"]

    def __len__(self) -> int:
        return len(self.labels)

    def read_at(self, indices: Indices) -> tuple[Images, Labels]:
        """Select image after image, and label after label."""
        require_indices(indices)
        images = np.array([self.images[index] for index in indices], dtype=np.uint8)
        return images, np.array([self.labels[index] for index in indices], dtype=np.uint8)

    def close(self) -> None:
        self.file.close()
