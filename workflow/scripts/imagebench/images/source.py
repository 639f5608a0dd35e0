"""Images out of an array, as many as are asked for: repeated, and each copy changed in its own way.

Ten million images of fifty thousand are not a file of 30 GB, but an index into an array. A copy is
turned, mirrored and shifted, so that no file system and no format finds the same bytes twice, while
an image compresses about as well as before.
"""

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from ..digests import DIGEST_BYTES, image_digests
from ..files import published_file
from ..pieces import PIECE_BYTES, Digests, Facts, Image, Labels, Piece, Source, as_many, spans
from .arrays import save_parts

CHUNK_IMAGES = 4096
"""So many are changed at once, so that little memory is needed besides that of the piece."""

DIGESTED_BYTES = 16 << 20
"""Bytes of pixels that are digested at once; more at once would take no less time."""


class ArraySource(Source):
    """An array of images, and copies of it behind each other."""

    def __init__(
        self,
        images: Image,
        labels: Labels,
        digests: Digests,
        seed: int = 0,
        piece_bytes: int = PIECE_BYTES,
    ) -> None:
        """Take what there is.

        Args:
            images: shape (m, height, width) or (m, height, width, channels); mapped, or in memory.
            labels: shape (m,), any whole numbers.
            digests: of the n images that are asked for, more or fewer than m; shape (n, 32).
            seed: of how copies are changed.
            piece_bytes: of pixels in a piece.
        """
        self.images, self.digests = images, digests
        self.seed, self.piece_bytes = seed, piece_bytes
        every = np.resize(np.asarray(labels, dtype=np.int64), len(digests))
        # What comes from a machine of the other byte order is turned as it is copied.
        self.facts = Facts(images.shape[1:], every, images.dtype.newbyteorder("="))
        self.only: list[Piece] = []

    def pieces(self, *, as_files: bool = False) -> Iterable[Piece]:
        """Go through the pieces; one that is alone stays in memory.

        Raises:
            ValueError: if files are asked for, of which there are none.
        """
        if as_files:
            raise ValueError("images out of an array have no files")
        if self.is_in_pieces:
            together = as_many(self.facts.image_bytes, self.piece_bytes)
            return map(self.piece, spans(self.facts.count, together))
        if not self.only:
            self.only = [self.piece(slice(0, self.facts.count))]
        return self.only

    def piece(self, span: slice) -> Piece:
        """Copy some images, each changed as its copy is."""
        images = np.empty((span.stop - span.start, *self.images.shape[1:]), self.facts.dtype)
        place = span.start
        while place < span.stop:
            copy, first = divmod(place, len(self.images))
            last = min(first + min(span.stop - place, CHUNK_IMAGES), len(self.images))
            target = slice(place - span.start, place - span.start + last - first)
            images[target] = changed(self.images[first:last], copy, self.seed)
            place += last - first
        return Piece(images, self.facts.labels[span])


def changed(images: Image, copy: int, seed: int) -> Image:
    """Turn, mirror and shift all images of a copy alike; copy 0 stays what it is.

    No two of the first 8 x height x width copies are changed in the same way (of images that are
    not square, which are only turned upside down, half as many). What is shifted out at one side
    comes in at the other.

    Args:
        images: shape (n, height, width) or (n, height, width, channels).
        copy: its number.
        seed: of the order in which the ways are taken.
    """
    if copy == 0:
        return images
    height, width = images.shape[1:3]
    turns = 4 if height == width else 2
    ways = np.arange(1, turns * 2 * height * width)
    number = int(np.random.default_rng(seed).permutation(ways)[(copy - 1) % len(ways)])
    number, turn = divmod(number, turns)
    number, mirror = divmod(number, 2)
    down, right = divmod(number, width)
    images = np.rot90(images, turn * 4 // turns, axes=(1, 2))
    if mirror:
        images = images[:, :, ::-1]
    return np.roll(images, (down, right), axis=(1, 2))


def write_digests(images: Path, labels: Path, count: int, seed: int, target: Path) -> None:
    """Digest each of so many images, and write an array of shape (count, 32), uint8.

    Args:
        images: that are repeated.
        labels: of these.
        count: how many images there are to be.
        seed: of how copies are changed.
        target: the .npy file to make.
    """
    none_yet = np.broadcast_to(np.uint8(0), (count, DIGEST_BYTES))
    arrays = np.load(images, mmap_mode="r"), np.load(labels, mmap_mode="r")
    source = ArraySource(*arrays, none_yet, seed, DIGESTED_BYTES)
    with published_file(target) as partial:
        parts = (image_digests(*piece) for piece in source.pieces())
        save_parts(partial, none_yet.shape, parts)
