"""A container and a codec together: a backend that keeps encoded images as blobs."""

import math
import os
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import chain, islice
from operator import attrgetter
from pathlib import Path
from typing import Any

import numpy as np

from .. import decoding
from ..changes import UNCHANGED, shrunk
from ..contract import Backend, Blob, BlobReader, Codec, Container, Indices, Reader
from ..errors import BenchmarkError
from ..pieces import Facts, Image, Images, Piece, as_many, cut, spans
from .support.checks import require_indices, storable, storable_one

TASK_BYTES = 3 << 20
"""Pixels, in bytes, that a thread encodes or decodes at a time: 1,024 images of 32 x 32."""


class Blobs(Backend):
    """Images that a codec has encoded, in a container that knows nothing of images."""

    # Told by the container and the codec; here for the check that every backend has them.
    label = good_for = ""
    libraries: tuple[str, ...] = ()

    def __init__(
        self, container: Container, codec: Codec, threads: int = 1, size: int | None = None
    ) -> None:
        """Join the two.

        Args:
            container: keeps the blobs.
            codec: makes them.
            threads: how many encode and decode at once.
            size: pixels that the shorter side of an image is shrunk to, before it is encoded; of
                what keeps files, after it is read.
        """
        self.container, self.codec, self.threads, self.size = container, codec, threads, size
        shrunk = words_of_size(size, keeps_files=codec.keeps_files)
        self.label = f"{container.label}, {codec.label}{shrunk}"
        self.label += ", all cores" if threads > 1 else ""
        self.good_for = f"{container.good_for}; {codec.good_for}"
        more = ["pillow"] if size else []
        self.libraries = tuple(dict.fromkeys([*container.libraries, *codec.libraries, *more]))
        self.not_for_network = container.not_for_network
        self.lossless = codec.lossless and not size
        if codec.keeps_files:
            codec.at_least, self.size = size, None
        self.largest_side, self.largest_pixels = codec.largest_side, codec.largest_pixels
        self.modes, self.keeps_files = codec.modes, codec.keeps_files
        self.largest_file = container.largest_blob

    def store(self, pieces: Iterable[Piece], facts: Facts, path: Path) -> None:
        """Encode the images one by one, or some at once by several threads, as they are written."""
        images = map(attrgetter("images"), storable(self, pieces, facts))
        self.write(chain.from_iterable(map(self.encoded, images)), facts, path)

    def read(self, path: Path) -> Iterator[Piece]:
        with self.container.open(path) as reader:
            blobs, done, count = iter(reader.all()), 0, len(reader)
            while done < count:
                images = self.decoded(blobs, count - done, self.piece_bytes)
                span = slice(done, done + len(images))
                yield Piece(images, reader.labels(span).astype(np.int64))
                done = span.stop

    def store_one(self, image: Image | bytes, label: int, path: Path) -> None:
        _, facts = storable_one(self, image, label)
        self.write(list(self.encode_all([contiguous(image)])), facts, path)

    def write(self, blobs: Iterable[bytes], facts: Facts, path: Path) -> None:
        """Make the folder, and let the container write."""
        blobs = self.fitting(blobs, facts)
        path.mkdir()
        labels = facts.labels.astype(facts.label_type)
        self.container.write(blobs, labels, path, self.codec.ending)

    def read_one(self, path: Path) -> tuple[Image, int]:
        with self.container.open(path) as reader:
            images: Any = self.decoded(iter(reader.all()), 1)
            return images[0], int(reader.labels(slice(1))[0])

    def open(self, path: Path) -> "Decoding":
        return Decoding(self, self.container.open(path))

    def fitting(self, blobs: Iterable[bytes], facts: Facts) -> Iterable[bytes]:
        """Let blobs through that the container can hold; each is asked only where one may not be.

        The first is asked before there is a folder.

        Args:
            blobs: encoded images, at least one.
            facts: of the images.

        Raises:
            BenchmarkError: as soon as one comes that is too long.
        """
        largest = facts.image_bytes if facts.sizes is None else int(facts.sizes.max())
        if not self.keeps_files and self.codec.most_bytes(largest) <= self.container.largest_blob:
            return blobs
        several = map(self.fitting_one, blobs)
        return chain([next(several)], several)

    def fitting_one(self, blob: bytes) -> bytes:
        """Give back a blob that is not too long.

        Raises:
            BenchmarkError: if it is.
        """
        if len(blob) > self.container.largest_blob:
            raise BenchmarkError(
                f"an image of {len(blob):,} bytes does not fit into {self.container.label}, which "
                f"holds {self.container.largest_blob:,} bytes an image at most: take another "
                "container for it, or a codec that makes it smaller"
            )
        return blob

    def encoded(self, images: Images) -> Iterator[bytes]:
        """Encode images in order."""
        images = contiguous(images)
        if self.threads == 1:
            yield from self.encode_all(images)
            return
        parts = [images[span] for span in parts_of(images)]
        with ThreadPoolExecutor(self.threads) as pool:
            yield from chain.from_iterable(pool.map(self.encode_some, parts))

    def encode_some(self, images: Images) -> list[bytes]:
        """Encode some images, in a thread."""
        return list(self.encode_all(images))

    def encode_all(self, images: Images) -> Iterator[bytes]:
        """Encode images in order, each shrunk before where that is wanted."""
        if self.size is None:
            return self.codec.encode_all(images)
        return (self.codec.encode(shrunk(image, self.size)) for image in images)

    def decoded(self, blobs: Iterator[Blob], count: int, most_bytes: float = math.inf) -> Images:
        """Decode blobs into a new array, or into a list of arrays where images differ.

        Args:
            blobs: all that are left.
            count: how many these are.
            most_bytes: of pixels; where all come to more, some blobs are left.

        Returns:
            ``count`` images or fewer.

        Raises:
            ValueError: if there are more blobs or fewer.
        """
        if not self.alike:
            return self.decoded_one_by_one(blobs, count, most_bytes)
        first = self.decode(next(blobs))
        some = int(max(1, min(count, most_bytes / first.nbytes)))
        several = blobs if some == count else islice(blobs, some - 1)
        images = np.empty((some, *first.shape), dtype=first.dtype)
        images[0] = first
        step = as_many(first.nbytes, TASK_BYTES)
        if self.threads == 1 or some <= step:
            self.decode_into(several, images[1:])
            return images
        # What a container hands out need not be good for long, so that a thread gets a copy.
        with ThreadPoolExecutor(self.threads) as pool:
            tasks = []
            for start in range(1, some, step):
                part = images[start : start + step]
                copies = [bytes(next(several)) for _ in part]
                tasks.append(pool.submit(self.decode_into, copies, part))
            for task in tasks:
                task.result()
        if next(several, None) is not None:
            raise ValueError(f"there are more blobs than the {count} that were announced")
        return images

    def decoded_one_by_one(
        self, blobs: Iterator[Blob], count: int, most_bytes: float
    ) -> list[Image]:
        """Decode blobs of which each can have a shape of its own, until they come to so much."""
        images: list[Image] = []
        size = 0
        with ThreadPoolExecutor(self.threads) as pool:
            while len(images) < count and (size < most_bytes or not images):
                some = list(islice(blobs, min(self.threads, count - len(images))))
                if not some:
                    raise ValueError(f"there are {count - len(images)} blobs fewer than announced")
                if self.threads == 1:
                    images += map(self.decode_one, some)
                else:
                    images += pool.map(self.decode_one, map(bytes, some))
                size += sum(image.nbytes for image in images[-len(some) :])
        return images

    def decode_one(self, blob: Blob) -> Image:
        """Decode one blob into an array of its own."""
        image = self.decode(blob)
        return image.copy() if self.codec.gives_views else image

    def decode(self, blob: Blob) -> Image:
        """Decode one blob; of an original file, change what it gives as is wanted."""
        if not self.keeps_files or self.change == UNCHANGED:
            return self.codec.decode(blob)
        return decoding.changed(self.codec.decode(blob), blob, self.change)

    def decode_into(self, blobs: Iterable[Blob], images: Image) -> None:
        """Decode blobs into an array made for them."""
        if self.change == UNCHANGED:
            self.codec.decode_into(blobs, images)
            return
        for image, blob in zip(images, blobs, strict=True):
            image[...] = self.decode(blob)

    def as_read(self, images: Images) -> Images:
        """Encode and decode in memory what a lossy codec changes."""
        if self.lossless:
            return images
        return self.decoded(iter(self.encoded(images)), len(images))

    def codec_seconds(self, images: Images) -> tuple[float, float]:
        """Time the codec on images and blobs that are in memory."""
        start = time.perf_counter()
        blobs = list(self.encoded(images))
        middle = time.perf_counter()
        self.decoded(iter(blobs), len(images))
        return middle - start, time.perf_counter() - middle

    def most_space(self, count: int, image_bytes: int) -> tuple[int, int]:
        """What the container takes for the largest blobs that the codec makes, or for files."""
        if self.keeps_files:
            return self.container.most_space(count, image_bytes)
        return self.container.most_space(count, self.codec.most_bytes(image_bytes))


class Decoding(Reader):
    """An open container whose blobs are decoded as they are read."""

    def __init__(self, backend: Blobs, reader: BlobReader) -> None:
        self.backend, self.reader = backend, reader

    def __len__(self) -> int:
        return len(self.reader)

    def read_at(self, indices: Indices) -> Piece:
        require_indices(indices)
        blobs, labels = self.reader.some(indices)
        images = self.backend.decoded(iter(blobs), len(indices))
        return Piece(images, np.asarray(labels, dtype=np.int64))

    def close(self) -> None:
        self.reader.close()


def words_of_size(size: int | None, *, keeps_files: bool) -> str:
    """Say behind a label what a size does; nothing if there is none."""
    if not size:
        return ""
    return f", read at {size} or more" if keeps_files else f", shrunk to {size}"


def contiguous(images: Any) -> Any:
    """Give images, or one, each contiguous in memory."""
    if isinstance(images, list):
        return [contiguous(image) for image in images]
    return images if isinstance(images, bytes) else np.ascontiguousarray(images)


def parts_of(images: Images) -> Iterator[slice]:
    """Cut images into what a thread encodes at a time."""
    if isinstance(images, np.ndarray):
        return spans(len(images), as_many(images[0].nbytes, TASK_BYTES))
    return cut((memoryview(image).nbytes for image in images), TASK_BYTES)  # type: ignore[arg-type]


def all_cores() -> int:
    """How many processors this process may run on."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # neither macOS nor Windows
        return os.cpu_count() or 1
