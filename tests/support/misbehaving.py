"""Backends that do what no backend should, and the images that they do it to."""

import errno
import time

import numpy as np
from imagebench.formats.tutorial.hdf5 import Hdf5
from imagebench.pieces import Piece

IMAGES = np.random.default_rng(0).integers(0, 256, (10, 32, 32, 3), dtype=np.uint8)
LABELS = np.arange(10)


class SlowToRead(Hdf5):
    """Takes a twentieth of a second longer than it should."""

    def read(self, path):
        time.sleep(0.05)
        yield from super().read(path)


class SwapsTwoImages(Hdf5):
    """Brings the first two back in the wrong order."""

    def read(self, path):
        for images, labels in super().read(path):
            if len(images) > 1:
                images[[0, 1]] = images[[1, 0]]
            yield Piece(images, labels)


class FullDisk(Hdf5):
    """Finds the disk full after it has written everything."""

    def store(self, pieces, facts, path):
        super().store(pieces, facts, path)
        if facts.count > 1:
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
