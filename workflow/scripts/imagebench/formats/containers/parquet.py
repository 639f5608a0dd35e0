"""One row of a Parquet file an image."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from ...contract import Blob, BlobReader, Container, Indices, StoredLabels
from .arrow import LARGEST, blob_views, record_batches, schema

FILE_NAME = "images.parquet"


class Parquet(Container):
    """A row group for each thousand images, without what does not help encoded images.

    That is dictionaries, statistics and compression. Reading uses one thread. A row group is the
    least that can be read, so that a shuffled batch reads many; of large images it has fewer.
    """

    label = "Parquet"
    good_for = "images as a column beside others that are filtered, read in order"
    libraries = ("pyarrow",)
    requirements = "requirements-columns"
    largest_blob = LARGEST

    def write(self, blobs: Iterable[bytes], labels: StoredLabels, path: Path, ending: str) -> None:
        with pq.ParquetWriter(
            path / FILE_NAME,
            schema(labels),
            compression="none",
            use_dictionary=False,
            write_statistics=False,
        ) as writer:
            for batch in record_batches(blobs, labels):
                writer.write_batch(batch)

    def open(self, path: Path) -> "ParquetReader":
        """Map the file, and read its footer."""
        return ParquetReader(path)


class ParquetReader(BlobReader):
    """One open file."""

    def __init__(self, path: Path) -> None:
        """Read the labels and the footer, the labels through a map that is not kept."""
        with pq.ParquetFile(path / FILE_NAME, memory_map=True) as file:
            column = file.read(["label"], use_threads=False).column(0)
            self.all_labels: StoredLabels = column.to_numpy().copy()
            del column
        self.file = pq.ParquetFile(path / FILE_NAME, memory_map=True)
        rows = [
            self.file.metadata.row_group(number).num_rows
            for number in range(self.file.num_row_groups)
        ]
        self.firsts = np.cumsum([0, *rows])

    def views(self, group: int) -> list[tuple[memoryview, list[int]]]:
        """Read the images of one row group, which are mostly, but need not be, in one piece."""
        table = self.file.read_row_group(group, ["image"], use_threads=False)
        return [blob_views(chunk) for chunk in table.column(0).chunks]

    def all(self) -> Iterator[Blob]:
        for group in range(len(self.firsts) - 1):
            for view, ends in self.views(group):
                for start, stop in pairwise(ends):
                    yield view[start:stop]

    def some(self, indices: Indices) -> tuple[list[Blob], StoredLabels]:
        """Read each row group that is needed once, and keep only what was asked for.

        A view would keep its whole row group in memory until the batch is decoded, and a batch may
        need as many row groups as it has images.
        """
        groups = np.searchsorted(self.firsts, indices, side="right") - 1
        found: list[Blob] = [b""] * len(indices)
        for group in np.unique(groups).tolist():
            places = np.flatnonzero(groups == group)
            rows = indices[places] - self.firsts[group]
            for view, ends in self.views(group):
                for place, row in zip(places.tolist(), rows.tolist(), strict=True):
                    if 0 <= row < len(ends) - 1:
                        found[place] = bytes(view[ends[row] : ends[row + 1]])
                rows -= len(ends) - 1
        return found, self.all_labels[indices]

    def close(self) -> None:
        self.file.close()
