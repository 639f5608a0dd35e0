"""One row of a Lance data set an image."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

import lance
import numpy as np
import pyarrow as pa

from ...contract import Blob, BlobReader, Container, Indices, StoredLabels
from ...pieces import as_many
from ..support.together import TOGETHER_BYTES
from .arrow import LARGEST, ROWS, blob_views, record_batches, schema

FOLDER_NAME = "images.lance"
READ_AHEAD_BYTES = 32 << 20
"""Of what Lance has read and nobody has asked for; its own two gigabytes are no faster here."""


class Lance(Container):
    """A data set of one fragment; Lance reads with threads of its own.

    A batch is asked for in one call of ``take``: one call an image takes many times as long.
    """

    label = "Lance"
    good_for = "tables of images that are both scanned and sampled, with versions"
    libraries = ("pylance", "pyarrow")
    appendable = True
    requirements = "requirements-columns"
    largest_blob = LARGEST

    def write(self, blobs: Iterable[bytes], labels: StoredLabels, path: Path, ending: str) -> None:
        batches = record_batches(blobs, labels)
        reader = pa.RecordBatchReader.from_batches(schema(labels), batches)
        lance.write_dataset(reader, str(path / FOLDER_NAME), max_rows_per_file=1 << 30)

    def open(self, path: Path) -> "LanceReader":
        return LanceReader(path)


class LanceReader(BlobReader):
    """One open data set."""

    def __init__(self, path: Path) -> None:
        """Open it, count its rows, and say how many may be in memory together.

        Lance does not bring back more than 2 GiB at once, whatever it is told of bytes.
        """
        self.dataset = lance.dataset(str(path / FOLDER_NAME))
        self.count = self.dataset.count_rows()
        fragments = self.dataset.get_fragments()
        size = sum(file.file_size_bytes for part in fragments for file in part.data_files())
        self.rows = as_many(-(-size // self.count), TOGETHER_BYTES)
        self.seen: list[StoredLabels] | None = None

    def __len__(self) -> int:
        return int(self.count)

    def labels(self, span: slice) -> StoredLabels:
        """Those that have just come with the images, or asked for by themselves."""
        if self.seen is None:
            self.seen = [self.dataset.to_table(["label"]).column(0).to_numpy()]
        self.seen = [np.concatenate(self.seen)]
        return self.seen[0][span]

    def all(self) -> Iterator[Blob]:
        self.seen = []
        rows = min(ROWS, self.rows)
        options = {"batch_size": rows, "scan_in_order": True, "io_buffer_size": READ_AHEAD_BYTES}
        for batch in self.dataset.to_batches(**options):
            self.seen.append(batch.column("label").to_numpy())
            yield from views_of(batch.column("image"))

    def some(self, indices: Indices) -> tuple[Iterator[Blob], StoredLabels]:
        """Take all rows at once, unless they are large."""
        pieces = range(0, len(indices), self.rows)
        table = pa.concat_tables(
            self.dataset.take(indices[start : start + self.rows].tolist()) for start in pieces
        )
        images = (view for chunk in table.column("image").chunks for view in views_of(chunk))
        return images, table.column("label").to_numpy()

    def close(self) -> None:
        del self.dataset


def views_of(images: pa.BinaryArray) -> Iterator[Blob]:
    """View value after value of a column."""
    view, ends = blob_views(images)
    return (view[start:stop] for start, stop in pairwise(ends))
