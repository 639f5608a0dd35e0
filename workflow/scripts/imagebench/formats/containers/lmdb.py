"""One LMDB record an image, written in the order of the keys and read without a copy."""

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import lmdb
import numpy as np

from ...contract import Blob, BlobReader, Container, Indices, StoredLabels
from ..support import environments

MAP_SIZE = 1 << 40
"""Bytes; the map only takes addresses, and the file grows as it is filled."""

PAGE_BYTES = 4096
KEY = ">u4"
"""Type of the keys: as bytes, they sort as numbers do."""

LABELS = b"labels"


class Lmdb(Container):
    """Keys of four bytes, appended in order; the labels are one more record.

    The transaction does not wait for the disk: a store is written once, and counts only when it is
    complete. Where a power cut must not lose it, that wait comes after it is closed, as for files.
    """

    label = "LMDB"
    good_for = "random access on a local disk, in one file that many processes can share"
    libraries = ("lmdb",)
    appendable = True
    largest_blob = (1 << 32) - 1
    not_for_network = (
        "LMDB maps its file into memory and locks it, which network file systems do not do reliably"
    )

    def write(self, blobs: Iterable[bytes], labels: StoredLabels, path: Path, ending: str) -> None:
        keys = np.arange(len(labels), dtype=KEY).tobytes()
        # Keys that are appended must come in order, and these sort before all that begin with "l".
        records = ((keys[4 * index : 4 * index + 4], blob) for index, blob in enumerate(blobs))
        with (
            environments.to_write(path, MAP_SIZE, sync=False) as environment,
            environment.begin(write=True, buffers=True) as transaction,
            transaction.cursor() as cursor,
        ):
            cursor.putmulti(records, append=True)
            transaction.put(LABELS, labels.tobytes())

    def open(self, path: Path) -> "LmdbReader":
        return LmdbReader(path)

    def most_space(self, count: int, blob_bytes: int) -> tuple[int, int]:
        """Records that do not fit twice into a page of 4 KiB fill whole pages of their own."""
        pages = -(-(blob_bytes + 16) // PAGE_BYTES)
        return count * (pages * PAGE_BYTES + 64) + 2**20, 4


class LmdbReader(BlobReader):
    """One read transaction, whose views are good for as long as it lasts."""

    def __init__(self, path: Path) -> None:
        """Begin to read; no lock is taken, since nothing writes."""
        self.environment = lmdb.open(str(path), readonly=True, lock=False)
        self.transaction = self.environment.begin(buffers=True)
        labels = self.transaction.get(LABELS)
        if labels is None:
            raise ValueError("it has no labels")
        label_bytes = len(labels) // (self.transaction.stat()["entries"] - 1)
        self.all_labels = np.frombuffer(labels, f"u{label_bytes}").copy()
        self.keys = np.arange(len(self.all_labels), dtype=KEY)

    def all(self) -> Iterator[Blob]:
        """Go through the records with a cursor, which goes with the transaction."""
        cursor = self.transaction.cursor()
        if not cursor.first():
            raise ValueError("it has no records")
        return islice(cursor.iternext(keys=False, values=True), len(self))

    def some(self, indices: Indices) -> tuple[Iterator[Blob], StoredLabels]:
        keys = self.keys[indices].tobytes()
        places = range(0, len(keys), 4)
        return map(self.blob, (keys[place : place + 4] for place in places)), self.all_labels[
            indices
        ]

    def blob(self, key: bytes) -> Blob:
        """Look up one key."""
        blob = self.transaction.get(key)
        if blob is None:
            raise KeyError(f"it has no record {int.from_bytes(key)}")
        return blob

    def close(self) -> None:
        """End the transaction, and unmap the file."""
        self.transaction.abort()
        self.environment.close()
