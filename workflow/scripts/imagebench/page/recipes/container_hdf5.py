"""All blobs in one dataset; a long one is cut into several."""

from pathlib import Path

import h5py
import numpy as np


def write(path, blobs, labels):
    blobs = list(blobs)
    with h5py.File(Path(path, "images.h5"), "w") as file:
        file["blobs"] = np.frombuffer(b"".join(blobs), np.uint8)
        file["ends"] = np.cumsum([len(blob) for blob in blobs])
        file["labels"] = labels


class Store:
    def __init__(self, path):
        self.file = h5py.File(Path(path, "images.h5"), "r")
        self.ends, self.labels = self.file["ends"][...], self.file["labels"][...]
        names = ["blobs", *(f"blobs_{number}" for number in range(1, len(self.file)))]
        self.parts = [self.file[name] for name in names if name in self.file]
        self.firsts = np.cumsum([0, *map(len, self.parts)])

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, number):
        start, end = self.ends[number - 1] if number else 0, self.ends[number]
        part = np.searchsorted(self.firsts, start, side="right") - 1
        first = self.firsts[part]
        return self.parts[part][start - first : end - first].tobytes(), int(self.labels[number])
