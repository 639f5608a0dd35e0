"""Two datasets in one HDF5 file, as the tutorial stores them."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import h5py
import numpy as np

from ...contract import Backend, Indices, Reader
from ...pieces import Facts, Image, Piece, as_many, numbered, spans
from ..support.checks import require_indices, storable, storable_one

FILE_NAME = "images.h5"
LABEL_TYPES = {
    1: h5py.h5t.STD_U8BE, 2: h5py.h5t.STD_U16BE, 4: h5py.h5t.STD_U32BE, 8: h5py.h5t.STD_U64BE,
}  # fmt: skip
"""By their bytes; the tutorial's ten classes need one."""


class Hdf5(Backend):
    """A dataset of images and one of labels, both contiguous and of type ``STD_U8BE``.

    A baseline: kept as the tutorial has it, and never tuned.
    """

    label = "HDF5 datasets"
    good_for = "reading everything, or long slices, as one array"
    libraries = ("h5py",)
    one_shape = True
    modes = ("L", "LA", "RGB", "RGBA")

    def store(self, pieces: Iterable[Piece], facts: Facts, path: Path) -> None:
        """Write the datasets ``images`` and ``meta``."""
        pieces = storable(self, pieces, facts)
        path.mkdir()
        label_type = LABEL_TYPES[facts.label_type.itemsize]
        with h5py.File(path / FILE_NAME, "w") as file:
            images = file.create_dataset("images", facts.whole_shape, h5py.h5t.STD_U8BE)
            for span, piece in numbered(pieces):
                images[span] = piece.images
            file.create_dataset("meta", (facts.count,), label_type, data=facts.labels)

    def read(self, path: Path) -> Iterator[Piece]:
        with h5py.File(path / FILE_NAME, "r") as file:
            images, labels = file["/images"], file["/meta"]
            image_bytes = images.nbytes // len(images)
            for span in spans(len(images), as_many(image_bytes, self.piece_bytes)):
                yield Piece(images[span].astype("uint8"), labels[span].astype("int64"))

    def open(self, path: Path) -> "Hdf5Reader":
        return Hdf5Reader(path)

    def store_one(self, image: Image | bytes, label: int, path: Path) -> None:
        """Write the datasets ``image`` and ``meta``, the label as a scalar."""
        _, facts = storable_one(self, image, label)
        path.mkdir()
        with h5py.File(path / FILE_NAME, "w") as file:
            file.create_dataset("image", np.shape(image), h5py.h5t.STD_U8BE, data=image)
            label_type = LABEL_TYPES[facts.label_type.itemsize]
            file.create_dataset("meta", np.shape(label), label_type, data=label)

    def read_one(self, path: Path) -> tuple[Image, int]:
        with h5py.File(path / FILE_NAME, "r") as file:
            image = np.array(file["/image"]).astype("uint8")
            label = int(np.array(file["/meta"]))
        return image, label


class Hdf5Reader(Reader):
    """An open file that is asked for one image after the other, as most people's loaders do."""

    def __init__(self, path: Path) -> None:
        self.file = h5py.File(path / FILE_NAME, "r")
        self.images, self.labels = self.file["images"], self.file["meta"]

    def __len__(self) -> int:
        return len(self.labels)

    def read_at(self, indices: Indices) -> Piece:
        """Select image after image, and label after label."""
        require_indices(indices)
        images = np.array([self.images[index] for index in indices], dtype=np.uint8)
        labels = np.array([self.labels[index] for index in indices], dtype=np.int64)
        return Piece(images, labels)

    def close(self) -> None:
        self.file.close()
