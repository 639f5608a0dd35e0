"""One row of an SQLite table an image."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np

from ...contract import Blob, BlobReader, Container, Indices, StoredLabels

FILE_NAME = "images.sqlite"
PAGE_BYTES = 8192
MAP_BYTES = 1 << 40
"""SQLite maps as much of its file as there is, up to the limit that it was built with (2 GiB)."""


def most_of_a_row() -> int:
    """Ask SQLite how many bytes a row may have: that is set when it is built."""
    with closing(sqlite3.connect(":memory:")) as connection:
        return connection.getlimit(sqlite3.SQLITE_LIMIT_LENGTH)


class Sqlite(Container):
    """A table of numbers, labels and blobs, filled in one transaction without a journal.

    A journal protects a database from a power cut while it is changed; this one is written once,
    and counts only when it is complete.
    """

    label = "SQLite"
    good_for = "images beside other facts that are searched with SQL, in one file"
    libraries = ("numpy",)
    appendable = True
    largest_blob = most_of_a_row() - 32
    not_for_network = (
        "SQLite locks and maps its file, which network file systems do not do reliably"
    )

    def write(self, blobs: Iterable[bytes], labels: StoredLabels, path: Path, ending: str) -> None:
        connection = sqlite3.connect(path / FILE_NAME, isolation_level=None)
        try:
            connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")
            connection.execute("PRAGMA journal_mode = OFF")
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute(
                "CREATE TABLE images (id INTEGER PRIMARY KEY, label INTEGER, image BLOB)"
            )
            connection.execute("BEGIN")
            rows = zip(range(len(labels)), labels.tolist(), blobs, strict=True)
            connection.executemany("INSERT INTO images VALUES (?, ?, ?)", rows)
            connection.execute("COMMIT")
        finally:
            connection.close()

    def open(self, path: Path) -> "SqliteReader":
        """Open the file for reading, as one that nobody changes."""
        return SqliteReader(path)

    def most_space(self, count: int, blob_bytes: int) -> tuple[int, int]:
        """The last page of each row is not full."""
        return count * (blob_bytes + PAGE_BYTES // 2 + 64) + 2**20, 4


class SqliteReader(BlobReader):
    """One connection."""

    def __init__(self, path: Path) -> None:
        """Connect, and ask for the number of rows."""
        where = f"{(path / FILE_NAME).resolve().as_uri()}?mode=ro&immutable=1"
        self.connection = sqlite3.connect(where, uri=True, check_same_thread=False)
        self.connection.execute(f"PRAGMA mmap_size = {MAP_BYTES}")
        (last,) = self.connection.execute("SELECT max(id) FROM images").fetchone()
        self.count = 0 if last is None else int(last) + 1
        self.seen: list[int] | None = None

    def __len__(self) -> int:
        return self.count

    def labels(self, span: slice) -> StoredLabels:
        """Those that have just come with the images, or asked for by themselves."""
        if self.seen is None:
            rows = self.connection.execute("SELECT label FROM images ORDER BY id")
            self.seen = [label for (label,) in rows]
        return np.array(self.seen[span])

    def all(self) -> Iterator[Blob]:
        self.seen = []
        note = self.seen.append
        for label, image in self.connection.execute("SELECT label, image FROM images ORDER BY id"):
            note(label)
            yield image

    def some(self, indices: Indices) -> tuple[Iterator[Blob], StoredLabels]:
        ask = self.connection.execute
        rows = [
            ask("SELECT label, image FROM images WHERE id = ?", (index,)).fetchone()
            for index in indices.tolist()
        ]
        labels = np.array([label for label, _ in rows])
        return (image for _, image in rows), labels

    def close(self) -> None:
        self.connection.close()
