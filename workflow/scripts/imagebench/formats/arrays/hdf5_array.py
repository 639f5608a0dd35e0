"""HDF5 by somebody who knows it: read into memory made for it, and mapped for random access."""

import mmap
from pathlib import Path

import h5py
import numpy as np

from ...contract import Backend, Images, Labels
from ..support.array_reader import ArrayReader
from ..support.checks import require_storable

FILE_NAME = "images.h5"


class Hdf5Array(Backend):
    """The same two contiguous datasets as `hdf5` has, which cost less when they are asked well.

    Reading goes straight into one array, where `hdf5` makes three copies. A contiguous dataset lies
    in the file in one piece, which can be mapped: HDF5 takes some 20 microseconds for every image
    that it is asked for by itself.
    """

    label = "HDF5, tuned"
    good_for = "raw pixels beside other data in the one file that science tools read"
    libraries = ("h5py",)

    def store(self, images: Images, labels: Labels, path: Path) -> None:
        require_storable(self, images, labels)
        path.mkdir()
        with h5py.File(path / FILE_NAME, "w", libver="latest") as file:
            file.create_dataset("images", data=images)
            file.create_dataset("labels", data=labels)

    def read(self, path: Path) -> tuple[Images, Labels]:
        """Read both datasets into new arrays, without a copy in between."""
        with h5py.File(path / FILE_NAME, "r") as file:
            return read_whole(file["images"]), read_whole(file["labels"])

    def open(self, path: Path) -> "Hdf5ArrayReader":
        """Ask HDF5 where the pixels are, and map the file."""
        return Hdf5ArrayReader(path)


class Hdf5ArrayReader(ArrayReader):
    """A mapped dataset."""

    def __init__(self, path: Path) -> None:
        """Map the images, and read the labels.

        Raises:
            ValueError: if the images do not lie in the file in one piece, or not within it.
        """
        with h5py.File(path / FILE_NAME, "r") as file:
            offset, shape = file["images"].id.get_offset(), file["images"].shape
            self.labels = read_whole(file["labels"])
        if offset is None or len(shape) != 4:
            raise ValueError("its images are not in one piece")
        with open(path / FILE_NAME, "rb", buffering=0) as opened:
            self.map = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
        count = int(np.prod(shape))
        self.images = np.frombuffer(self.map, np.uint8, count, offset).reshape(shape)

    def close(self) -> None:
        super().close()
        self.map.close()


def read_whole(dataset: h5py.Dataset) -> Images:
    """Read a dataset into one new array.

    Raises:
        ValueError: if it is larger than its file, so that memory is not asked for in vain.
    """
    if dataset.nbytes > dataset.file.id.get_filesize():
        raise ValueError("a dataset says that it is larger than its file")
    array = np.empty(dataset.shape, dtype=np.uint8)
    dataset.read_direct(array)
    return array
