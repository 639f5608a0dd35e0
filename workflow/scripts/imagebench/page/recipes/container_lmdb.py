"""A record an image."""

import lmdb
import numpy as np


def write(path, blobs, labels):
    with lmdb.open(str(path), map_size=1 << 40) as database, database.begin(write=True) as records:
        for number, blob in enumerate(blobs):
            records.put(number.to_bytes(4, "big"), blob)
        kind = np.min_scalar_type(int(max(labels)))
        records.put(b"labels", np.asarray(labels, kind).tobytes())


class Store:
    def __init__(self, path):
        self.records = lmdb.open(str(path), readonly=True, lock=False).begin()
        labels = self.records.get(b"labels")
        size = len(labels) // (self.records.stat()["entries"] - 1)
        self.labels = np.frombuffer(labels, f"u{size}")

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, number):
        return self.records.get(number.to_bytes(4, "big")), int(self.labels[number])
