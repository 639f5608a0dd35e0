"""All bytes in one flat file behind one header: the limit that every format is compared with."""

import math
import os
from pathlib import Path

import numpy as np

from .base import Backend, Images, Labels

FILE_NAME = "images.raw"
HEADER = np.dtype("<u4")
"""The header is the shape of the images: four numbers of this type."""


class Raw(Backend):
    """The fastest plain way: one write of each array, and one read into memory made for it.

    Nothing is encoded, checked or mapped, and no call is repeated for each image, so that what is
    left is what the file system and the memory take.
    """

    label = "Raw bytes (the limit)"
    good_for = "seeing how much of a format's time the machine takes for the bytes alone"
    libraries = ("numpy",)

    def store(self, images: Images, labels: Labels, path: Path) -> None:
        """Write the shape, then all pixels, then all labels."""
        path.mkdir()
        with open(path / FILE_NAME, "wb", buffering=0) as file:
            for part in (np.array(images.shape, HEADER), images, labels):
                write_all(file.fileno(), np.ascontiguousarray(part).data.cast("B"))

    def read(self, path: Path) -> tuple[Images, Labels]:
        """Read the shape, then straight into one array of images and one of labels."""
        with open(path / FILE_NAME, "rb", buffering=0) as file:
            shape = np.empty(4, HEADER)
            read_all(file.fileno(), shape.data.cast("B"))
            # Before memory is asked for by a header that may be damaged.
            size = os.fstat(file.fileno()).st_size
            if HEADER.itemsize * 4 + math.prod(map(int, shape)) + int(shape[0]) != size:
                raise ValueError(f"its header says {shape}, which does not go with {size} bytes")
            images = np.empty(shape, dtype=np.uint8)
            labels = np.empty(shape[0], dtype=np.uint8)
            for part in (images, labels):
                read_all(file.fileno(), part.data.cast("B"))
        return images, labels

    def store_one(self, image: Images, label: int, path: Path) -> None:
        """Write the one image as many are written."""
        self.store(image[np.newaxis], np.array([label], dtype=np.uint8), path)

    def read_one(self, path: Path) -> tuple[Images, int]:
        """Read the one image as many are read."""
        images, labels = self.read(path)
        return images[0], int(labels[0])


def write_all(descriptor: int, data: memoryview) -> None:
    """Write every byte; one call of the system writes 2 GiB at most."""
    while data:
        data = data[os.write(descriptor, data) :]


def read_all(descriptor: int, target: memoryview) -> None:
    """Fill the target.

    Raises:
        EOFError: if the file ends before it is full.
    """
    while target:
        count = os.readv(descriptor, [target])
        if not count:
            raise EOFError(f"the file ends {len(target)} bytes too early")
        target = target[count:]
