"""One row of a Lance data set an image."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

import lance
import numpy as np
import pyarrow as pa

from ...contract import Blob, BlobReader, Container, Indices, Labels
from ..support.pieces import TOGETHER_BYTES, as_many
from .arrow import LARGEST, ROWS, SCHEMA, blob_views, record_batches

FOLDER_NAME = "images.lance"


class Lance(Container):
    """A data set of one fragment; Lance reads with threads of its own.

    A batch is asked for in one call of ``take``: one call an image takes many times as long.
    """

    label = "Lance"
    good_for = "tables of images that are both scanned and sampled, with versions"
    libraries = ("pylance", "pyarrow")
    requirements = "requirements-columns"
    largest_blob = LARGEST

    def write(self, blobs: Iterable[bytes], labels: Labels, path: Path, ending: str) -> None:
        reader = pa.RecordBatchReader.from_batches(SCHEMA, record_batches(blobs, labels))
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
        self.seen: list[Labels] = []

    def __len__(self) -> int:
        return int(self.count)

    def labels(self) -> Labels:
        """All labels: those that have just come with the images, or asked for by themselves."""
        if sum(map(len, self.seen)) != self.count:
            self.seen = [self.dataset.to_table(["label"]).column(0).to_numpy()]
        return np.concatenate(self.seen).astype(np.uint8)

    def all(self) -> Iterator[Blob]:
        self.seen = []
        rows = min(ROWS, self.rows)
        for batch in self.dataset.to_batches(batch_size=rows, scan_in_order=True):
            self.seen.append(batch.column("label").to_numpy())
            yield from views_of(batch.column("image"))

    def some(self, indices: Indices) -> tuple[Iterator[Blob], Labels]:
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
