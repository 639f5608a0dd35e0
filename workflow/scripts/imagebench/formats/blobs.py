"""A container and a codec together: a backend that keeps encoded images as blobs."""

import os
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path

import numpy as np

from ..contract import Backend, Blob, BlobReader, Codec, Container, Images, Indices, Labels, Reader
from ..errors import BenchmarkError
from .support.checks import require_indices, require_storable, storable_one
from .support.pieces import as_many

PIECE_BYTES = 3 << 20
"""Pixels, in bytes, that a thread encodes or decodes at a time: 1,024 images of 32 x 32."""


class Blobs(Backend):
    """Images that a codec has encoded, in a container that knows nothing of images."""

    # Told by the container and the codec; here for the check that every backend has them.
    label = good_for = ""
    libraries: tuple[str, ...] = ()

    def __init__(self, container: Container, codec: Codec, threads: int = 1) -> None:
        """Join the two.

        Args:
            container: keeps the blobs.
            codec: makes them.
            threads: how many encode and decode at once.
        """
        self.container, self.codec, self.threads = container, codec, threads
        self.label = f"{container.label}, {codec.label}" + (", all cores" if threads > 1 else "")
        self.good_for = f"{container.good_for}; {codec.good_for}"
        self.libraries = tuple(dict.fromkeys([*container.libraries, *codec.libraries]))
        self.not_for_network = container.not_for_network
        self.lossless = codec.lossless
        self.largest_side, self.largest_pixels = codec.largest_side, codec.largest_pixels

    def store(self, images: Images, labels: Labels, path: Path) -> None:
        """Encode the images one by one, or in pieces by several threads, as they are written."""
        require_storable(self, images, labels)
        blobs = self.fitting(self.encoded(images), images[0].nbytes)
        path.mkdir()
        self.container.write(blobs, labels, path, self.codec.ending)

    def read(self, path: Path) -> tuple[Images, Labels]:
        with self.container.open(path) as reader:
            images = self.decoded(reader.all(), len(reader))
            return images, np.array(reader.labels(), dtype=np.uint8)

    def store_one(self, image: Images, label: int, path: Path) -> None:
        _, labels = storable_one(self, image, label)
        blobs = self.fitting([self.codec.encode(np.ascontiguousarray(image))], image.nbytes)
        path.mkdir()
        self.container.write(blobs, labels, path, self.codec.ending)

    def read_one(self, path: Path) -> tuple[Images, int]:
        with self.container.open(path) as reader:
            images = self.decoded(reader.all(), 1)
            return images[0], int(reader.labels()[0])

    def open(self, path: Path) -> "Decoding":
        return Decoding(self, self.container.open(path))

    def fitting(self, blobs: Iterable[bytes], image_bytes: int) -> Iterable[bytes]:
        """Let blobs through that the container can hold; each is asked only where one may not be.

        The first is asked before there is a folder.

        Args:
            blobs: encoded images, at least one.
            image_bytes: bytes of the pixels of one image.

        Raises:
            BenchmarkError: as soon as one comes that is too long.
        """
        if self.codec.most_bytes(image_bytes) <= self.container.largest_blob:
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
        images = np.ascontiguousarray(images)
        if self.threads == 1:
            yield from self.codec.encode_all(images)
            return
        piece = as_many(images[0].nbytes, PIECE_BYTES)
        pieces = [images[start : start + piece] for start in range(0, len(images), piece)]
        with ThreadPoolExecutor(self.threads) as pool:
            yield from chain.from_iterable(pool.map(self.encode_piece, pieces))

    def encode_piece(self, images: Images) -> list[bytes]:
        """Encode some images, in a thread."""
        return list(self.codec.encode_all(images))

    def decoded(self, blobs: Iterable[Blob], count: int) -> Images:
        """Decode so many blobs into a new array of shape (count, height, width, 3)."""
        several = iter(blobs)
        first = self.codec.decode(next(several))
        images = np.empty((count, *first.shape), dtype=np.uint8)
        images[0] = first
        step = as_many(first.nbytes, PIECE_BYTES)
        if self.threads == 1 or count <= step:
            self.codec.decode_into(several, images[1:])
            return images
        # What a container hands out need not be good for long, so that a thread gets a copy.
        with ThreadPoolExecutor(self.threads) as pool:
            tasks = []
            for start in range(1, count, step):
                piece = images[start : start + step]
                copies = [bytes(next(several)) for _ in piece]
                tasks.append(pool.submit(self.codec.decode_into, copies, piece))
            for task in tasks:
                task.result()
        if next(several, None) is not None:
            raise ValueError(f"there are more blobs than the {count} that were announced")
        return images

    def as_read(self, images: Images) -> Images:
        """Encode and decode in memory what a lossy codec changes."""
        if self.lossless:
            return images
        return self.decoded(self.encoded(images), len(images))

    def codec_seconds(self, images: Images) -> tuple[float, float]:
        """Time the codec on images and blobs that are in memory."""
        start = time.perf_counter()
        blobs = list(self.encoded(images))
        middle = time.perf_counter()
        self.decoded(blobs, len(images))
        return middle - start, time.perf_counter() - middle

    def most_space(self, count: int, image_bytes: int) -> tuple[int, int]:
        """What the container takes for the largest blobs that the codec makes."""
        return self.container.most_space(count, self.codec.most_bytes(image_bytes))


class Decoding(Reader):
    """An open container whose blobs are decoded as they are read."""

    def __init__(self, backend: Blobs, reader: BlobReader) -> None:
        self.backend, self.reader = backend, reader

    def __len__(self) -> int:
        return len(self.reader)

    def read_at(self, indices: Indices) -> tuple[Images, Labels]:
        require_indices(indices)
        blobs, labels = self.reader.some(indices)
        return self.backend.decoded(blobs, len(indices)), np.asarray(labels, dtype=np.uint8)

    def close(self) -> None:
        self.reader.close()


def all_cores() -> int:
    """How many processors this process may run on."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # neither macOS nor Windows
        return os.cpu_count() or 1
