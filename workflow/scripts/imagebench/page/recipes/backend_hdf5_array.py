"""Two contiguous HDF5 datasets."""

from pathlib import Path

import h5py
import numpy as np


def write(path, images, labels):
    with h5py.File(Path(path, "images.h5"), "w") as file:
        file["images"], file["labels"] = np.stack(list(images)), labels


class Store:
    def __init__(self, path):
        self.file = h5py.File(Path(path, "images.h5"), "r")

    def __len__(self):
        return len(self.file["labels"])

    def __getitem__(self, number):
        return self.file["images"][number], int(self.file["labels"][number])
