"""One pickled record an image in an LMDB environment, as the tutorial stores them."""

import pickle
from pathlib import Path

import lmdb
import numpy as np

from .base import Backend, Images, Indices, Labels, Reader, require_some

SMALLEST_MAP = 64 * 1024
"""Bytes; LMDB's own bookkeeping takes a few pages, more than ten times a tiny image."""


class StoredImage:
    """One record: the image's dimensions, its bytes and its label."""

    def __init__(self, image: Images, label: int) -> None:
        """Take the bytes out of an array of shape (height, width, channels)."""
        self.channels = image.shape[2]
        self.size = image.shape[:2]
        self.image = image.tobytes()
        self.label = label

    def array(self) -> Images:
        """Give the image back as an array of its first shape."""
        return np.frombuffer(self.image, dtype=np.uint8).reshape(*self.size, self.channels)


class Lmdb(Backend):
    """Pickled records under keys of eight digits, all put in one write transaction.

    A baseline: kept as the tutorial has it, and never tuned. Only what this project wrote itself is
    ever unpickled here.
    """

    label = "LMDB records"
    good_for = "random access by key on a local disk, in one file"
    libraries = ("lmdb",)
    not_for_network = (
        "LMDB maps its file into memory and locks it, which network file systems do not do reliably"
    )

    def most_space(self, count: int, image_bytes: int) -> tuple[int, int]:
        """Records fill whole pages of 4 KiB, and pickling adds some hundred bytes to each."""
        return count * (image_bytes + 512 + 4096) + 2**20, 4

    def store(self, images: Images, labels: Labels, path: Path) -> None:
        """Put one record an image; the map may grow to ten times the images' bytes."""
        require_some(images)
        path.mkdir()
        environment = lmdb.open(str(path), map_size=max(images.nbytes * 10, SMALLEST_MAP))
        with environment.begin(write=True) as transaction:
            for index, (image, label) in enumerate(zip(images, labels.tolist(), strict=True)):
                transaction.put(key(index), pickle.dumps(StoredImage(image, label)))
        environment.close()

    def read(self, path: Path) -> tuple[Images, Labels]:
        """Get every record by its key, in the order of the keys."""
        images, labels = [], []
        environment = lmdb.open(str(path), readonly=True)
        with environment.begin() as transaction:
            for index in range(transaction.stat()["entries"]):
                record = pickle.loads(transaction.get(key(index)))  # type: ignore[arg-type]
                images.append(record.array())
                labels.append(record.label)
        environment.close()
        return np.array(images), np.array(labels, dtype=np.uint8)

    def open(self, path: Path) -> "LmdbReader":
        """Open the environment."""
        return LmdbReader(path)

    def store_one(self, image: Images, label: int, path: Path) -> None:
        """Put one record into an environment of its own."""
        path.mkdir()
        environment = lmdb.open(str(path), map_size=max(image.nbytes * 10, SMALLEST_MAP))
        with environment.begin(write=True) as transaction:
            transaction.put(key(0), pickle.dumps(StoredImage(image, label)))
        environment.close()

    def read_one(self, path: Path) -> tuple[Images, int]:
        """Get the one record."""
        environment = lmdb.open(str(path), readonly=True)
        with environment.begin() as transaction:
            record = pickle.loads(transaction.get(key(0)))  # type: ignore[arg-type]
        environment.close()
        return record.array(), record.label


class LmdbReader(Reader):
    """An open environment and one transaction."""

    def __init__(self, path: Path) -> None:
        """Begin to read."""
        self.environment = lmdb.open(str(path), readonly=True)
        self.transaction = self.environment.begin()

    def __len__(self) -> int:
        """How many records there are."""
        return int(self.transaction.stat()["entries"])

    def read_at(self, indices: Indices) -> tuple[Images, Labels]:
        """Get record after record by its key."""
        images, labels = [], []
        for index in indices:
            record = pickle.loads(self.transaction.get(key(index)))  # type: ignore[arg-type]
            images.append(record.array())
            labels.append(record.label)
        return np.array(images), np.array(labels, dtype=np.uint8)

    def close(self) -> None:
        """End the transaction, and close the environment."""
        self.transaction.abort()
        self.environment.close()


def key(index: int) -> bytes:
    """Name a record by its number in eight digits, so that keys sort as numbers do."""
    return f"{index:08}".encode("ascii")
