"""What flows: images in pieces, what is known of all of them beforehand, and where they come from.

A data set need not fit in memory: a backend goes through an iterator of pieces when it stores, and
is an iterator of pieces when it reads.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Images = NDArray[np.uint8]
Labels = NDArray[np.int64]
Digests = NDArray[np.uint8]
"""One SHA-256 an image, of its shape, pixels and label; shape (n, 32)."""

PIECE_BYTES = 320 << 20
"""Pixels, in bytes, that a piece has at most, but for one image that is larger: the 100,000 images
of the tutorial are one piece."""


class Piece(NamedTuple):
    """Some images in order: shape (k, height, width, 3), uint8; and their labels: (k,), int64."""

    images: Images
    labels: Labels


@dataclass(frozen=True)
class Facts:
    """What is known of images before any of them is read.

    Attributes:
        shape: of each image: (height, width, 3).
        labels: of all images in order, shape (n,), int64, none of them negative.
    """

    shape: tuple[int, ...]
    labels: Labels

    @property
    def count(self) -> int:
        """How many images there are."""
        return len(self.labels)

    @property
    def image_bytes(self) -> int:
        """Bytes of the pixels of one image."""
        return int(np.prod(self.shape))

    @property
    def label_type(self) -> np.dtype[np.unsignedinteger]:
        """The smallest unsigned type that holds all labels: what stores keep them in."""
        return np.min_scalar_type(int(self.labels.max(initial=0)))


class Source(ABC):
    """Where the images of a data set come from, as often as they are asked for."""

    facts: Facts

    digests: Digests
    """Of each image."""

    piece_bytes: int = PIECE_BYTES

    @property
    def is_in_pieces(self) -> bool:
        """Whether there are several pieces; one is kept in memory."""
        return self.facts.count > as_many(self.facts.image_bytes, self.piece_bytes)

    @property
    def largest_piece(self) -> int:
        """Bytes of the pixels of the first piece: none has more."""
        some = min(self.facts.count, as_many(self.facts.image_bytes, self.piece_bytes))
        return some * self.facts.image_bytes

    @abstractmethod
    def pieces(self) -> Iterable[Piece]:
        """Go through all images in order, in pieces of at most ``piece_bytes``."""


def as_many(image_bytes: int, most_bytes: int) -> int:
    """How many images of so many bytes come to no more than so many; at least one.

    What goes through memory together is counted in bytes, since images can be of any size.
    """
    return max(1, most_bytes // image_bytes)


def spans(count: int, together: int) -> Iterator[slice]:
    """Cut so many images into spans of so many; the last may be shorter."""
    return (slice(start, min(start + together, count)) for start in range(0, count, together))


def numbered(pieces: Iterable[Piece]) -> Iterator[tuple[slice, Piece]]:
    """Say with each piece where its images stand among all."""
    start = 0
    for piece in pieces:
        count = len(piece.labels)
        yield slice(start, start + count), piece
        del piece  # else it would be in memory beside the next one
        start += count


def one_as_piece(image: Images, label: int) -> tuple[Piece, Facts]:
    """Give one image and its label as a piece, with its facts.

    Raises:
        ValueError: if the label is no whole number, or negative.
    """
    if not isinstance(label, int | np.integer) or label < 0:
        raise ValueError(f"a label must be a whole number from 0 on, but is {label!r}")
    [piece], facts = in_one_piece(np.asarray(image)[np.newaxis], np.array([label], dtype=np.int64))
    return piece, facts


def in_one_piece(images: Images, labels: Labels) -> tuple[list[Piece], Facts]:
    """Give images that are in memory as the one piece that they are, with their facts."""
    return [Piece(images, labels)], Facts(images.shape[1:], labels)
