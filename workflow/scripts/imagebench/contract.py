"""What every plug-in keeps to: read this first.

A format is a backend of one file, or a container and a codec together; an operation is one thing
that is timed. Each is one file, found by its name (see ``discover``): docs/adding_a_format.md and
docs/adding_an_operation.md show how.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from .changes import UNCHANGED, Change
from .pieces import PIECE_BYTES, Facts, Image, Images, Piece, one_as_piece

Indices = NDArray[np.int64]
StoredLabels = NDArray[np.integer[Any]]
"""Labels in the type that a store keeps them in."""

Blob = bytes | memoryview
"""An encoded image; a view is only good until its reader is used again."""


PIXELS = ("L", "LA", "RGB", "RGBA", "L;16", "LA;16", "RGB;16", "RGBA;16")
"""Modes that are arrays of numbers and nothing else: what holds any pixels keeps all of these."""


class Described:
    """What tables, figures and records say of a backend, a container or a codec."""

    label: str
    """What figures and tables call it, such as "PNG files"."""

    good_for: str
    """One line on where it shines."""

    libraries: tuple[str, ...]
    """The installed distributions whose versions belong into the record of a measurement."""

    appendable: bool = False
    """Whether more images can be added to what is there, without writing all of it anew."""

    warning: str | None = None
    """What a reader must know if it is advised; it goes on after "Mind that"."""

    requirements: str = "requirements"
    """The file in envs/, without its ending, that lists these libraries."""

    def __init_subclass__(cls, **options: Any) -> None:
        """Refuse a complete class that does not say what it is called, good for and made with."""
        super().__init_subclass__(**options)
        if ABC in cls.__bases__:
            return
        for name in ("label", "good_for", "libraries"):
            if not hasattr(cls, name):
                raise TypeError(f"{cls.__module__}: {cls.__name__} must define {name!r}")


class HoldsImages(Described, ABC):
    """What a backend and a codec say of the images that they hold."""

    lossless: bool = True
    """Whether images come back exactly as they were."""

    largest_side: float = math.inf
    """Pixels that an image may be high or wide."""

    largest_pixels: float = math.inf
    """Pixels that an image may have."""

    largest_file: float = math.inf
    """Bytes that the file of an image may have, where files are kept."""

    modes: tuple[str, ...] = ("RGB",)
    """Modes of images that are kept as they are, in Pillow's words, with ";16" behind those of 16
    bits; empty for all that there are."""

    keeps_files: bool = False
    """Whether it keeps the bytes of images' files, and is given these in place of pixels."""


class Opened(ABC):
    """Whatever stays open until it is closed, or until the end of a with statement."""

    @abstractmethod
    def close(self) -> None:
        """Let go of all files."""

    def __enter__(self) -> Self:
        """Begin a with statement."""
        return self

    def __exit__(self, *_: object) -> None:
        """End it."""
        self.close()


class Reader(Opened):
    """A store that stays open for reading, by one process: random access, and batches."""

    @abstractmethod
    def __len__(self) -> int:
        """How many images there are."""

    @abstractmethod
    def read_at(self, indices: Indices) -> Piece:
        """Bring back some images and their labels, in the order of the indices.

        Args:
            indices: shape (k,), int64, at least one, each from 0 to below the number of images, in
                any order. Whoever implements it begins with ``require_indices``.

        Returns:
            New arrays: a piece.

        Raises:
            ValueError: if there are no indices.
            Exception: any, if an index is too large: other bytes are never brought back.
        """


class Backend(HoldsImages, ABC):
    """One way of keeping images and labels on disk."""

    not_for_network: str | None = None
    """Why it should not be kept on a network file system, if it should not; one line."""

    one_shape: bool = False
    """Whether all images must have one shape and type."""

    alike: bool = True
    """Whether they have, so that a piece is one array and not a list; said by whoever reads."""

    change: Change = UNCHANGED
    """What is done to images that are decoded from original files; said by whoever reads."""

    threads: int = 1
    """How many threads encode and decode."""

    piece_bytes: int = PIECE_BYTES
    """Pixels, in bytes, that reading brings back in one piece, but for one image that is larger."""

    @abstractmethod
    def store(self, pieces: Iterable[Piece], facts: Facts, path: Path) -> None:
        """Write all images and labels into the new folder ``path``; return when all is closed.

        Whoever implements it begins with ``storable``, and goes through the pieces once: the clock
        stands while the next one is made, and nothing may be done meanwhile, in threads either.

        Args:
            pieces: all images in order.
            facts: what is known of them.
            path: a folder that does not exist yet; its parent does.

        Raises:
            FileExistsError: if ``path`` exists, so that no two stores are ever mixed.
            ValueError: if there are no images, or they are not as the facts say.
            BenchmarkError: if an image is larger than the format holds.
        """

    @abstractmethod
    def read(self, path: Path) -> Iterator[Piece]:
        """Bring back what ``store`` wrote, in the same order, in pieces of ``piece_bytes``.

        Each piece is new arrays. The clock stands from one piece to the next.
        """

    def store_one(self, image: Image | bytes, label: int, path: Path) -> None:
        """Write one image and its label; as many are written, unless there is a shorter way.

        Args:
            image: its pixels; for what keeps files, the bytes of its file.
            label: not negative.
            path: as ``store`` has it, and with the same errors.
        """
        piece, facts = one_as_piece(image, label)
        self.store([piece], facts, path)

    def read_one(self, path: Path) -> tuple[Image, int]:
        """Bring back what ``store_one`` wrote; as many are read, unless there is a shorter way."""
        [(images, labels)] = self.read(path)
        image: Any = images[0]
        return image, int(labels[0])

    @abstractmethod
    def open(self, path: Path) -> Reader:
        """Open what ``store`` wrote, for reading any of it in any order."""

    def as_read(self, images: Images) -> Images:
        """Give images as they come back from a store: the same, unless a codec is lossy."""
        return images

    def codec_seconds(self, images: Images) -> tuple[float, float] | None:
        """Time encoding and decoding by themselves, in memory; None where there is no codec.

        Returns:
            Seconds to encode all images, and seconds to decode what that gave.
        """
        return None

    def most_space(self, count: int, image_bytes: int) -> tuple[int, int]:
        """Bytes and files that a store of so many images takes at most.

        It is asked for before anything is written, so that a file system that is too small is found
        out in the beginning. The last block of each file is allowed for by the caller. Backends
        that need more than twice the pixels, or more than a few files, say so here.

        Args:
            count: number of images.
            image_bytes: bytes of the pixels of one image.
        """
        return 2 * count * (image_bytes + 1) + 2**20, 16


class Codec(HoldsImages, ABC):
    """One way of turning an image into bytes and back."""

    ending: str
    """What the name of a file with such bytes ends with, such as ``.png``."""

    at_least: int | None = None
    """Pixels of the shorter side that are brought back at least; None for all that there are."""

    gives_views: bool = False
    """Whether what it decodes lies in the blob still."""

    @abstractmethod
    def encode(self, image: Any) -> bytes:
        """Turn an image of one of its ``modes``, contiguous, into bytes."""

    @abstractmethod
    def decode(self, blob: Blob) -> Image:
        """Bring it back, with its shape and type; it may be a view of the blob.

        Raises:
            Exception: any, if the bytes are not those of an image.
        """

    def encode_all(self, images: Images) -> Iterator[bytes]:
        """Encode many images in order; replaced where there is a faster way.

        Args:
            images: at least one; contiguous, all of them where they are one array.
        """
        return map(self.encode, images)

    def decode_into(self, blobs: Iterable[Blob], images: Image) -> None:
        """Decode blobs into an array made for them; replaced where there is a faster way.

        Args:
            blobs: as many as the array has images.
            images: one array, contiguous; it is filled.

        Raises:
            ValueError: if there are more blobs or fewer, or images of another shape.
        """
        for image, blob in zip(images, blobs, strict=True):
            image[...] = self.decode(blob)

    def most_bytes(self, image_bytes: int) -> int:
        """Bytes of an encoded image at most, given the bytes of its pixels: noise is the worst."""
        return image_bytes + image_bytes // 2 + 1024


class BlobReader(Opened):
    """A container that stays open for reading, by one process.

    Buffers that it hands out need only be good until the next call or the end of the iteration.
    """

    all_labels: StoredLabels
    """Shape (n,); read on opening, unless ``__len__`` and ``labels`` do without."""

    def __len__(self) -> int:
        """How many blobs there are."""
        return len(self.all_labels)

    def labels(self, span: slice) -> StoredLabels:
        """Some labels in order; of blobs that ``all`` has handed out, where both are needed."""
        return self.all_labels[span]

    @abstractmethod
    def all(self) -> Iterator[Blob]:
        """Hand out all blobs in order, in the fastest way there is."""

    @abstractmethod
    def some(self, indices: Indices) -> tuple[Iterable[Blob], StoredLabels]:
        """Hand out some blobs and their labels, in the order of the indices.

        Args:
            indices: shape (k,), int64, each from 0 to below the number of blobs, in any order.
        """


class Container(Described, ABC):
    """One way of keeping blobs on disk."""

    not_for_network: str | None = None
    """Why it should not be kept on a network file system, if it should not; one line."""

    largest_blob: float = math.inf
    """Bytes that a blob may have; none that is longer is ever handed over."""

    @abstractmethod
    def write(self, blobs: Iterable[bytes], labels: StoredLabels, path: Path, ending: str) -> None:
        """Write all blobs and labels into the empty folder ``path``; return when all is closed.

        Args:
            blobs: as many as there are labels, at least one; they may be made while they are
                written, and can be gone through once.
            labels: shape (n,), of the smallest unsigned type that holds them all.
            path: an empty folder.
            ending: what the name of a file with one blob should end with, such as ``.png``.
        """

    @abstractmethod
    def open(self, path: Path) -> BlobReader:
        """Open what ``write`` wrote."""

    def most_space(self, count: int, blob_bytes: int) -> tuple[int, int]:
        """Bytes and files that so many blobs of at most so many bytes take at most.

        The last block of each file is allowed for by the caller.
        """
        return count * (blob_bytes + 64) + 2**20, 16
