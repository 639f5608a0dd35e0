"""One row of an Arrow table an image, in a file of the IPC format."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate, pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa

from ...contract import Blob, BlobReader, Container, Indices, StoredLabels
from ..support.together import together

FILE_NAME = "images.arrow"
ROWS = 1024
"""A record batch has at most; fewer where they are large."""

LARGEST = (1 << 31) - 1024
"""Bytes of a value: the places in a column have 31 bits, and Parquet puts a header before it."""


def schema(labels: StoredLabels) -> pa.Schema:
    """The columns of a table with labels of this type."""
    return pa.schema([("image", pa.binary()), ("label", pa.from_numpy_dtype(labels.dtype))])


def record_batches(blobs: Iterable[bytes], labels: StoredLabels) -> Iterator[pa.RecordBatch]:
    """Make record batches of at most so many rows while the blobs come in."""
    start = 0
    for some in together(blobs, ROWS):
        part = labels[start : start + len(some)]
        start += len(some)
        yield pa.record_batch([pa.array(some, pa.binary()), pa.array(part)], schema=schema(labels))


def blob_views(images: pa.BinaryArray) -> tuple[memoryview, list[int]]:
    """View the bytes of a column without a copy, and say between which places its values lie."""
    _, offsets, data = images.buffers()
    ends = np.frombuffer(offsets, np.int32)[images.offset : images.offset + len(images) + 1]
    return memoryview(data).cast("B"), ends.tolist()


def read_batches(file: pa.NativeFile) -> list[pa.RecordBatch]:
    """List the record batches of a file, whose columns are views of it."""
    reader = pa.ipc.open_file(file)
    return [reader.get_batch(number) for number in range(reader.num_record_batches)]


class Arrow(Container):
    """Record batches in a mapped file; values are found by their offsets, without Arrow's ``take``.

    ``take`` copies its way through all batches: shuffled batches of 256 of 100,000 images took it
    ten seconds, where the offsets need a tenth of one.
    """

    label = "Arrow IPC"
    good_for = "images as a column of a table, read in any order without a copy"
    libraries = ("pyarrow",)
    requirements = "requirements-columns"
    largest_blob = LARGEST

    def write(self, blobs: Iterable[bytes], labels: StoredLabels, path: Path, ending: str) -> None:
        with (
            pa.OSFile(str(path / FILE_NAME), "wb") as file,
            pa.ipc.new_file(file, schema(labels)) as writer,
        ):
            for batch in record_batches(blobs, labels):
                writer.write_batch(batch)

    def open(self, path: Path) -> "ArrowReader":
        return ArrowReader(path)


class ArrowReader(BlobReader):
    """Views of the mapped columns."""

    def __init__(self, path: Path) -> None:
        """Copy the labels, and find the images of all record batches.

        The labels lie between the images, and are read through a map of their own, so that no page
        of theirs stays mapped.
        """
        with pa.memory_map(str(path / FILE_NAME)) as file:
            columns = [batch.column(1).to_numpy() for batch in read_batches(file)]
            self.all_labels = np.concatenate(columns)
            del columns
        self.file = pa.memory_map(str(path / FILE_NAME))
        batches = read_batches(self.file)
        self.parts = [blob_views(batch.column(0)) for batch in batches]
        counts = [batch.num_rows for batch in batches]
        self.rows, self.firsts = counts[0], [0, *accumulate(counts)]
        # Dividing takes half the time of searching, for the same few bytes.
        alike = all(count == self.rows for count in counts[:-1])
        self.blob = self.divided if alike else self.searched

    def all(self) -> Iterator[Blob]:
        for view, ends in self.parts:
            for start, stop in pairwise(ends):
                yield view[start:stop]

    def some(self, indices: Indices) -> tuple[Iterator[Blob], StoredLabels]:
        return map(self.blob, indices.tolist()), self.all_labels[indices]

    def divided(self, index: int) -> Blob:
        """View one value, where all record batches but the last one have as many rows."""
        part, row = divmod(index, self.rows)
        view, ends = self.parts[part]
        return view[ends[row] : ends[row + 1]]

    def searched(self, index: int) -> Blob:
        """View one value, where record batches have as many rows as their bytes allow."""
        part = bisect_right(self.firsts, index) - 1
        view, ends = self.parts[part]
        row = index - self.firsts[part]
        return view[ends[row] : ends[row + 1]]

    def close(self) -> None:
        """Unmap the file, when nobody holds a view any more."""
        self.parts.clear()
        self.file.close()
