"""A row an image."""

import sqlite3
from pathlib import Path


def write(path, blobs, labels):
    database = sqlite3.connect(Path(path, "images.sqlite"))
    database.execute("CREATE TABLE images (id INTEGER PRIMARY KEY, label INTEGER, image BLOB)")
    rows = zip(range(len(labels)), map(int, labels), blobs, strict=True)
    database.executemany("INSERT INTO images VALUES (?, ?, ?)", rows)
    database.commit()
    database.close()


class Store:
    def __init__(self, path):
        self.database = sqlite3.connect(Path(path, "images.sqlite"))

    def __len__(self):
        return self.database.execute("SELECT count(*) FROM images").fetchone()[0]

    def __getitem__(self, number):
        question = "SELECT image, label FROM images WHERE id = ?"
        return self.database.execute(question, (number,)).fetchone()
