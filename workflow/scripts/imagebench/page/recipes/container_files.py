"""A file an image, a folder a class."""

from pathlib import Path

import numpy as np


def write(path, blobs, labels, ending):
    for number, (blob, label) in enumerate(zip(blobs, labels, strict=True)):
        folder = Path(path, f"{label:03}")
        if len(labels) > 100_000:
            folder = folder / f"{number // 100_000:03}"
        folder.mkdir(parents=True, exist_ok=True)
        Path(folder, f"{number:06}{ending}").write_bytes(blob)
    np.save(Path(path, "labels.npy"), labels)


class Store:
    def __init__(self, path):
        self.path = Path(path)
        self.files = sorted(self.path.rglob("[0-9]*.*"), key=lambda file: int(file.stem))

    def __len__(self):
        return len(self.files)

    def __getitem__(self, number):
        file = self.files[number]
        return file.read_bytes(), int(file.relative_to(self.path).parts[0])
