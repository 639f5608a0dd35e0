"""Shards and an index, as MosaicML's streaming library has them."""

import json
from itertools import pairwise
from pathlib import Path

import numpy as np

COLUMNS = {
    "column_encodings": ["bytes", "int64"], "column_names": ["image", "label"],
    "column_sizes": [None, 8], "compression": None, "format": "mds", "hashes": [],
    "size_limit": None, "version": 2,
}  # fmt: skip


def write(path, blobs, labels):
    pairs = zip(blobs, labels, strict=True)
    samples = [
        len(blob).to_bytes(4, "little") + blob + int(label).to_bytes(8, "little")
        for blob, label in pairs
    ]
    head, count = json.dumps(COLUMNS).encode(), len(samples)
    first = 4 * (count + 2) + len(head)
    table = first + np.cumsum([0, *map(len, samples)])
    data = np.array([count, *table], "<u4").tobytes() + head + b"".join(samples)
    Path(path, "shard.00000.mds").write_bytes(data)
    file = {"basename": "shard.00000.mds", "bytes": len(data), "hashes": {}}
    shard = COLUMNS | {"raw_data": file, "samples": count, "zip_data": None}
    Path(path, "index.json").write_text(json.dumps({"shards": [shard], "version": 2}))


class Store:
    def __init__(self, path):
        self.samples = []
        for shard in json.loads(Path(path, "index.json").read_text())["shards"]:
            data = np.memmap(Path(path, shard["raw_data"]["basename"]), mode="r")
            table = np.frombuffer(data[4 : 4 * (shard["samples"] + 2)], "<u4")
            kind = np.dtype(shard["column_encodings"][1])
            self.samples += [(data, kind, *ends) for ends in pairwise(table)]

    def __len__(self):
        return len(self.samples)

    def __getitem__(self, number):
        data, kind, start, end = self.samples[number]
        label = np.frombuffer(data[end - kind.itemsize : end], kind)[0]
        return data[start + 4 : end - kind.itemsize].tobytes(), int(label)
