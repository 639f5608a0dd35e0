"""A column of a Lance data set."""

from pathlib import Path

import lance
import pyarrow as pa

WORKERS = "spawn"


def write(path, blobs, labels):
    table = pa.table({"image": pa.array(list(blobs), pa.binary()), "label": labels})
    lance.write_dataset(table, str(Path(path, "images.lance")))


class Store:
    def __init__(self, path):
        self.data = lance.dataset(str(Path(path, "images.lance")))

    def __len__(self):
        return self.data.count_rows()

    def __getitem__(self, number):
        row = self.data.take([number])
        return row["image"][0].as_py(), row["label"][0].as_py()
