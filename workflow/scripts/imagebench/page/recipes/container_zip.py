"""A member an image."""

import zipfile
from pathlib import Path

import numpy as np


def write(path, blobs, labels, ending):
    with zipfile.ZipFile(Path(path, "images.zip"), "w", zipfile.ZIP_STORED) as file:
        for number, blob in enumerate(blobs):
            file.writestr(f"{number:06}{ending}", blob)
    np.save(Path(path, "labels.npy"), labels)


class Store:
    def __init__(self, path):
        self.file = zipfile.ZipFile(Path(path, "images.zip"))
        self.names = self.file.namelist()
        self.labels = np.load(Path(path, "labels.npy"))

    def __len__(self):
        return len(self.names)

    def __getitem__(self, number):
        return self.file.read(self.names[number]), int(self.labels[number])
