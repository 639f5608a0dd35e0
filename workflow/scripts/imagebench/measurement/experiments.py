"""The four experiments: storing and reading, one image and many, each verified.

Each runs in a process of its own and is one block. The clock runs around the backend's call alone;
folders, digests and disk use are dealt with before and after it.
"""

import gc
import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from .. import files
from ..failures import BenchmarkError, describe
from .clock import Timed, is_enough, time_call
from .digests import digest, digest_one
from .footprint import Footprint, footprint
from .memory import back_with_memory
from .page_cache import warm
from .placement import spread_folders

Array = NDArray[np.uint8]
Result = TypeVar("Result")

LEAST_SINGLE_CALLS = 20
"""A single image says little: so many different ones are stored and read in each block."""

STORE_COPIES = 3
READ_COPIES = 2
"""Times the images' bytes that are made ready as memory before each sample: what the backends hold
at once, in the process and in the page cache. When storing LMDB takes most, with each record in a
page of its own, and that page in memory and in the cache; when reading, a list of images and the
array that they become."""


class Storage(Protocol):
    """The part of a backend that is timed."""

    def store(self, images: Array, labels: Array, path: Path) -> None:
        """Write all images and labels into the new folder ``path``."""

    def read(self, path: Path) -> tuple[Array, Array]:
        """Bring them back."""

    def store_one(self, image: Array, label: int, path: Path) -> None:
        """Write one image and its label into the new folder ``path``."""

    def read_one(self, path: Path) -> tuple[Array, int]:
        """Bring it back."""


@dataclass(frozen=True)
class Sample:
    """One timed call: seconds, and the disk use in bytes and files of the store it concerned."""

    iteration: int
    seconds: float
    cpu_user_seconds: float
    cpu_system_seconds: float
    bytes_logical: int
    bytes_allocated: int
    files: int

    @classmethod
    def of(cls, iteration: int, timed: Timed[Any], size: Footprint) -> "Sample":
        """Join what the clock and the disk said."""
        return cls(
            iteration,
            timed.seconds,
            timed.cpu_user_seconds,
            timed.cpu_system_seconds,
            **asdict(size),
        )


def store_many(backend: Storage, images: Array, labels: Array, store: Path) -> list[Sample]:
    """Time storing all images at once, and leave one complete store.

    Args:
        backend: what is timed.
        images: shape (n, height, width, 3), uint8, in memory.
        labels: shape (n,), uint8.
        store: the folder to leave; it is there only when it is complete.

    Returns:
        One sample for each time that the images were stored.
    """
    prepare(backend, images.shape[1:], store)
    samples: list[Sample] = []
    while not samples or not is_enough(len(samples), total_seconds(samples)):
        with files.published_folder(store) as folder:
            back_with_memory(STORE_COPIES * images.nbytes)
            timed = time_call(partial(backend.store, images, labels, folder))
            samples.append(Sample.of(len(samples), timed, footprint(folder)))
    return samples


def read_many(backend: Storage, store: Path, shape: tuple[int, ...], expected: str) -> list[Sample]:
    """Time reading a whole store with a warm page cache; verify each read.

    Args:
        backend: what is timed.
        store: a folder that ``store_many`` left.
        shape: of the images in it: (n, height, width, 3).
        expected: digest of the images and labels that were stored.

    Raises:
        BenchmarkError: if the store cannot be read, or brings back anything else than was stored.
    """
    size = footprint(store)
    prepare(backend, shape[1:], store)
    warm(store)
    samples: list[Sample] = []
    while not samples or not is_enough(len(samples), total_seconds(samples)):
        back_with_memory(READ_COPIES * math.prod(shape))
        timed = checked_read(partial(backend.read, store), store)
        images, labels = timed.result
        require_equal(digest(images, labels), expected, store)
        samples.append(Sample.of(len(samples), timed, size))
        del timed, images, labels  # the next read must not find two copies in memory
    return samples


def store_single(
    backend: Storage, images: Array, labels: Array, store: Path
) -> tuple[list[Sample], list[str]]:
    """Time storing one image at a time, each a different one in a store of its own.

    The stores are left in ``store`` as folders ``0``, ``1``, ...; images are taken from the start
    of ``images``, over again when there are few.

    Returns:
        One sample for each image, and the digest of each.
    """
    prepare(backend, images.shape[1:], store)
    samples: list[Sample] = []
    digests: list[str] = []
    with files.published_folder(store) as folder:
        folder.mkdir()
        while not is_enough(len(samples), total_seconds(samples), LEAST_SINGLE_CALLS):
            number = len(samples)
            image, label = images[number % len(images)], int(labels[number % len(labels)])
            place = folder / str(number)
            timed = time_call(partial(backend.store_one, image, label, place))
            samples.append(Sample.of(number, timed, footprint(place)))
            digests.append(digest_one(image, label))
    return samples, digests


def read_single(
    backend: Storage, store: Path, shape: tuple[int, ...], expected: list[str]
) -> list[Sample]:
    """Time reading the single-image stores that ``store_single`` left, in turn; verify each.

    Args:
        backend: what is timed.
        store: the folder of stores ``0``, ``1``, ...
        shape: of one image: (height, width, 3).
        expected: digest of each image with its label.

    Raises:
        BenchmarkError: if a store cannot be read, or brings back anything else than was stored.
    """
    prepare(backend, shape, store)
    warm(store)
    samples: list[Sample] = []
    while not is_enough(len(samples), total_seconds(samples), len(expected)):
        number = len(samples) % len(expected)
        place = store / str(number)
        timed = checked_read(partial(backend.read_one, place), place)
        image, label = timed.result
        require_equal(digest_one(image, label), expected[number], place)
        samples.append(Sample.of(len(samples), timed, footprint(place)))
    return samples


def total_seconds(samples: list[Sample]) -> float:
    """Seconds that all samples took together."""
    return sum(sample.seconds for sample in samples)


def prepare(backend: Storage, shape: tuple[int, ...], store: Path) -> None:
    """Let nothing that is not the backend's work fall into the first sample.

    One blank image is stored and read, since libraries put imports off until they are first used.
    What exists so far is taken out of the sight of the garbage collector, so that collecting before
    each sample is quick.

    Args:
        backend: what will be timed.
        shape: of one image: (height, width, 3).
        store: the folder that will be written or read.
    """
    store.parent.mkdir(parents=True, exist_ok=True)
    spread_folders(store.parent)
    image = np.zeros(shape, dtype=np.uint8)
    with files.scratch_folder(store.with_name(f".{store.name}.preparation")) as folder:
        backend.store(image[np.newaxis], np.zeros(1, dtype=np.uint8), folder / "many")
        backend.read(folder / "many")
        backend.store_one(image, 0, folder / "one")
        backend.read_one(folder / "one")
    gc.collect()
    gc.freeze()


def checked_read(call: Callable[[], Result], store: Path) -> Timed[Result]:
    """Time a read; say in one line which store it was, when it cannot be read.

    A damaged store can make a library raise almost anything, so that everything is caught.
    """
    try:
        return time_call(call)
    except MemoryError:
        raise
    except Exception as error:
        raise BenchmarkError(
            f"the store {store} cannot be read: {describe(error)}; "
            "it was damaged after it was written: delete it and run again"
        ) from error


def require_complete(store: Path, stored: Mapping[str, Any]) -> None:
    """Raise unless a store still has the files and bytes that it had when it was written.

    Some libraries map a file into memory and die without a word when it is shorter than it was, so
    that this is asked before they open it.

    Args:
        store: the folder.
        stored: the sample that was recorded when it was stored, with ``bytes_logical`` and
            ``files``.
    """
    size = footprint(store)
    if (size.bytes_logical, size.files) != (stored["bytes_logical"], stored["files"]):
        raise BenchmarkError(
            f"the store {store} has {size.bytes_logical} bytes in {size.files} files, but was "
            f"written with {stored['bytes_logical']} in {stored['files']}: delete it and run "
            "again"
        )


def require_equal(found: str, expected: str, store: Path) -> None:
    """Raise unless what was read has the digest of what was stored."""
    if found != expected:
        raise BenchmarkError(
            f"the store {store} gave back other pixels or labels than were stored "
            f"(SHA-256 {found[:12]} in place of {expected[:12]}): delete it and run again"
        )
