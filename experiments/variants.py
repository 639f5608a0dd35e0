"""Formats of this project with one thing done otherwise; `settings.py` sets them beside these."""

import contextlib
import io
import tarfile
import zipfile
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
from imagebench.formats.codecs import jpegxl, png, webp
from imagebench.formats.codecs.jpeg import Jpeg
from imagebench.formats.codecs.qoi import Qoi
from imagebench.formats.containers import arrow, files, hdf5, parquet, sqlite, tar
from imagebench.formats.containers import lmdb as lmdb_container
from imagebench.formats.containers import zip as zip_container
from PIL import Image


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

    def store(self, pieces, facts, path):
        [(images, labels)] = pieces
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
