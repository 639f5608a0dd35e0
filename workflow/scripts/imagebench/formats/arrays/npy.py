"""Two files of NumPy's own format."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.lib import format as npy

from ...contract import PIXELS, Backend
from ...pieces import Facts, Piece, as_many, spans
from ..support.array_reader import ArrayReader
from ..support.checks import storable

IMAGES, LABELS = "images.npy", "labels.npy"


class Npy(Backend):
    """An array of images and one of labels; mapped for random access."""

    label = "NumPy files"
    good_for = "raw pixels that NumPy alone reads, whole or mapped, as fast as the disk"
    libraries = ("numpy",)
    one_shape = True
    modes = PIXELS

    def store(self, pieces: Iterable[Piece], facts: Facts, path: Path) -> None:
        """Write the header and the pixels of one piece after the other, as ``np.save`` would."""
        pieces = storable(self, pieces, facts)
        path.mkdir()
        with open(path / IMAGES, "wb") as file:
            kind, shape = facts.dtype.str, facts.whole_shape
            header = {"descr": kind, "fortran_order": False, "shape": shape}
            npy.write_array_header_1_0(file, header)
            for piece in pieces:
                np.ascontiguousarray(piece.images).tofile(file)
        np.save(path / LABELS, facts.labels.astype(facts.label_type))

    def read(self, path: Path) -> Iterator[Piece]:
        """Read the header, and the pixels into one array after the other, as ``np.load`` would."""
        labels = np.load(path / LABELS).astype(np.int64)
        with open(path / IMAGES, "rb") as file:
            npy.read_magic(file)
            (count, *shape), _, kind = npy.read_array_header_1_0(file)
            size = int(np.prod(shape))
            for span in spans(count, as_many(size * kind.itemsize, self.piece_bytes)):
                images = np.fromfile(file, kind, (span.stop - span.start) * size)
                yield Piece(images.reshape(-1, *shape), labels[span])

    def open(self, path: Path) -> "NpyReader":
        return NpyReader(path)


class NpyReader(ArrayReader):
    """A mapped array."""

    def __init__(self, path: Path) -> None:
        # As a plain array: np.memmap would make a memmap of every image that is taken out of it.
        self.images = np.asarray(np.load(path / IMAGES, mmap_mode="r"))
        self.labels = np.load(path / LABELS).astype(np.int64)
