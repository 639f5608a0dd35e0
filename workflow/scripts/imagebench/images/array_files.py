"""The .npy files of the data set ``arrays``, held against what can be stored before any job runs.

Only headers are read of images; of labels all, since one that is negative would stop every job.
"""

import stat
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import BenchmarkError
from ..pieces import CHANNELS

LABELS_TOGETHER = 1 << 22
"""So many labels are looked at at once, so that a hundred million take little memory."""

OTHERS = {
    b"PK": "is an .npz file, or another zip: save one array of it by itself, as with "
    "np.save('images.npy', np.load('all.npz')['images'])",
    b"version https://git-lfs": "is a pointer of Git LFS and not the file itself: fetch that with "
    "git lfs pull",
    b"\x80": "is a pickle, which could run any code and is never read: save the array with np.save",
    b"\x1f\x8b": "is compressed by gzip: unpack it first",
    b"\x89HDF": "is an HDF5 file: save one array of it with np.save",
    b"<": "is a page of HTML or XML, as a download that failed leaves it: download it again",
}
"""What begins with these bytes is no .npy file, and what to do about it."""


def mapped(path: str | None, what: str) -> tuple[Path, NDArray[Any]]:
    """Map a .npy file.

    Args:
        path: of the config.
        what: its key, ``images`` or ``labels``.

    Raises:
        BenchmarkError: if it is not named, not there, or no such file.
    """
    if not path:
        raise BenchmarkError(
            f"config: dataset is arrays, but arrays.{what} is not set: give the path of a .npy file"
        )
    file, called = Path(path).expanduser(), f"config: arrays.{what} is {path!r}, which"
    if set("{}") & set(path):
        raise BenchmarkError(f"{called} has braces, which Snakemake fills in: rename it")
    try:
        # A pipe would be waited for.
        if not stat.S_ISREG(file.stat().st_mode):
            raise BenchmarkError(f"{called} is no file: give the path of a .npy file")
        with open(file, "rb") as opened:
            start = opened.read(32)
        for begins, reason in OTHERS.items():
            if start.startswith(begins):
                raise BenchmarkError(f"{called} {reason}")
        if not start.startswith(np.lib.format.MAGIC_PREFIX):
            reason = "has other bytes" if start else "is empty"
            raise BenchmarkError(
                f"{called} {reason} and is no .npy file: save the array with np.save"
            )
        return file, np.load(file, mmap_mode="r", allow_pickle=False)
    except OSError as error:
        raise BenchmarkError(f"{called} cannot be read: {error.strerror or error}") from error
    except Exception as error:  # a damaged header can raise almost anything
        if isinstance(error, BenchmarkError):
            raise
        reason = "is damaged or cut off: write or copy it again"
        if "Python objects" in str(error):
            reason = (
                "holds Python objects, which could run any code and are never read: save it as "
                "one array of numbers"
            )
        raise BenchmarkError(f"{called} {reason}") from error


def mapped_images(path: str | None) -> tuple[Path, NDArray[Any]]:
    """Map the images.

    Raises:
        BenchmarkError: if they are not such as can be stored, with what makes them so.
    """
    file, images = mapped(path, "images")
    way_out = why_no_images(images)
    if way_out:
        raise BenchmarkError(
            f"{file} has {images.dtype} of shape {images.shape}; images must be uint8 or uint16, "
            "of shape (n, height, width), or (n, height, width, channels) with 2 to 4 channels: "
            f"{way_out}"
        )
    return file, images


def why_no_images(images: NDArray[Any]) -> str | None:
    """Say what to do about an array that does not hold images as they are stored; else None."""
    kind, size, axes = images.dtype.kind, images.dtype.itemsize, images.ndim
    second, last = (*images.shape, 0, 0)[1], (0, *images.shape)[-1]
    reasons = (
        (not images.size, "it holds no pixels"),
        (kind == "f", "if they go from 0 to 1, save (255 * images).round().astype(np.uint8)"),
        (kind not in "biu", "save them as numbers"),
        (kind != "u" or size > 2, "if none goes beyond 255, save images.astype(np.uint8)"),
        (axes == 2, "if each row is an image, reshape it; of one image, save images[np.newaxis]"),
        (axes not in (3, 4), "save them with as many axes"),
        (axes == 3 or last in CHANNELS, None),
        (last == 1, "save images[..., 0]"),
        (second == 1, "channels come first here: save images[:, 0]"),
        (second in CHANNELS, "channels come first here: save np.moveaxis(images, 1, -1)"),
        (True, f"these have {last}"),
    )
    return next(way_out for holds, way_out in reasons if holds)


def require_labels(path: str, count: int) -> None:
    """Raise unless a file holds labels of so many images, each from 0 to 2^63 - 1.

    Raises:
        BenchmarkError: with what makes them so.
    """
    file, labels = mapped(path, "labels")
    said = f"{file} has {labels.dtype} of shape {labels.shape}"
    if labels.shape != (count,):
        way_out = ""
        if labels.shape == (count, 1):
            way_out = ": save labels[:, 0]"
        elif labels.ndim == 2 and len(labels) == count:
            way_out = ": if one column is 1 in each row, save labels.argmax(axis=1)"
        raise BenchmarkError(
            f"{said}; there must be one label for each of {count:,} images, of shape ({count},)"
            f"{way_out}"
        )
    if labels.dtype.kind not in "iu":
        way_out = "save labels.astype(np.int64), if all are whole"
        if labels.dtype.kind in "US":
            way_out = (
                "names are numbered by np.unique(labels, return_inverse=True), whose second array "
                "is to be saved"
            )
        raise BenchmarkError(f"{said}; labels must be whole numbers: {way_out}")
    for start in range(0, count, LABELS_TOGETHER):
        some = labels[start : start + LABELS_TOGETHER]
        for bad in (some < 0, some > np.iinfo(np.int64).max):
            if bad.any():
                place = int(bad.argmax())
                raise BenchmarkError(
                    f"{file} has label {some[place]} for image {start + place:,}; labels must be "
                    "whole numbers from 0 to 2^63 - 1: number the classes from 0 on, or leave such "
                    "images out of both files"
                )
