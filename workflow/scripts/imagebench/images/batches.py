"""Archives in the layout of CIFAR's Python version: pickled batches in a tar file.

The layout is that of https://www.cs.toronto.edu/~kriz/cifar.html: each of CIFAR-10's five batches
is a dictionary with the keys batch_label, labels, data and filenames (byte strings, since Python 2
wrote the official ones); data has one row an image, uint8, red plane first, then green, then blue.
CIFAR-100 has one batch, and its hundred classes are fine_labels.
"""

import bz2
import gzip
import io
import lzma
import pickle
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import BenchmarkError

FOLDER = "cifar-10-batches-py"
META = "batches.meta"
BATCHES = tuple(f"data_batch_{number}" for number in range(1, 6))


@dataclass(frozen=True)
class Layout:
    """What is called how in an archive.

    Attributes:
        key: of the config, which says where it comes from.
        title: of the data set.
        folder: of all members.
        meta: the member that names the classes.
        batches: the members with images.
        labels: the key of an image's class.
        classes: the key, in ``meta``, of their names.
    """

    key: str
    title: str
    folder: str
    meta: str
    batches: tuple[str, ...]
    labels: bytes
    classes: bytes


LAYOUTS = {
    "cifar10": Layout("cifar10", "CIFAR-10", FOLDER, META, BATCHES, b"labels", b"label_names"),
    "cifar100": Layout(
        "cifar100", "CIFAR-100", "cifar-100-python", "meta", ("train",), b"fine_labels",
        b"fine_label_names",
    ),
}  # fmt: skip
CIFAR10 = LAYOUTS["cifar10"]

SIDE = 32
CHANNELS = 3
VALUES = SIDE * SIDE * CHANNELS
LARGEST_MEMBER = 1 << 28
"""Bytes. The official batches have 31 MB; nothing larger is read into memory."""

OPENERS: dict[bytes, Callable[[Any], Any]] = {
    b"\x1f\x8b": gzip.open, b"BZh": bz2.open, b"\xfd7zXZ\x00": lzma.open,
}  # fmt: skip
"""What unpacks a file that starts with these bytes. ``tarfile`` would find it by trying, and take a
file that is cut short for one of another kind."""

OTHERS = {b"PK": "is a zip file", b"<": "is a web page"}
"""What else is given by mistake, by how it starts."""

WAY_OUT = (
    "delete this copy and run again; if that gives the same, {key}.url must name another file: "
    "{title}'s Python version, a tar file, plain or packed with gzip, bzip2 or xz"
)

# The function that arrays are rebuilt with. NumPy has moved it from numpy.core to numpy._core, and
# pickles name either; asking an array for it works whichever the installed version has.
RECONSTRUCT = np.zeros(0, dtype=np.uint8).__reduce__()[0]
ALLOWED = {
    ("numpy.core.multiarray", "_reconstruct"): RECONSTRUCT,
    ("numpy._core.multiarray", "_reconstruct"): RECONSTRUCT,
    ("numpy", "ndarray"): np.ndarray,
    ("numpy", "dtype"): np.dtype,
}


class BatchUnpickler(pickle.Unpickler):
    """An unpickler that can make arrays, numbers, strings, lists and dictionaries, nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        """Look a class up in the allow-list; what is not in it is refused, never imported."""
        try:
            return ALLOWED[module, name]
        except KeyError:
            raise BenchmarkError(f"it names {module}.{name}, which no CIFAR batch does") from None


def read_archive(
    archive: Path, layout: Layout = CIFAR10
) -> list[tuple[NDArray[np.uint8], NDArray[np.uint8]]]:
    """Read all training batches, in their natural order.

    Args:
        layout: what is called how in it.
        archive: a tar file in the layout of cifar-10-python.tar.gz; it may be plain, or packed
            with gzip, bzip2 or xz.

    Returns:
        For each batch its images, shape (n, 32, 32, 3), uint8 (a view of rows of
        planes), and its labels, shape (n,), uint8.

    Raises:
        BenchmarkError: if the archive is truncated, holds members that it should not, or a batch is
            missing, not safe to unpickle, or not of the right keys, shapes, dtypes and counts.
    """
    try:
        return read_batches(archive, layout)
    except (EOFError, zlib.error, lzma.LZMAError, tarfile.TarError, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise  # what the system says of a file, and nothing that its content is to blame for
        what = f"the archive {archive} is truncated or damaged ({error})"
    except BenchmarkError as error:
        what = str(error)
    # Whatever is wrong, the copy may have been spoilt here, or be what the address always gives.
    raise BenchmarkError(f"{what}: {WAY_OUT.format(key=layout.key, title=layout.title)}")


def read_batches(
    archive: Path, layout: Layout
) -> list[tuple[NDArray[np.uint8], NDArray[np.uint8]]]:
    """Read as ``read_archive`` does, which says what to do about each failure.

    Raises:
        BenchmarkError: naming what is wrong.
    """
    contents: dict[str, Any] = {}
    for name, data in regular_members(archive, layout):
        contents[name] = unpickle(data, archive, name)
    missing = [name for name in (layout.meta, *layout.batches) if name not in contents]
    if missing:
        raise BenchmarkError(f"the archive {archive} has no {layout.folder}/{missing[0]}")
    meta = contents[layout.meta]
    try:
        classes = len(meta[layout.classes])
        # What is one batch does not say how large it is.
        size = meta[b"num_cases_per_batch"] if len(layout.batches) > 1 else None
    except (TypeError, KeyError) as error:
        raise BenchmarkError(f"{layout.meta} in {archive} does not say {error}") from error
    return [
        checked(contents[name], f"{name} in {archive}", size, classes, layout.labels)
        for name in layout.batches
    ]


@contextmanager
def opened(archive: Path) -> Iterator[tarfile.TarFile]:
    """Open a tar file, plain or packed.

    Raises:
        BenchmarkError: if it is none.
    """
    with open(archive, "rb") as handle:
        start = handle.read(16)
        handle.seek(0)
        unpack = next((use for mark, use in OPENERS.items() if start.startswith(mark)), nullcontext)
        with unpack(handle) as content:
            try:
                tar = tarfile.TarFile(fileobj=content)
            except tarfile.ReadError as error:
                found = f"starts with {start!r}" if start else "is empty"
                for mark, kind in OTHERS.items():
                    found = kind if start.lstrip().startswith(mark) else found
                raise BenchmarkError(f"the archive {archive} is no tar file: it {found}") from error
            with tar:
                yield tar


def regular_members(archive: Path, layout: Layout) -> Iterator[tuple[str, bytes]]:
    """Yield name and bytes of each batch in an archive, reading it once from start to end.

    Raises:
        BenchmarkError: if any member is a link or a device, leads outside of the archive's own
            folder, comes twice, or is larger than a batch can be.
    """
    wanted = {f"{layout.folder}/{name}": name for name in (layout.meta, *layout.batches)}
    seen: set[str] = set()
    with opened(archive) as tar:
        for member in tar:
            path = PurePosixPath(member.name)
            if not (member.isfile() or member.isdir()):
                raise BenchmarkError(f"the archive {archive} is refused: {path} is no regular file")
            if path.is_absolute() or ".." in path.parts:
                raise BenchmarkError(f"the archive {archive} is refused: {path} leads outside")
            name = wanted.get(str(path))
            if name is None or not member.isfile():
                continue
            if name in seen or member.size > LARGEST_MEMBER:
                why = "comes twice" if name in seen else f"has {member.size} bytes"
                raise BenchmarkError(f"the archive {archive} is refused: {path} {why}")
            seen.add(name)
            handle = tar.extractfile(member)
            if handle is not None:  # as it is for every regular file
                yield name, handle.read()


def unpickle(data: bytes, archive: Path, name: str) -> Any:
    """Unpickle one member with nothing but the allow-list.

    Raises:
        BenchmarkError: if the pickle is damaged or names anything that is not allowed.
    """
    try:
        return BatchUnpickler(io.BytesIO(data), encoding="bytes").load()
    except MemoryError:
        raise
    except Exception as error:  # a damaged pickle can raise almost anything
        raise BenchmarkError(f"{name} in {archive} is refused: {error}") from error


def checked(
    batch: Any, place: str, size: int | None, classes: int, key_of_labels: bytes
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Check one batch and give its images and labels as arrays.

    Raises:
        BenchmarkError: naming the batch, and what is wrong with it.
    """
    keys = (b"batch_label", key_of_labels, b"data", b"filenames")
    absent = [key for key in keys if not isinstance(batch, dict) or key not in batch]
    if absent:
        raise BenchmarkError(f"{place} has no {absent[0].decode()}")
    data, labels, names = batch[b"data"], batch[key_of_labels], batch[b"filenames"]
    if size is None:
        size = len(names) if isinstance(names, list) else 0
    if not isinstance(data, np.ndarray) or data.dtype != np.uint8 or data.shape != (size, VALUES):
        kind = f"{getattr(data, 'shape', None)} {getattr(data, 'dtype', type(data).__name__)}"
        raise BenchmarkError(f"{place} has data of {kind}, but must have ({size}, {VALUES}) uint8")
    for key, values in ((key_of_labels, labels), (b"filenames", names)):
        if not isinstance(values, list) or len(values) != size:
            found = len(values) if isinstance(values, list) else type(values).__name__
            raise BenchmarkError(f"{place} has {found} {key.decode()} for {size} images")
    if not all(type(label) is int and 0 <= label < classes for label in labels):
        raise BenchmarkError(f"{place} has labels that are not all from 0 to {classes - 1}")
    images = data.reshape(size, CHANNELS, SIDE, SIDE).transpose(0, 2, 3, 1)
    return images, np.array(labels, dtype=np.uint8)


def write_archive(
    path: Path, images: NDArray[np.uint8], labels: NDArray[np.uint8], class_names: tuple[str, ...]
) -> None:
    """Write images and labels as an archive in the layout that ``read_archive`` reads.

    The same images always give the same bytes: nothing in the archive depends on time or user.

    Args:
        path: the tar.gz file to make.
        images: shape (n, 32, 32, 3), uint8, n a multiple of five.
        labels: shape (n,), uint8, each an index into ``class_names``.
        class_names: what the classes are called.

    Raises:
        ValueError: if the images cannot be divided into five batches of one size.
    """
    size, rest = divmod(len(images), len(BATCHES))
    if rest or not size:
        raise ValueError(f"{len(images)} images cannot be divided into {len(BATCHES)} batches")
    with (
        open(path, "wb") as raw,
        gzip.GzipFile(fileobj=raw, mode="wb", filename="", mtime=0, compresslevel=1) as packed,
        tarfile.open(fileobj=packed, mode="w") as tar,
    ):
        names = [name.encode() for name in class_names]
        add(tar, META, {
            b"num_cases_per_batch": size, b"label_names": names, b"num_vis": VALUES,
        })  # fmt: skip
        for number, name in enumerate(BATCHES):
            part = slice(number * size, (number + 1) * size)
            planes = images[part].transpose(0, 3, 1, 2).reshape(size, VALUES)
            add(tar, name, {
                b"batch_label": f"training batch {number + 1} of {len(BATCHES)}".encode(),
                b"labels": labels[part].tolist(),
                b"data": np.ascontiguousarray(planes),
                b"filenames": [f"image_{i:06}.png".encode() for i in range(part.start, part.stop)],
            })  # fmt: skip


def add(tar: tarfile.TarFile, name: str, value: dict[bytes, Any]) -> None:
    """Add one pickled member; protocol 3 is the first that keeps byte strings as they are."""
    data = pickle.dumps(value, protocol=3)
    member = tarfile.TarInfo(f"{FOLDER}/{name}")
    member.size = len(data)
    tar.addfile(member, io.BytesIO(data))
