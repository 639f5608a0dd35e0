"""All blobs end to end in datasets of HDF5, and where each ends in another."""

from collections.abc import Iterable, Iterator
from itertools import chain, count
from pathlib import Path

import h5py
import numpy as np

from ...contract import Container, StoredLabels
from ...pieces import PIECE_BYTES
from ..support.mapped import MappedReader

FILE_NAME = "images.h5"
JOINED_BYTES = PIECE_BYTES
"""Of blobs that are joined in memory, and in one dataset."""


class Hdf5(Container):
    """Contiguous datasets ``blobs``, ``ends`` and ``labels``; of many images also ``blobs_1``, ...

    A dataset for each image, or one of variable length, takes far longer to write and to read, and
    more space. What is contiguous can be mapped where it lies in the file.
    """

    label = "HDF5 of blobs"
    good_for = "encoded images beside other data in the one file that science tools read"
    libraries = ("h5py",)

    def write(self, blobs: Iterable[bytes], labels: StoredLabels, path: Path, ending: str) -> None:
        """Join blobs in memory, since a contiguous dataset must know its size, and write."""
        joined, names, before = bytearray(), dataset_names(), 0
        ends = np.empty(len(labels), dtype=np.int64)
        with h5py.File(path / FILE_NAME, "w", libver="latest") as file:
            for index, blob in enumerate(blobs):
                if len(joined) + len(blob) > JOINED_BYTES and joined:
                    file.create_dataset(next(names), data=np.frombuffer(joined, np.uint8))
                    joined, before = bytearray(), before + len(joined)
                joined += blob
                ends[index] = before + len(joined)
            file.create_dataset(next(names), data=np.frombuffer(joined, np.uint8))
            file.create_dataset("ends", data=ends)
            file.create_dataset("labels", data=labels)

    def open(self, path: Path) -> MappedReader:
        """Ask HDF5 where the bytes are, and map the file.

        Raises:
            ValueError: if the bytes of a dataset do not lie in the file in one piece.
        """
        with h5py.File(path / FILE_NAME, "r") as file:
            ends = file["ends"][...].astype(np.int64)
            labels = file["labels"][...]
            shifts, firsts = [], [0]
            for name in dataset_names():
                if name not in file:
                    break
                offset = file[name].id.get_offset()
                if offset is None:
                    raise ValueError("its images are not in one piece")
                shifts.append(offset - firsts[-1])
                firsts.append(firsts[-1] + len(file[name]))
        lengths = np.diff(ends, prepend=0)
        starts = ends - lengths
        starts += np.array(shifts)[np.searchsorted(firsts[1:], starts, side="right")]
        return MappedReader(path / FILE_NAME, starts, lengths, labels)


def dataset_names() -> Iterator[str]:
    """Name the datasets of blobs in their order."""
    return chain(["blobs"], (f"blobs_{number}" for number in count(1)))
