"""The contract that every backend keeps.

A backend is one file beside this one, or a container and a codec together (see `blobs`). Name it in
the config; tests, rules and figures find it by themselves. docs/adding_a_format.md shows how.
"""

import math
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import BenchmarkError

Images = NDArray[np.uint8]
Labels = NDArray[np.uint8]
Indices = NDArray[np.int64]
Blob = bytes | memoryview
"""An encoded image; a view is only good until its reader is used again."""


class Described:
    """What tables, figures and records say of a backend, a container or a codec."""

    label: str
    """What figures and tables call it, such as "PNG files"."""

    good_for: str
    """One line on where it shines."""

    libraries: tuple[str, ...]
    """The installed distributions whose versions belong into the record of a measurement."""

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


class Reader(ABC):
    """A store that stays open for reading, by one process: random access, and batches."""

    @abstractmethod
    def __len__(self) -> int:
        """How many images there are."""

    @abstractmethod
    def read_at(self, indices: Indices) -> tuple[Images, Labels]:
        """Bring back some images and their labels, in the order of the indices.

        Args:
            indices: shape (k,), int64, at least one, each from 0 to below the number of images, in
                any order. Whoever implements it begins with ``require_indices``.

        Returns:
            New arrays of shape (k, height, width, 3) and (k,), uint8.

        Raises:
            ValueError: if there are no indices.
            Exception: any, if an index is too large: other bytes are never brought back.
        """

    @abstractmethod
    def close(self) -> None:
        """Let go of all files."""

    def __enter__(self) -> "Reader":
        """Use it in a with statement."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it at the end of a with statement."""
        self.close()


class Backend(Described, ABC):
    """One way of keeping images and labels on disk."""

    not_for_network: str | None = None
    """Why it should not be kept on a network file system, if it should not; one line."""

    lossless: bool = True
    """Whether images come back exactly as they were."""

    threads: int = 1
    """How many threads encode and decode."""

    largest_side: float = math.inf
    """Pixels that an image may be high or wide."""

    largest_pixels: float = math.inf
    """Pixels that an image may have."""

    @abstractmethod
    def store(self, images: Images, labels: Labels, path: Path) -> None:
        """Write all images and labels into the new folder ``path``; return when all is closed.

        Whoever implements it begins with ``require_storable``.

        Args:
            images: shape (n, height, width, 3), uint8.
            labels: shape (n,), uint8.
            path: a folder that does not exist yet; its parent does.

        Raises:
            FileExistsError: if ``path`` exists, so that no two stores are ever mixed.
            ValueError: if there are no images, or the arrays are not as said above.
            BenchmarkError: if an image is larger than the format holds.
        """

    @abstractmethod
    def read(self, path: Path) -> tuple[Images, Labels]:
        """Bring back what ``store`` wrote, in the same order, shapes and dtypes."""

    def store_one(self, image: Images, label: int, path: Path) -> None:
        """Write one image and its label; as many are written, unless there is a shorter way.

        Args:
            image: shape (height, width, 3), uint8.
            label: 0 to 255.
            path: a folder that does not exist yet; its parent does.

        Raises:
            FileExistsError: if ``path`` exists.
            ValueError: if the image or the label is not as said above.
            BenchmarkError: if the image is larger than the format holds.
        """
        self.store(*self.storable_one(image, label), path)

    def read_one(self, path: Path) -> tuple[Images, int]:
        """Bring back what ``store_one`` wrote; as many are read, unless there is a shorter way."""
        images, labels = self.read(path)
        return images[0], int(labels[0])

    @abstractmethod
    def open(self, path: Path) -> Reader:
        """Open what ``store`` wrote, for reading any of it in any order."""

    def as_read(self, images: Images) -> Images:
        """Give images as they come back from a store: the same, unless a codec is lossy.

        Args:
            images: shape (n, height, width, 3), uint8.
        """
        return images

    def codec_seconds(self, images: Images) -> tuple[float, float] | None:
        """Time encoding and decoding by themselves, in memory; None where there is no codec.

        Args:
            images: shape (n, height, width, 3), uint8.

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

    def require_storable(self, images: Images, labels: Labels) -> None:
        """Refuse, before anything is written, what would not come back as it was.

        Raises:
            ValueError: if the arrays are not as ``store`` takes them.
            BenchmarkError: if the images are larger than the format holds.
        """
        if not is_bytes(images) or images.ndim != 4 or images.shape[3] != 3:
            raise ValueError(
                "images must be a NumPy array of uint8, of shape (n, height, width, 3), but are "
                f"{kind_of(images)}"
            )
        count, height, width = images.shape[:3]
        if not count:
            raise ValueError("there are no images to store")
        if not height or not width:
            raise ValueError(f"images of {height} x {width} pixels have nothing to store")
        if not is_bytes(labels) or labels.shape != (count,):
            raise ValueError(
                f"labels must be a NumPy array of uint8, of shape ({count},) as there are images, "
                f"but are {kind_of(labels)}"
            )
        for given, most, where in (
            (max(height, width), self.largest_side, " a side"),
            (height * width, self.largest_pixels, ""),
        ):
            if given > most:
                raise BenchmarkError(
                    f"images of {height:,} x {width:,} pixels do not fit into {self.label}, which "
                    f"holds {most:,} pixels{where} at most: take another format for them"
                )

    def storable_one(self, image: Images, label: int) -> tuple[Images, Labels]:
        """Give one image and its label as ``store`` takes them.

        Raises:
            ValueError: if they are not as ``store_one`` takes them.
            BenchmarkError: if the image is larger than the format holds.
        """
        if not isinstance(label, int | np.integer) or not 0 <= label <= 255:
            raise ValueError(f"a label must be a whole number from 0 to 255, but is {label!r}")
        images, labels = np.asarray(image)[np.newaxis], np.array([label], dtype=np.uint8)
        self.require_storable(images, labels)
        return images, labels


def is_bytes(value: Any) -> bool:
    """Whether something is an array of bytes: nothing else comes back with the type it had."""
    return isinstance(value, np.ndarray) and value.dtype == np.uint8


def kind_of(value: Any) -> str:
    """Say what was given in place of an array of bytes."""
    if isinstance(value, np.ndarray):
        return f"{value.dtype} of shape {value.shape}"
    return f"a {type(value).__name__}"


def require_indices(indices: Indices) -> None:
    """Refuse to read nothing: the shape of images that are not there would be anybody's guess.

    Raises:
        ValueError: if there are no indices.
    """
    if not len(indices):
        raise ValueError("no indices: at least one image must be asked for")


def as_many(image_bytes: int, most_bytes: int) -> int:
    """How many images of so many bytes come to no more than so many; at least one.

    What goes through memory together is counted in bytes, since images can be of any size.
    """
    return max(1, most_bytes // image_bytes)
