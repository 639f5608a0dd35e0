"""Why each format is set as it is: the ratio of every alternative's time to ours, side by side.

    PYTHONPATH=workflow/scripts python experiments/settings.py [--images 10000] [--rounds 5]

It needs what `make formats` installs. Each alternative is a variant of a backend of this project
that differs from it in one thing; both are stored and read in turn, warm, and the medians of the
ratios of each round are printed: above 1, ours is faster.
"""

import argparse
import contextlib
import io
import statistics
import tarfile
import tempfile
import time
import zipfile
from pathlib import Path
from unittest import mock

import h5py
import imagecodecs
import lmdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import simplejpeg
from imagebench import formats
from imagebench.contract import BlobReader
from imagebench.formats.arrays.hdf5_array import Hdf5Array
from imagebench.formats.blobs import Blobs
from imagebench.formats.codecs import jpegxl, png, webp
from imagebench.formats.codecs.jpeg import Jpeg
from imagebench.formats.codecs.qoi import Qoi
from imagebench.formats.containers import arrow, files, hdf5, parquet, sqlite, tar
from imagebench.formats.containers import lmdb as lmdb_container
from imagebench.formats.containers import zip as zip_container
from imagebench.formats.support import chunks
from imagebench.images.lookalike import make_images
from PIL import Image

MOST_BATCHES = 10
BATCH = 256


class LmdbPut(lmdb_container.Lmdb):
    """One put a record, in a transaction that waits for the disk."""

    def write(self, blobs, labels, path, ending):
        with lmdb.open(str(path), map_size=1 << 40) as environment:
            with environment.begin(write=True) as transaction:
                for index, blob in enumerate(blobs):
                    transaction.put(index.to_bytes(4, "big"), blob)
                transaction.put(b"labels", labels.tobytes())


class LmdbCopied(lmdb_container.Lmdb):
    """Values are copied out of the map, and looked up one by one."""

    def open(self, path):
        reader = super().open(path)
        reader.transaction = reader.environment.begin(buffers=False)
        reader.all = lambda: reader.some(np.arange(len(reader)))[0]
        return reader


class HdfVariable(hdf5.Hdf5):
    """A dataset of variable length."""

    def write(self, blobs, labels, path, ending):
        with h5py.File(path / "images.h5", "w") as file:
            kind = h5py.vlen_dtype(np.uint8)
            data = file.create_dataset("blobs", (len(labels),), kind)
            for index, blob in enumerate(blobs):
                data[index] = np.frombuffer(blob, np.uint8)
            file["labels"] = labels

    def open(self, path):
        return HdfVariableReader(path)


class HdfVariableReader(BlobReader):
    def __init__(self, path):
        self.file = h5py.File(path / "images.h5", "r")
        self.all_labels = self.file["labels"][...]

    def all(self):
        return (blob.tobytes() for blob in self.file["blobs"][...])

    def some(self, indices):
        data = self.file["blobs"]
        return (data[index].tobytes() for index in indices), self.all_labels[indices]

    def close(self):
        self.file.close()


class HdfGroup(HdfVariable):
    """A dataset for each image."""

    def write(self, blobs, labels, path, ending):
        with h5py.File(path / "images.h5", "w") as file:
            for index, blob in enumerate(blobs):
                file[f"{index:06}"] = np.frombuffer(blob, np.uint8)
            file["labels"] = labels

    def open(self, path):
        return HdfGroupReader(path)


class HdfGroupReader(HdfVariableReader):
    def all(self):
        return self.some(np.arange(len(self)))[0]

    def some(self, indices):
        blobs = (self.file[f"{index:06}"][...].tobytes() for index in indices)
        return blobs, self.all_labels[indices]


class HdfChunked(Hdf5Array):
    """A chunk for each image, read through HDF5."""

    def store(self, images, labels, path):
        path.mkdir()
        with h5py.File(path / "images.h5", "w") as file:
            file.create_dataset("images", data=images, chunks=(1, *images.shape[1:]))
            file["labels"] = file["meta"] = labels

    def open(self, path):
        return formats.load("hdf5").open(path)


class ArrowTake(arrow.Arrow):
    """Batches are taken by Arrow itself."""

    def open(self, path):
        reader = super().open(path)
        table = pa.ipc.open_file(pa.memory_map(str(path / "images.arrow"))).read_all()

        def some(indices):
            found = table.take(indices)
            return (blob.as_py() for blob in found.column(0)), found.column(1).to_numpy()

        reader.some = some
        return reader


class ParquetDefaults(parquet.Parquet):
    """The writer's own defaults: one large row group, dictionaries, Snappy."""

    def write(self, blobs, labels, path, ending):
        table = pa.Table.from_batches(arrow.record_batches(blobs, labels))
        pq.write_table(table, path / "images.parquet")


class TarLibrary(tar.Tar):
    """Written and read by the standard library's tarfile."""

    def write(self, blobs, labels, path, ending):
        with tarfile.open(path / "images.tar", "w") as file:
            for index, blob in enumerate(blobs):
                info = tarfile.TarInfo(f"{index:06}{ending}")
                info.size = len(blob)
                file.addfile(info, io.BytesIO(blob))
        np.save(path / "labels.npy", labels)

    def open(self, path):
        return LibraryReader(path, tarfile.open(path / "images.tar"))


class LibraryReader(BlobReader):
    """Members of an archive, through the library that made it."""

    def __init__(self, path, file):
        self.file, self.all_labels = file, np.load(path / "labels.npy")
        if isinstance(file, zipfile.ZipFile):
            self.members, self.get = file.infolist(), file.read
        else:
            self.members = file.getmembers()
            self.get = lambda member: file.extractfile(member).read()

    def all(self):
        return map(self.get, self.members)

    def some(self, indices):
        return (self.get(self.members[index]) for index in indices), self.all_labels[indices]

    def close(self):
        self.file.close()


class ZipLibrary(zip_container.Zip):
    """Read by the standard library's zipfile."""

    def open(self, path):
        return LibraryReader(path, zipfile.ZipFile(path / "images.zip"))


class SqliteDefaults(sqlite.Sqlite):
    """Pages of 4 KiB, a journal, and no map."""

    def write(self, blobs, labels, path, ending):
        import sqlite3

        with contextlib.closing(sqlite3.connect(path / "images.sqlite")) as connection, connection:
            connection.execute(
                "CREATE TABLE images (id INTEGER PRIMARY KEY, label INTEGER, image BLOB)"
            )
            rows = zip(range(len(labels)), labels.tolist(), blobs, strict=True)
            connection.executemany("INSERT INTO images VALUES (?, ?, ?)", rows)

    def open(self, path):
        with mock.patch.object(sqlite, "MAP_BYTES", 0):
            return super().open(path)


class FilesTogether(files.Files):
    """All files in one folder, as if all were of one class."""

    def write(self, blobs, labels, path, ending):
        super().write(blobs, np.zeros_like(labels), path, ending)


class PillowPng(png.Png):
    """Pillow, at its default level."""

    def encode(self, image):
        file = io.BytesIO()
        Image.fromarray(image).save(file, "PNG")
        return file.getvalue()

    def decode(self, blob):
        return np.asarray(Image.open(io.BytesIO(blob)))


class PngLevel6(png.Png):
    """Level 6."""

    def encode(self, image):
        return imagecodecs.png_encode(image, level=6)


class ImagecodecsQoi(Qoi):
    """QOI by imagecodecs."""

    def encode(self, image):
        return imagecodecs.qoi_encode(image)

    def decode(self, blob):
        return imagecodecs.qoi_decode(blob)


class ImagecodecsJpeg(Jpeg):
    """JPEG by imagecodecs."""

    def encode(self, image):
        return imagecodecs.jpeg8_encode(image, level=90)

    def decode(self, blob):
        return imagecodecs.jpeg8_decode(blob)


class FastJpeg(Jpeg):
    """simplejpeg's less exact transform and upsampling."""

    def decode(self, blob):
        return simplejpeg.decode_jpeg(blob, fastdct=True, fastupsample=True)


class WebpMethod1(webp.Webp):
    """More effort."""

    def encode(self, image):
        return imagecodecs.webp_encode(image, lossless=True, method=1, level=0, numthreads=1)


class JxlEffort3(jpegxl.Jpegxl):
    """More effort."""

    def encode(self, image):
        return imagecodecs.jpegxl_encode(image, lossless=True, effort=3, numthreads=1)


def joined(container, codec):
    """Make a backend of a container and a codec, where either may be a variant."""
    kinds = {"containers": formats.Container, "codecs": formats.Codec}
    parts = [
        formats.made_from(formats.FOLDER / f"{kind}/{part}.py", kinds[kind])
        if isinstance(part, str)
        else part()
        for kind, part in (("containers", container), ("codecs", codec))
    ]
    return Blobs(*parts)


# Backend; what is done instead; the variant; and the constants that it runs with.
VARIANTS = [
    ("lmdb+raw", "one `put` a record, and waiting for the disk", (LmdbPut, "raw")),
    ("lmdb+raw", "values copied, looked up one by one", (LmdbCopied, "raw")),
    ("hdf5+qoi", "a dataset of variable length", (HdfVariable, "qoi")),
    ("hdf5+qoi", "a dataset an image", (HdfGroup, "qoi")),
    ("hdf5_array", "the tutorial's way", "hdf5"),
    ("hdf5_array", "a chunk an image, through HDF5", HdfChunked),
    ("arrow+raw", "Arrow's own `take`", (ArrowTake, "raw")),
    ("parquet+raw", "the writer's defaults", (ParquetDefaults, "raw")),
    ("parquet+raw", "128 rows a group", ("parquet", "raw"), (arrow, {"ROWS": 128})),
    ("parquet+raw", "8,192 rows a group", ("parquet", "raw"), (arrow, {"ROWS": 8192})),
    ("zarr", "8 images a chunk", "zarr", (chunks, {"CHUNK_BYTES": 8 * 3072})),
    ("zarr", "512 images a chunk", "zarr", (chunks, {"CHUNK_BYTES": 512 * 3072})),
    ("tensorstore", "8 images a chunk", "tensorstore", (chunks, {"CHUNK_BYTES": 8 * 3072})),
    ("tar+qoi", "the standard library's tarfile", (TarLibrary, "qoi")),
    ("zip+qoi", "the standard library's zipfile to read", (ZipLibrary, "qoi")),
    ("sqlite+qoi", "SQLite's defaults", (SqliteDefaults, "qoi")),
    ("sqlite+qoi", "pages of 4 KiB", ("sqlite", "qoi"), (sqlite, {"PAGE_BYTES": 4096})),
    ("sqlite+qoi", "pages of 32 KiB", ("sqlite", "qoi"), (sqlite, {"PAGE_BYTES": 32768})),
    ("files+qoi", "all in one folder", (FilesTogether, "qoi")),
    ("packed+png", "Pillow at its default level", ("packed", PillowPng)),
    ("packed+png", "level 6", ("packed", PngLevel6)),
    ("packed+qoi", "imagecodecs", ("packed", ImagecodecsQoi)),
    ("packed+jpeg", "imagecodecs", ("packed", ImagecodecsJpeg)),
    ("packed+jpeg", "less exact decoding", ("packed", FastJpeg)),
    ("packed+webp", "method 1", ("packed", WebpMethod1)),
    ("packed+jpegxl", "effort 3", ("packed", JxlEffort3)),
]


def made(variant):
    """Make a variant: of a container and a codec, of a class, or a backend by its name."""
    if isinstance(variant, tuple):
        return joined(*variant)
    return formats.load(variant) if isinstance(variant, str) else variant()


def times_of(backend, images, labels, store, order):
    """Seconds to store, to read in order and to read in shuffled batches, and bytes on disk."""
    start = time.perf_counter()
    backend.store(images, labels, store)
    stored = time.perf_counter()
    found, _ = backend.read(store)
    read = time.perf_counter()
    assert found.shape == images.shape
    del found
    with contextlib.closing(backend.open(store)) as reader:
        opened = time.perf_counter()
        for place in range(0, len(order), BATCH):
            reader.read_at(order[place : place + BATCH])
        batches = time.perf_counter() - opened
    files_of = [path for path in store.rglob("*") if path.is_file()]
    size = sum(path.stat().st_blocks * 512 for path in files_of)
    return stored - start, read - stored, batches, size


def main():
    """Print one line a variant."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--images", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    images, labels = make_images(options.images, seed=0)
    order = np.random.default_rng(0).permutation(len(images))[: MOST_BATCHES * BATCH]
    print("| format | instead | store | read in order | shuffled batches | on disk |")
    print("| --- | --- | ---: | ---: | ---: | ---: |")
    for name, words, variant, *constants in VARIANTS:
        rounds = []
        for number in range(options.rounds + 1):
            with tempfile.TemporaryDirectory() as folder:
                ours = times_of(formats.load(name), images, labels, Path(folder, "ours"), order)
                change = (
                    mock.patch.multiple(constants[0][0], **constants[0][1]) if constants else None
                )
                with change or contextlib.nullcontext():
                    theirs = times_of(made(variant), images, labels, Path(folder, "other"), order)
            if number:  # the first round imports and fills caches
                rounds.append([b / a for a, b in zip(ours, theirs, strict=True)])
        ratios = " | ".join(
            f"{statistics.median(column):.2f}" for column in zip(*rounds, strict=True)
        )
        print(f"| `{name}` | {words} | {ratios} |", flush=True)


if __name__ == "__main__":
    main()
