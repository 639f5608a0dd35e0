"""What flows: images in pieces, what is known of all of them beforehand, and where they come from.

A data set need not fit in memory: a backend goes through an iterator of pieces when it stores, and
is an iterator of pieces when it reads.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.unsignedinteger[Any]]
"""Pixels: shape (height, width), or (height, width, channels) of 2, 3 or 4; uint8 or uint16."""

BYTE = np.dtype(np.uint8)

Images = Image | list[Image] | list[bytes]
"""One array, (n, height, width) or (n, height, width, channels), where all have one shape and type;
a list where not. For what keeps files as they are, the bytes of each file."""

Labels = NDArray[np.int64]
Digests = NDArray[np.uint8]
"""One SHA-256 an image, of its shape, pixels and label; shape (n, 32)."""

PIECE_BYTES = 320 << 20
"""Pixels, in bytes, that a piece has at most, but for one image that is larger: the 100,000 images
of the tutorial are one piece."""

CHANNELS = {0: "L", 2: "LA", 3: "RGB", 4: "RGBA"}
"""Modes by the number of channels, in Pillow's words; 0 is an image of two dimensions."""


class Piece(NamedTuple):
    """Some images in order, and their labels: shape (k,), int64."""

    images: Images
    labels: Labels


class Kind(NamedTuple):
    """What one image of a data set looks like: its shape, None where they differ, and its type.

    Of files, ``change`` is the mode and the size that what is decoded is brought to.
    """

    shape: tuple[int, ...] | None
    dtype: str
    change: tuple[str | None, int | None] = (None, None)

    @property
    def is_one(self) -> bool:
        """Whether all images have one shape and type."""
        return self.shape is not None

    def blank(self) -> Image:
        """Make an image like it, or some image where they differ."""
        return np.zeros(self.shape or (32, 32, 3), self.dtype)


@dataclass(frozen=True)
class Facts:
    """What is known of images before any of them is read.

    Attributes:
        shape: of each image, (height, width) or (height, width, channels); None where they differ.
        labels: of all images in order, shape (n,), int64, none of them negative.
        dtype: of each image; of no meaning where shapes differ.
        sizes: bytes of the pixels of each image, where they differ; shape (n,).
        modes: how many images there are of each mode that decoding gives; "L;16" has 16 bits.
        cmyk: for each image, whether its four channels are cyan, magenta, yellow and black; None
            if no image's are.
        largest: height and width that no image goes beyond, where they differ.
        pixels: of all images, where they differ.
        file_bytes: of each image's file, where there are files; shape (n,).
        paths: of these files, in order.
        change: as ``Kind`` has it.
    """

    shape: tuple[int, ...] | None
    labels: Labels
    dtype: np.dtype[Any] = BYTE
    sizes: NDArray[np.int64] | None = None
    modes: Mapping[str, int] = field(default_factory=dict)
    cmyk: NDArray[np.bool_] | None = None
    largest: tuple[int, int] = (0, 0)
    pixels: int = 0
    file_bytes: NDArray[np.int64] | None = None
    paths: Sequence[bytes] = ()
    change: tuple[str | None, int | None] = (None, None)

    def __post_init__(self) -> None:
        """Fill in what follows from the shape, where all images have one."""
        if self.shape is not None and len(self.shape) > 1 and not self.largest[0]:
            height, width = self.shape[:2]
            object.__setattr__(self, "largest", (height, width))
            object.__setattr__(self, "pixels", height * width * self.count)
            if not self.modes:
                modes = {mode_of(self.shape, self.dtype): self.count}
                object.__setattr__(self, "modes", modes)

    @property
    def kind(self) -> "Kind":
        """What one image looks like."""
        return Kind(self.shape, self.dtype.str, self.change)

    def only(self, number: int) -> "Facts":
        """Facts of one image alone."""
        one = slice(number, number + 1)
        sizes, files = (None if of is None else of[one] for of in (self.sizes, self.file_bytes))
        cmyk = None if self.cmyk is None else self.cmyk[one]
        modes = {}
        if cmyk is not None and cmyk[0]:
            modes = {"CMYK": 1}
        elif self.shape is not None:
            modes = {mode_of(self.shape, self.dtype): 1}
        return replace(
            self, labels=self.labels[one], sizes=sizes, modes=modes, cmyk=cmyk, file_bytes=files,
            paths=self.paths[one],
        )  # fmt: skip

    @property
    def whole_shape(self) -> tuple[int, ...]:
        """The shape of one array of all images; for what holds images of one shape alone."""
        assert self.shape is not None  # noqa: S101
        return self.count, *self.shape

    @property
    def count(self) -> int:
        """How many images there are."""
        return len(self.labels)

    @property
    def image_bytes(self) -> int:
        """Bytes of the pixels of one image; of images that differ, the mean, rounded up."""
        if self.shape is not None:
            return int(np.prod(self.shape)) * self.dtype.itemsize
        return -(-self.total_bytes // self.count)

    @property
    def total_bytes(self) -> int:
        """Bytes of the pixels of all images."""
        return self.count * self.image_bytes if self.sizes is None else int(self.sizes.sum())

    @property
    def label_type(self) -> np.dtype[np.unsignedinteger[Any]]:
        """The smallest unsigned type that holds all labels: what stores keep them in."""
        # By its name, since NumPy's smallest type of 64 bits is a twin of uint64 that Zarr refuses.
        return np.dtype(np.min_scalar_type(int(self.labels.max(initial=0))).name)

    def spans(self, most_bytes: int) -> Iterator[slice]:
        """Cut all images into spans of at most so many bytes of pixels, or of one larger image."""
        if self.sizes is None:
            return spans(self.count, as_many(self.image_bytes, most_bytes))
        return cut(self.sizes, most_bytes)


def mode_of(shape: tuple[int, ...], dtype: np.dtype[Any]) -> str:
    """Name the mode of an image as Pillow does, with ";16" behind it where it has 16 bits."""
    channels = shape[2] if len(shape) > 2 else 0
    name = CHANNELS.get(channels, f"{channels} channels")
    return name if dtype.itemsize == 1 else f"{name};{8 * dtype.itemsize}"


class Source(ABC):
    """Where the images of a data set come from, as often as they are asked for."""

    facts: Facts

    digests: Digests
    """Of each image."""

    piece_bytes: int = PIECE_BYTES

    @property
    def is_in_pieces(self) -> bool:
        """Whether there are several pieces; one is kept in memory."""
        several = self.facts.spans(self.piece_bytes)
        return next(several, None) is not None and next(several, None) is not None

    @property
    def largest_piece(self) -> int:
        """Bytes of the pixels of the largest piece."""
        return largest_of(self.facts, self.piece_bytes)

    @abstractmethod
    def pieces(self, *, as_files: bool = False) -> Iterable[Piece]:
        """Go through all images in order, in pieces of at most ``piece_bytes``.

        Args:
            as_files: for what keeps files as they are: images are the bytes of their files.
        """


def largest_of(facts: Facts, piece_bytes: int) -> int:
    """Bytes of the pixels of the largest piece, where they are cut into pieces of so many."""
    if facts.sizes is None:
        return min(facts.count, as_many(facts.image_bytes, piece_bytes)) * facts.image_bytes
    return max(int(facts.sizes[span].sum()) for span in facts.spans(piece_bytes))


def as_many(image_bytes: int, most_bytes: int) -> int:
    """How many images of so many bytes come to no more than so many; at least one.

    What goes through memory together is counted in bytes, since images can be of any size.
    """
    return max(1, most_bytes // image_bytes)


def spans(count: int, together: int) -> Iterator[slice]:
    """Cut so many images into spans of so many; the last may be shorter."""
    return (slice(start, min(start + together, count)) for start in range(0, count, together))


def cut(sizes: Iterable[int], most_bytes: int) -> Iterator[slice]:
    """Cut images of these sizes in bytes into spans of at most so many; one image is never cut."""
    start = size = stop = 0
    for stop, one in enumerate(sizes):
        if size + one > most_bytes and stop > start:
            yield slice(start, stop)
            start, size = stop, 0
        size += int(one)
    yield slice(start, stop + 1)


def numbered(pieces: Iterable[Piece]) -> Iterator[tuple[slice, Piece]]:
    """Say with each piece where its images stand among all."""
    start = 0
    for piece in pieces:
        count = len(piece.labels)
        yield slice(start, start + count), piece
        del piece  # else it would be in memory beside the next one
        start += count


def one_as_piece(image: Image | bytes, label: int) -> tuple[Piece, Facts]:
    """Give one image and its label as a piece, with its facts.

    Raises:
        ValueError: if the label is no whole number, or negative.
    """
    if not isinstance(label, int | np.integer) or label < 0:
        raise ValueError(f"a label must be a whole number from 0 on, but is {label!r}")
    labels = np.array([label], dtype=np.int64)
    if isinstance(image, bytes):
        size = np.array([len(image)])
        return Piece([image], labels), Facts(None, labels, sizes=size, file_bytes=size)
    [piece], facts = in_one_piece(np.asarray(image)[np.newaxis], labels)
    return piece, facts


def in_one_piece(images: Image, labels: Labels) -> tuple[list[Piece], Facts]:
    """Give images that are in one array as the one piece that they are, with their facts."""
    return [Piece(images, labels)], Facts(images.shape[1:], labels, images.dtype)
