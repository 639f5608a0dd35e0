"""One zip file whose members are stored as they are."""

import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from ...contract import Blob, BlobReader, Container, Indices, StoredLabels
from ..support.mapped import map_file

BLOBS, LABELS = "images.zip", "labels.npy"
LOCAL = struct.Struct("<4s22xHH")
"""Of a member's own header: its mark, and the lengths of its name and of what comes after that."""

MARK = b"PK\3\4"


class Zip(Container):
    """Members ``000000.png`` and so on, as they are; the central directory is the index."""

    label = "Zip, stored"
    good_for = "one file that every system opens, with an index and checksums of its own"
    libraries = ("numpy",)
    appendable = True

    def write(self, blobs: Iterable[bytes], labels: StoredLabels, path: Path, ending: str) -> None:
        """Let the standard library write them."""
        with zipfile.ZipFile(path / BLOBS, "w", zipfile.ZIP_STORED) as file:
            for index, blob in enumerate(blobs):
                file.writestr(zipfile.ZipInfo(f"{index:06}{ending}"), blob)
        np.save(path / LABELS, labels)

    def open(self, path: Path) -> "ZipReader":
        """Let the standard library read the central directory."""
        return ZipReader(path)

    def most_space(self, count: int, blob_bytes: int) -> tuple[int, int]:
        """Two headers with the name for each."""
        return count * (blob_bytes + 256) + 2**20, 16


class ZipReader(BlobReader):
    """Views of the mapped file, each held against its checksum as every zip program does."""

    def __init__(self, path: Path) -> None:
        with zipfile.ZipFile(path / BLOBS) as file:
            self.members = [
                (member.header_offset, member.file_size, member.CRC) for member in file.infolist()
            ]
        self.map = map_file(path / BLOBS)
        self.view = memoryview(self.map)
        self.all_labels = np.load(path / LABELS)
        if len(self.all_labels) != len(self.members):
            raise ValueError("there are not as many labels as images")

    def all(self) -> Iterator[Blob]:
        return map(self.blob, range(len(self)))

    def some(self, indices: Indices) -> tuple[Iterator[Blob], StoredLabels]:
        return map(self.blob, indices.tolist()), self.all_labels[indices]

    def blob(self, index: int) -> Blob:
        """View one member.

        Raises:
            ValueError: if it is damaged.
        """
        offset, size, checksum = self.members[index]
        mark, name_length, more_length = LOCAL.unpack_from(self.view, offset)
        start = offset + LOCAL.size + name_length + more_length
        blob = self.view[start : start + size]
        if mark != MARK or zlib.crc32(blob) != checksum:
            raise ValueError(f"image {index} is damaged")
        return blob

    def close(self) -> None:
        """Unmap the file, when nobody holds a view any more."""
        del self.view, self.map
