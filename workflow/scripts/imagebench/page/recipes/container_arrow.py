"""A column of an Arrow IPC file."""

from pathlib import Path

import pyarrow as pa


def write(path, blobs, labels, ending):
    table = pa.table({"image": pa.array(list(blobs), pa.binary()), "label": labels})
    file = pa.OSFile(str(Path(path, "images.arrow")), "wb")
    with file, pa.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table, max_chunksize=1024)


class Blobs:
    def __init__(self, path):
        self.table = pa.ipc.open_file(pa.memory_map(str(Path(path, "images.arrow")))).read_all()

    def __len__(self):
        return len(self.table)

    def __getitem__(self, number):
        return self.table["image"][number].as_py(), self.table["label"][number].as_py()
