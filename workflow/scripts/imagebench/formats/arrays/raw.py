"""All bytes in one flat file behind one header: the baseline that every format is compared with."""

import math
import mmap
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...contract import Backend, Indices, Reader
from ...pieces import Facts, Image, Images, Piece, as_many, cut, numbered, spans
from ..support.checks import require_indices, storable

FILE_NAME = "images.raw"
HEADER = np.dtype("<u4")
"""The header is four numbers of this type: how many images, and their height, width and channels.

Of images that are anything else than three dimensions of bytes, or that differ, these three are 0,
0 and the bytes of a label; a table of their kinds comes first then.
"""

START = 4 * HEADER.itemsize
"""Where the pixels or the table begin, in bytes; the labels come behind the pixels."""

ROW = 3
"""Numbers of the table for each image: height, width, and channels with the bytes of each."""


class Raw(Backend):
    """The fastest plain way: one write of each array, and one read into memory made for it.

    Nothing is encoded or checked, and no call is repeated for each image, so that what is left is
    what the file system and the memory take. Random access maps the file: a call of the system for
    each image would take longer than copying it does; but not for the first one.
    """

    label = "Raw bytes (baseline)"
    good_for = "seeing how much of a format's time the machine takes for the bytes alone"
    libraries = ("numpy",)
    modes = ()  # whatever a file keeps, these are its pixels

    def store(self, pieces: Iterable[Piece], facts: Facts, path: Path) -> None:
        """Write the shape or the table, then all pixels, then all labels."""
        pieces = storable(self, pieces, facts)
        path.mkdir()
        with open(path / FILE_NAME, "wb", buffering=0) as file:
            if facts.shape is not None and len(facts.shape) == 3 and facts.dtype.itemsize == 1:
                write_all(file.fileno(), np.array([facts.count, *facts.shape], HEADER))
                for images, _ in pieces:
                    write_all(file.fileno(), images)
            else:
                write_with_table(file.fileno(), pieces, facts)
            write_all(file.fileno(), facts.labels.astype(facts.label_type))

    def read(self, path: Path) -> Iterator[Piece]:
        """Read the shape and the labels, then straight into one array of images after the other."""
        with open(path / FILE_NAME, "rb", buffering=0) as file:
            layout = Layout.read(file.fileno())
            stored = np.empty(layout.count, dtype=layout.label_type)
            read_all(file.fileno(), stored.data.cast("B"), layout.stop)
            labels = stored.astype(np.int64)
            os.lseek(file.fileno(), layout.start, os.SEEK_SET)
            for span in layout.spans(self.piece_bytes):
                pixels = np.empty(layout.size(span), dtype=np.uint8)
                read_all(file.fileno(), pixels.data)
                yield Piece(layout.images(pixels, span, alike=self.alike), labels[span])

    def open(self, path: Path) -> "RawReader":
        return RawReader(path, alike=self.alike)


@dataclass(frozen=True)
class Layout:
    """Where everything lies in a file.

    Attributes:
        count: how many images there are.
        shape: of each, where the header says it; bytes.
        table: of kinds, where it does not: shape (n, 3).
        start: where the pixels begin, in bytes.
        stop: where they end, and the labels begin.
        label_type: type of these.
    """

    count: int
    shape: tuple[int, ...]
    table: NDArray[np.int64] | None
    start: int
    stop: int
    label_type: np.dtype[np.unsignedinteger[Any]]

    @classmethod
    def read(cls, descriptor: int) -> "Layout":
        """Read the header, and hold it against the size of the file before memory is asked for.

        Raises:
            ValueError: if they do not go together.
        """
        header = np.empty(4, HEADER)
        read_all(descriptor, header.data.cast("B"))
        count, *shape = header.tolist()
        size = os.fstat(descriptor).st_size
        has_table = not shape[0] and not shape[1]
        start, table = START, None
        if has_table:
            start += count * ROW * HEADER.itemsize
            if start > size:
                raise ValueError(f"its header says {count} images, which do not fit into it")
            numbers = np.empty((count, ROW), HEADER)
            read_all(descriptor, numbers.reshape(-1).data.cast("B"))
            table = numbers.astype(np.int64)
        stop = start + (math.prod(header.tolist()) if table is None else int(bytes_of(table).sum()))
        label_bytes, more = divmod(size - stop, max(count, 1))
        if label_bytes not in (1, 2, 4, 8) or more or (has_table and label_bytes != shape[2]):
            raise ValueError(
                f"its header says {header.tolist()}, which does not go with {size} bytes"
            )
        return cls(count, tuple(shape), table, start, stop, np.dtype(f"<u{label_bytes}"))

    @cached_property
    def ends(self) -> NDArray[np.int64]:
        """Where the pixels of each image end, counted from the first; of those with a table."""
        assert self.table is not None  # noqa: S101
        return np.cumsum(bytes_of(self.table))

    def spans(self, most_bytes: int) -> Iterator[slice]:
        """Cut all images into spans of at most so many bytes."""
        if self.table is None:
            return spans(self.count, as_many(math.prod(self.shape), most_bytes))
        return cut(bytes_of(self.table).tolist(), most_bytes)

    def size(self, span: slice) -> int:
        """Bytes of the pixels of some images in order."""
        if self.table is None:
            return (span.stop - span.start) * math.prod(self.shape)
        return int(bytes_of(self.table[span]).sum())

    def images(self, pixels: NDArray[np.uint8], span: slice, *, alike: bool) -> Images:
        """View pixels as the images that they are."""
        if self.table is None:
            return pixels.reshape(-1, *self.shape)
        if alike:
            shape, kind = kind_of(self.table[span.start].tolist())
            return pixels.view(kind).reshape(-1, *shape)
        stops = np.cumsum(bytes_of(self.table[span])).tolist()
        each = zip([0, *stops], stops, self.table[span].tolist(), strict=False)
        return [viewed(pixels[start:stop], row) for start, stop, row in each]


class RawReader(Reader):
    """Arrays that lie in the mapped file."""

    def __init__(self, path: Path, *, alike: bool) -> None:
        with open(path / FILE_NAME, "rb", buffering=0) as file:
            self.layout = Layout.read(file.fileno())
            self.map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            self.descriptor = os.dup(file.fileno())
        start, stop, self.label_type = self.layout.start, self.layout.stop, self.layout.label_type
        self.pixels = np.frombuffer(self.map, np.uint8, stop - start, start)
        self.labels = np.frombuffer(self.map, self.label_type, offset=stop)
        self.alike, self.is_unused = alike, True
        if self.layout.table is None or alike:
            everything = slice(0, self.layout.count)
            self.images: Any = self.layout.images(self.pixels, everything, alike=True)

    def __len__(self) -> int:
        return len(self.labels)

    def read_at(self, indices: Indices) -> Piece:
        """Copy some images together; a first one that is alone is read from the file by itself.

        Whoever touches a map that is not in memory has megabytes read around that place, on some
        disks: as well for all that come after it, and in vain for one.
        """
        require_indices(indices)
        if self.is_unused and len(indices) == 1:
            self.is_unused = False
            return self.read_alone(int(indices[0]))
        labels = self.labels[indices].astype(np.int64)
        if self.layout.table is None or self.alike:
            return Piece(self.images[indices], labels)
        return Piece([self.one(index) for index in indices.tolist()], labels)

    def one(self, index: int) -> Image:
        """Copy one image, which can have a shape of its own."""
        assert self.layout.table is not None  # noqa: S101
        stop = int(self.layout.ends[index])
        row = self.layout.table[index].tolist()
        start = stop - math.prod(kind_of(row)[0]) * kind_of(row)[1].itemsize
        return viewed(self.pixels[start:stop].copy(), row)

    def read_alone(self, index: int) -> Piece:
        """Read one image and its label, and nothing beside them.

        Raises:
            IndexError: if there is no such image: what lies behind the last one are labels.
        """
        if not 0 <= index < len(self):
            raise IndexError(f"there is no image {index} among {len(self)}")
        span = slice(index, index + 1)
        size = self.layout.size(span)
        pixels = np.empty(size, np.uint8)
        label = np.empty(1, self.label_type)
        before = index * size if self.layout.table is None else int(self.layout.ends[index]) - size
        read_all(self.descriptor, pixels.data, self.layout.start + before)
        read_all(self.descriptor, label.data, self.layout.stop + index * label.nbytes)
        return Piece(self.layout.images(pixels, span, alike=self.alike), label.astype(np.int64))

    def close(self) -> None:
        self.images = None
        del self.pixels, self.labels
        self.map.close()
        os.close(self.descriptor)


def write_with_table(descriptor: int, pieces: Iterable[Piece], facts: Facts) -> None:
    """Write the table of kinds, which is filled in at last, and all pixels."""
    write_all(descriptor, np.array([facts.count, 0, 0, facts.label_type.itemsize], HEADER))
    table = np.zeros((facts.count, ROW), HEADER)
    write_all(descriptor, table)
    images: Any
    for span, (images, _) in numbered(pieces):
        table[span] = [
            (*image.shape[:2], (image.shape[2] if image.ndim > 2 else 0) << 8 | image.itemsize)
            for image in images
        ]
        if isinstance(images, np.ndarray):
            write_all(descriptor, images)
        else:
            for image in images:
                write_all(descriptor, image)
    os.pwrite(descriptor, table.tobytes(), START)


def kind_of(row: list[int]) -> tuple[tuple[int, ...], np.dtype[Any]]:
    """Give shape and type of an image, as its row of the table says."""
    height, width, kind = row
    shape = (height, width, kind >> 8) if kind >> 8 else (height, width)
    return shape, np.dtype(f"<u{kind & 255}")


def viewed(pixels: NDArray[np.uint8], row: list[int]) -> Image:
    """View bytes as the image that a row of the table describes."""
    shape, kind = kind_of(row)
    return pixels.view(kind).reshape(shape)


def bytes_of(table: NDArray[np.int64]) -> NDArray[np.int64]:
    """Bytes of the pixels of each image."""
    heights, widths, kinds = table.T
    return heights * widths * np.maximum(kinds >> 8, 1) * (kinds & 255)


def write_all(descriptor: int, array: Any) -> None:
    """Write every byte; one call of the system writes 2 GiB at most."""
    data = np.ascontiguousarray(array).data.cast("B")
    while data:
        data = data[os.write(descriptor, data) :]


def read_all(descriptor: int, target: memoryview, offset: int | None = None) -> None:
    """Fill the target.

    Args:
        descriptor: of an open file.
        target: bytes to be filled.
        offset: where to begin in the file, in bytes; None for where it was left.

    Raises:
        EOFError: if the file ends before it is full.
    """
    if offset is not None:
        os.lseek(descriptor, offset, os.SEEK_SET)
    while target:
        count = os.readv(descriptor, [target])
        if not count:
            raise EOFError(f"the file ends {len(target)} bytes too early")
        target = target[count:]
