"""A member an image, and an index of their places."""

import io
import tarfile
from pathlib import Path

import numpy as np


def write(path, blobs, labels, ending):
    with tarfile.open(Path(path, "images.tar"), "w", format=tarfile.USTAR_FORMAT) as file:
        for number, blob in enumerate(blobs):
            member = tarfile.TarInfo(f"{number:06}{ending}")
            member.size = len(blob)
            file.addfile(member, io.BytesIO(blob))
    with tarfile.open(Path(path, "images.tar")) as file:
        places = np.array([(member.offset_data, member.size) for member in file]).T
    np.save(Path(path, "places.npy"), places)
    np.save(Path(path, "labels.npy"), labels)


class Store:
    def __init__(self, path):
        self.bytes = np.memmap(Path(path, "images.tar"), mode="r")
        self.starts, self.sizes = np.load(Path(path, "places.npy"))
        self.labels = np.load(Path(path, "labels.npy"))

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, number):
        start = self.starts[number]
        blob = self.bytes[start : start + self.sizes[number]].tobytes()
        return blob, int(self.labels[number])
