"""All bytes in one flat file behind one header: the baseline that every format is compared with."""

import math
import mmap
import os
from pathlib import Path

import numpy as np

from ...contract import Backend, Images, Indices, Labels, Reader
from ..support.checks import require_indices, require_storable

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

    def store(self, images: Images, labels: Labels, path: Path) -> None:
        """Write the shape, then all pixels, then all labels."""
        require_storable(self, images, labels)
        path.mkdir()
        with open(path / FILE_NAME, "wb", buffering=0) as file:
            for part in (np.array(images.shape, HEADER), images, labels):
                write_all(file.fileno(), np.ascontiguousarray(part).data.cast("B"))

    def read(self, path: Path) -> tuple[Images, Labels]:
        """Read the shape, then straight into one array of images and one of labels."""
        with open(path / FILE_NAME, "rb", buffering=0) as file:
            shape = read_shape(file.fileno())
            images = np.empty(shape, dtype=np.uint8)
            labels = np.empty(shape[0], dtype=np.uint8)
            for part in (images, labels):
                read_all(file.fileno(), part.data.cast("B"))
        return images, labels

    def open(self, path: Path) -> "RawReader":
        return RawReader(path)


class RawReader(Reader):
    """Arrays that lie in the mapped file."""

    def __init__(self, path: Path) -> None:
        with open(path / FILE_NAME, "rb", buffering=0) as file:
            shape = read_shape(file.fileno())
            self.map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            self.descriptor = os.dup(file.fileno())
        pixels = math.prod(shape)
        self.images = np.frombuffer(self.map, np.uint8, pixels, START).reshape(shape)
        self.labels = np.frombuffer(self.map, np.uint8, offset=START + pixels)
        self.is_unused = True

    def __len__(self) -> int:
        return len(self.labels)

    def read_at(self, indices: Indices) -> tuple[Images, Labels]:
        """Copy some images together; a first one that is alone is read from the file by itself.

        Whoever touches a map that is not in memory has megabytes read around that place, on some
        disks: as well for all that come after it, and in vain for one.
        """
        require_indices(indices)
        if self.is_unused and len(indices) == 1:
            self.is_unused = False
            return self.read_alone(int(indices[0]))
        return self.images[indices], self.labels[indices]

    def read_alone(self, index: int) -> tuple[Images, Labels]:
        """Read one image and its label, and nothing beside them.

        Raises:
            IndexError: if there is no such image: what lies behind the last one are labels.
        """
        if not 0 <= index < len(self):
            raise IndexError(f"there is no image {index} among {len(self)}")
        image = np.empty((1, *self.images.shape[1:]), np.uint8)
        label = np.empty(1, np.uint8)
        read_all(self.descriptor, image.data.cast("B"), START + index * image.nbytes)
        read_all(self.descriptor, label.data, START + self.images.nbytes + index)
        return image, label

    def close(self) -> None:
        del self.images, self.labels
        self.map.close()
        os.close(self.descriptor)


def read_shape(descriptor: int) -> tuple[int, ...]:
    """Read the header, and hold it against the size of the file before memory is asked for.

    Raises:
        ValueError: if they do not go together.
    """
    header = np.empty(4, HEADER)
    read_all(descriptor, header.data.cast("B"))
    shape = tuple(header.tolist())
    size = os.fstat(descriptor).st_size
    if START + math.prod(shape) + shape[0] != size:
        raise ValueError(f"its header says {shape}, which does not go with {size} bytes")
    return shape


def write_all(descriptor: int, data: memoryview) -> None:
    """Write every byte; one call of the system writes 2 GiB at most."""
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
