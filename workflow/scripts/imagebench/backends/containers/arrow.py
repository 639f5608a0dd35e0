"""One row of an Arrow table an image, in a file of the IPC format."""

from collections.abc import Iterable, Iterator
from itertools import islice, pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa

from ..base import Blob, Indices, Labels
from .base import BlobReader, Container

FILE_NAME = "images.arrow"
ROWS = 1024
"""A record batch."""

SCHEMA = pa.schema([("image", pa.binary()), ("label", pa.uint8())])


def record_batches(blobs: Iterable[bytes], labels: Labels) -> Iterator[pa.RecordBatch]:
    """Make record batches of so many rows while the blobs come in."""
    several = iter(blobs)
    for start in range(0, len(labels), ROWS):
        part = labels[start : start + ROWS]
        images = pa.array(list(islice(several, len(part))), pa.binary())
        yield pa.record_batch([images, pa.array(part, pa.uint8())], schema=SCHEMA)


def blob_views(images: pa.BinaryArray) -> tuple[memoryview, list[int]]:
    """View the bytes of a column without a copy, and say between which places its values lie."""
    _, offsets, data = images.buffers()
    ends = np.frombuffer(offsets, np.int32)[images.offset : images.offset + len(images) + 1]
    return memoryview(data).cast("B"), ends.tolist()


def read_batches(file: pa.NativeFile) -> list[pa.RecordBatch]:
    """List the record batches of a file, whose columns are views of it.

    Raises:
        ValueError: if they are not of the length that makes rows easy to find.
    """
    reader = pa.ipc.open_file(file)
    batches = [reader.get_batch(number) for number in range(reader.num_record_batches)]
    if any(batch.num_rows != ROWS for batch in batches[:-1]) or not batches:
        raise ValueError(f"its record batches are not of {ROWS} rows")
    return batches


class Arrow(Container):
    """Record batches in a mapped file; values are found by their offsets, without Arrow's ``take``.

    ``take`` copies its way through all batches: shuffled batches of 256 of 100,000 images took it
    ten seconds, where the offsets need a tenth of one.
    """

    label = "Arrow IPC"
    good_for = "images as a column of a table, read in any order without a copy"
    libraries = ("pyarrow",)
    requirements = "requirements-columns"

    def write(self, blobs: Iterable[bytes], labels: Labels, path: Path, ending: str) -> None:
        """Write batch after batch."""
        with (
            pa.OSFile(str(path / FILE_NAME), "wb") as file,
            pa.ipc.new_file(file, SCHEMA) as writer,
        ):
            for batch in record_batches(blobs, labels):
                writer.write_batch(batch)

    def open(self, path: Path) -> "ArrowReader":
        """Map the file."""
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
            self.all_labels = np.concatenate(columns).astype(np.uint8)
            del columns
        self.file = pa.memory_map(str(path / FILE_NAME))
        self.parts = [blob_views(batch.column(0)) for batch in read_batches(self.file)]

    def all(self) -> Iterator[Blob]:
        """View value after value."""
        for view, ends in self.parts:
            for start, stop in pairwise(ends):
                yield view[start:stop]

    def some(self, indices: Indices) -> tuple[Iterator[Blob], Labels]:
        """View some values."""
        return map(self.blob, indices.tolist()), self.all_labels[indices]

    def blob(self, index: int) -> Blob:
        """View one value."""
        part, row = divmod(index, ROWS)
        view, ends = self.parts[part]
        return view[ends[row] : ends[row + 1]]

    def close(self) -> None:
        """Unmap the file, when nobody holds a view any more."""
        self.parts.clear()
        self.file.close()
