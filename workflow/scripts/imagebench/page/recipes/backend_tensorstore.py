"""Two arrays of Zarr 3, by TensorStore; they can be written as for ``zarr``."""

from pathlib import Path

import tensorstore

from .backend_zarr import write  # noqa: F401

WORKERS = "spawn"


class Store:
    def __init__(self, path):
        self.images, labels = (
            tensorstore.open({
                "driver": "zarr3", "kvstore": {"driver": "file", "path": str(Path(path, name))},
            }).result()
            for name in ("images", "labels")
        )  # fmt: skip
        self.labels = labels.read().result()

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, number):
        return self.images[number].read().result(), int(self.labels[number])
