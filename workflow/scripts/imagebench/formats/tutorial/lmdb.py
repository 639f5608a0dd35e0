"""One pickled record an image in an LMDB environment, as the tutorial stores them."""

import pickle
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import lmdb
import numpy as np

from ...contract import Backend, Indices, Reader
from ...pieces import Facts, Image, Piece, as_many, numbered, spans
from ..support import environments
from ..support.checks import require_indices, storable, storable_one
from ..support.lists import in_lists, joined

RECORD_BYTES = 1024
"""Of the map for each record besides: what pickling and LMDB add is more than ten tiny images."""


class CIFAR_Image:  # noqa: N801
    """One record: the image's dimensions, its bytes and its label.

    It is pickled under the name that the tutorial's class has in the reader's own script, so that
    the tutorial's functions read these stores.
    """

    __module__ = "__main__"

    def __init__(self, image: Image, label: int) -> None:
        """Take the bytes out of an array of shape (height, width, channels)."""
        self.channels = image.shape[2]
        self.size = image.shape[:2]
        self.image = image.tobytes()
        self.label = label

    def get_image(self) -> Image:
        """Give the image back as an array of its first shape."""
        return np.frombuffer(self.image, dtype=np.uint8).reshape(*self.size, self.channels)


@contextmanager
def pickled_as_ours() -> Iterator[None]:
    """Let pickle find our class in ``__main__``; one that the script has comes back afterwards."""
    names = vars(sys.modules["__main__"])
    before = names.get(CIFAR_Image.__name__, CIFAR_Image)
    names[CIFAR_Image.__name__] = CIFAR_Image
    try:
        yield
    finally:
        names[CIFAR_Image.__name__] = before


def unpickled_as_ours() -> None:
    """Let pickle find our class in ``__main__``, unless the script has one of its own."""
    vars(sys.modules["__main__"]).setdefault(CIFAR_Image.__name__, CIFAR_Image)


class Lmdb(Backend):
    """Pickled records under keys of eight digits, all put in one write transaction.

    A baseline: kept as the tutorial has it, and never tuned. Only what this project wrote itself is
    ever unpickled here.
    """

    label = "LMDB records"
    good_for = "random access by key on a local disk, in one file"
    warning = (
        "its records are pickled Python objects, which can run any code when they are read: never "
        "read such a file from somebody else"
    )
    libraries = ("lmdb",)
    appendable = True
    modes = ("LA", "RGB", "RGBA")  # the tutorial's record has three dimensions
    largest_pixels = ((1 << 32) - RECORD_BYTES) // 3  # a record's length has 32 bits
    not_for_network = (
        "LMDB maps its file into memory and locks it, which network file systems do not do reliably"
    )

    def most_space(self, count: int, image_bytes: int) -> tuple[int, int]:
        """Records fill whole pages of 4 KiB, and pickling adds some hundred bytes to each."""
        return count * (image_bytes + 512 + 4096) + 2**20, 4

    def store(self, pieces: Iterable[Piece], facts: Facts, path: Path) -> None:
        """Put one record an image; the map may grow to ten times the images' bytes."""
        pieces = storable(self, pieces, facts)
        path.mkdir()
        with (
            pickled_as_ours(),
            environments.to_write(path, map_size_for(facts)) as environment,
            environment.begin(write=True) as transaction,
        ):
            for span, (images, labels) in numbered(pieces):
                pairs = zip(images, labels.tolist(), strict=True)
                for index, (image, label) in enumerate(pairs, span.start):
                    transaction.put(key(index), pickle.dumps(CIFAR_Image(image, label)))

    def read(self, path: Path) -> Iterator[Piece]:
        """Get every record by its key, in the order of the keys."""
        unpickled_as_ours()
        environment = lmdb.open(str(path), readonly=True)
        with environment.begin() as transaction:
            if not self.alike:
                yield from differing(transaction, self.piece_bytes)
                return
            first = pickle.loads(transaction.get(key(0)))  # type: ignore[arg-type]
            together = as_many(len(first.image), self.piece_bytes)
            for span in spans(transaction.stat()["entries"], together):
                images, labels = [], []
                for index in range(span.start, span.stop):
                    record = pickle.loads(transaction.get(key(index)))  # type: ignore[arg-type]
                    images.append(record.get_image())
                    labels.append(record.label)
                yield Piece(np.array(images), np.array(labels, dtype=np.int64))
        environment.close()

    def open(self, path: Path) -> "LmdbReader":
        return LmdbReader(path, alike=self.alike)

    def store_one(self, image: Any, label: int, path: Path) -> None:
        _, facts = storable_one(self, image, label)
        path.mkdir()
        with (
            pickled_as_ours(),
            environments.to_write(path, map_size_for(facts)) as environment,
            environment.begin(write=True) as transaction,
        ):
            transaction.put(key(0), pickle.dumps(CIFAR_Image(image, int(label))))

    def read_one(self, path: Path) -> tuple[Image, int]:
        unpickled_as_ours()
        environment = lmdb.open(str(path), readonly=True)
        with environment.begin() as transaction:
            record = pickle.loads(transaction.get(key(0)))  # type: ignore[arg-type]
        environment.close()
        return record.get_image(), record.label


class LmdbReader(Reader):
    """An open environment and one transaction."""

    def __init__(self, path: Path, *, alike: bool) -> None:
        """Begin to read; no lock is taken: nothing writes, and there are few for all processes."""
        unpickled_as_ours()
        self.alike = alike
        self.environment = lmdb.open(str(path), readonly=True, lock=False)
        self.transaction = self.environment.begin()

    def __len__(self) -> int:
        return int(self.transaction.stat()["entries"])

    def read_at(self, indices: Indices) -> Piece:
        require_indices(indices)
        images, labels = [], []
        for index in indices:
            record = pickle.loads(self.transaction.get(key(index)))  # type: ignore[arg-type]
            images.append(record.get_image())
            labels.append(record.label)
        return Piece(joined(images, alike=self.alike), np.array(labels, dtype=np.int64))

    def close(self) -> None:
        """End the transaction, and close the environment."""
        self.transaction.abort()
        self.environment.close()


def differing(transaction: lmdb.Transaction, most_bytes: int) -> Iterator[Piece]:
    """Get every record whose image can have a shape of its own, and gather them into pieces."""
    count = transaction.stat()["entries"]
    labels: list[int] = []

    def images() -> Iterator[Image]:
        for index in range(count):
            record = pickle.loads(transaction.get(key(index)))  # type: ignore[arg-type]
            labels.append(record.label)
            yield record.get_image()

    start = 0
    for several, _ in in_lists(images(), np.empty(0, dtype=np.int64), most_bytes):
        yield Piece(several, np.array(labels[start : start + len(several)], dtype=np.int64))
        start += len(several)


def map_size_for(facts: Facts) -> int:
    """Bytes of the map that so many records are put into: ten times the images', and then some."""
    return facts.count * (facts.image_bytes * 10 + RECORD_BYTES) + environments.SMALLEST_MAP


def key(index: int) -> bytes:
    """Name a record by its number in eight digits, so that keys sort as numbers do."""
    return f"{index:08}".encode("ascii")
