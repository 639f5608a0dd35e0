"""All bytes in one flat file behind one header: the baseline that every format is compared with."""

import math
import mmap
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...contract import Backend, Indices, Reader
from ...pieces import Facts, Piece, as_many, spans
from ..support.checks import require_indices, storable

FILE_NAME = "images.raw"
HEADER = np.dtype("<u4")
"""The header is the shape of the images: four numbers of this type."""

START = 4 * HEADER.itemsize
"""Where the pixels begin, in bytes; the labels come behind them."""


class Raw(Backend):
    """The fastest plain way: one write of each array, and one read into memory made for it.

    Nothing is encoded or checked, and no call is repeated for each image, so that what is left is
    what the file system and the memory take. Random access maps the file: a call of the system for
    each image would take longer than copying it does; but not for the first one.
    """

    label = "Raw bytes (baseline)"
    good_for = "seeing how much of a format's time the machine takes for the bytes alone"
    libraries = ("numpy",)

    def store(self, pieces: Iterable[Piece], facts: Facts, path: Path) -> None:
        """Write the shape, then all pixels, then all labels."""
        pieces = storable(self, pieces, facts)
        path.mkdir()
        with open(path / FILE_NAME, "wb", buffering=0) as file:
            write_all(file.fileno(), np.array([facts.count, *facts.shape], HEADER))
            for piece in pieces:
                write_all(file.fileno(), piece.images)
            write_all(file.fileno(), facts.labels.astype(facts.label_type))

    def read(self, path: Path) -> Iterator[Piece]:
        """Read the shape and the labels, then straight into one array of images after the other."""
        with open(path / FILE_NAME, "rb", buffering=0) as file:
            shape, label_type = read_shape(file.fileno())
            stored = np.empty(shape[0], dtype=label_type)
            read_all(file.fileno(), stored.data.cast("B"), START + math.prod(shape))
            labels = stored.astype(np.int64)
            os.lseek(file.fileno(), START, os.SEEK_SET)
            for span in spans(shape[0], as_many(math.prod(shape[1:]), self.piece_bytes)):
                images = np.empty((span.stop - span.start, *shape[1:]), dtype=np.uint8)
                read_all(file.fileno(), images.data.cast("B"))
                yield Piece(images, labels[span])

    def open(self, path: Path) -> "RawReader":
        return RawReader(path)


class RawReader(Reader):
    """Arrays that lie in the mapped file."""

    def __init__(self, path: Path) -> None:
        with open(path / FILE_NAME, "rb", buffering=0) as file:
            shape, self.label_type = read_shape(file.fileno())
            self.map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            self.descriptor = os.dup(file.fileno())
        pixels = math.prod(shape)
        self.images = np.frombuffer(self.map, np.uint8, pixels, START).reshape(shape)
        self.labels = np.frombuffer(self.map, self.label_type, offset=START + pixels)
        self.is_unused = True

    def __len__(self) -> int:
        return len(self.labels)

    def read_at(self, indices: Indices) -> Piece:
        """Copy some images together; a first one that is alone is read from the file by itself.

        Whoever touches a map that is not in memory has megabytes read around that place, on some
        disks: as well for all that come after it, and in vain for one.
        """
        require_indices(indices)
        if self.is_unused and len(indices) == 1:
            self.is_unused = False
            return self.read_alone(int(indices[0]))
        return Piece(self.images[indices], self.labels[indices].astype(np.int64))

    def read_alone(self, index: int) -> Piece:
        """Read one image and its label, and nothing beside them.

        Raises:
            IndexError: if there is no such image: what lies behind the last one are labels.
        """
        if not 0 <= index < len(self):
            raise IndexError(f"there is no image {index} among {len(self)}")
        image = np.empty((1, *self.images.shape[1:]), np.uint8)
        label = np.empty(1, self.label_type)
        read_all(self.descriptor, image.data.cast("B"), START + index * image.nbytes)
        read_all(self.descriptor, label.data, START + self.images.nbytes + index * label.nbytes)
        return Piece(image, label.astype(np.int64))

    def close(self) -> None:
        del self.images, self.labels
        self.map.close()
        os.close(self.descriptor)


def read_shape(descriptor: int) -> tuple[tuple[int, ...], np.dtype[np.unsignedinteger]]:
    """Read the header, and hold it against the size of the file before memory is asked for.

    Returns:
        The shape of all images, and the type of the labels: whatever fills the file.

    Raises:
        ValueError: if they do not go together.
    """
    header = np.empty(4, HEADER)
    read_all(descriptor, header.data.cast("B"))
    shape = tuple(header.tolist())
    size = os.fstat(descriptor).st_size
    label_bytes, more = divmod(size - START - math.prod(shape), max(shape[0], 1))
    if label_bytes not in (1, 2, 4, 8) or more:
        raise ValueError(f"its header says {shape}, which does not go with {size} bytes")
    return shape, np.dtype(f"<u{label_bytes}")


def write_all(descriptor: int, array: NDArray[Any]) -> None:
    """Write every byte; one call of the system writes 2 GiB at most."""
    data = np.ascontiguousarray(array).data.cast("B")
    while data:
        data = data[os.write(descriptor, data) :]


def read_all(descriptor: int, target: memoryview, offset: int | None = None) -> None:
    """Fill the target.

    Args:
        descriptor: of an open file.
        target: bytes to be filled.
        offset: where to begin in the file, in bytes; None for where it was left.

    Raises:
        EOFError: if the file ends before it is full.
    """
    if offset is not None:
        os.lseek(descriptor, offset, os.SEEK_SET)
    while target:
        count = os.readv(descriptor, [target])
        if not count:
            raise EOFError(f"the file ends {len(target)} bytes too early")
        target = target[count:]
