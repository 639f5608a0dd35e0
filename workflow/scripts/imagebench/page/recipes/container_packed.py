"""All blobs end to end."""

from pathlib import Path

import numpy as np


def write(path, blobs, labels):
    ends = []
    with open(Path(path, "blobs.bin"), "wb") as file:
        for blob in blobs:
            file.write(blob)
            ends.append(file.tell())
    np.save(Path(path, "ends.npy"), np.array(ends))
    np.save(Path(path, "labels.npy"), labels)


class Store:
    def __init__(self, path):
        self.bytes = np.memmap(Path(path, "blobs.bin"), mode="r")
        self.ends = np.load(Path(path, "ends.npy"))
        self.labels = np.load(Path(path, "labels.npy"))

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, number):
        start = self.ends[number - 1] if number else 0
        return self.bytes[start : self.ends[number]].tobytes(), int(self.labels[number])
