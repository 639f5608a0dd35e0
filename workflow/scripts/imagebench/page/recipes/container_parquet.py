"""A column of a Parquet file; a row group is read for each image."""

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from .table import table_of


def write(path, blobs, labels, names):
    table = table_of(blobs, labels, names)
    options = {"compression": "none", "use_dictionary": False, "write_statistics": False}
    pq.write_table(table, Path(path, "images.parquet"), row_group_size=1024, **options)


class Store:
    def __init__(self, path):
        self.file = pq.ParquetFile(Path(path, "images.parquet"))
        meta = self.file.metadata
        counts = [meta.row_group(number).num_rows for number in range(meta.num_row_groups)]
        self.firsts = np.cumsum([0, *counts])

    def __len__(self):
        return int(self.firsts[-1])

    def __getitem__(self, number):
        group = int(np.searchsorted(self.firsts, number, side="right")) - 1
        row = self.file.read_row_group(group).slice(number - self.firsts[group], 1)
        return row["image"][0].as_py(), row["label"][0].as_py()
