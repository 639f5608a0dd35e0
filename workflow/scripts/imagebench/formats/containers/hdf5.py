"""All blobs end to end in one dataset of HDF5, and where each ends in another."""

from collections.abc import Iterable
from pathlib import Path

import h5py
import numpy as np

from ...contract import Container, Labels
from ..support.mapped import MappedReader

FILE_NAME = "images.h5"


class Hdf5(Container):
    """Contiguous datasets ``blobs``, ``ends`` and ``labels``.

    A dataset for each image, or one of variable length, takes far longer to write and to read, and
    more space. What is contiguous can be mapped where it lies in the file.
    """

    label = "HDF5 of blobs"
    good_for = "encoded images beside other data in the one file that science tools read"
    libraries = ("h5py",)

    def write(self, blobs: Iterable[bytes], labels: Labels, path: Path, ending: str) -> None:
        """Join all blobs in memory, since a contiguous dataset must know its size, and write."""
        joined = bytearray()
        ends = np.empty(len(labels), dtype=np.int64)
        for index, blob in enumerate(blobs):
            joined += blob
            ends[index] = len(joined)
        with h5py.File(path / FILE_NAME, "w", libver="latest") as file:
            file.create_dataset("blobs", data=np.frombuffer(joined, np.uint8))
            file.create_dataset("ends", data=ends)
            file.create_dataset("labels", data=labels)

    def open(self, path: Path) -> MappedReader:
        """Ask HDF5 where the bytes are, and map the file.

        Raises:
            ValueError: if the bytes do not lie in the file in one piece.
        """
        with h5py.File(path / FILE_NAME, "r") as file:
            offset = file["blobs"].id.get_offset()
            ends = file["ends"][...].astype(np.int64)
            labels = file["labels"][...].astype(np.uint8)
        if offset is None:
            raise ValueError("its images are not in one piece")
        lengths = np.diff(ends, prepend=0)
        return MappedReader(path / FILE_NAME, offset + ends - lengths, lengths, labels)
