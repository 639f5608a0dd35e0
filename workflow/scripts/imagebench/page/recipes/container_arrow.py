"""A column of an Arrow IPC file."""

from pathlib import Path

import pyarrow as pa

from .table import table_of


def write(path, blobs, labels, names):
    table = table_of(blobs, labels, names)
    file = pa.OSFile(str(Path(path, "images.arrow")), "wb")
    with file, pa.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table, max_chunksize=1024)


class Store:
    def __init__(self, path):
        self.table = pa.ipc.open_file(pa.memory_map(str(Path(path, "images.arrow")))).read_all()

    def __len__(self):
        return len(self.table)

    def __getitem__(self, number):
        return self.table["image"][number].as_py(), self.table["label"][number].as_py()
