"""The data sets that a config can name: what is known of each before anything is made."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import BenchmarkError
from ..pieces import Facts, Labels, mode_of
from .folder import paths_of
from .index import facts_of
from .sample import Chosen

ARCHIVE_COUNT = 50_000
"""Images in the archives of CIFAR, for training; the tutorial doubles them."""


def described(
    config: Mapping[str, Any], chosen: Chosen | None
) -> tuple[dict[str, Any], Facts, int]:
    """Say which images a config names, what is known of them, and how many of them differ.

    Args:
        config: complete.
        chosen: of a folder.

    Returns:
        What tells these images from others, for records; facts of all that are measured, but for
        labels; and how many are taken as they are, before copies are changed.

    Raises:
        BenchmarkError: if arrays are not there, or not such as can be stored.
    """
    dataset = config["dataset"]
    count = config["image_count"]
    if chosen is not None:
        index = chosen.index
        facts = facts_of(index.rows[chosen.order], paths_of(index, chosen.order), index.change)
        return {"dataset": dataset, "digest": chosen.identity}, facts, chosen.good
    if dataset == "arrays":
        file, images = opened(config["arrays"]["images"], "images")
        status = file.stat()
        facts = Facts(images.shape[1:], no_labels(count or len(images)), images.dtype)
        if (
            images.ndim not in (3, 4)
            or images.dtype not in (np.uint8, np.uint16)
            or not images.size
        ):
            raise BenchmarkError(
                f"{file} has {images.dtype} of shape {images.shape}; images must be uint8 or "
                "uint16, of shape (n, height, width) or (n, height, width, channels)"
            )
        if "channels" in mode_of(images.shape[1:], images.dtype):
            raise BenchmarkError(
                f"{file} has images of {images.shape[3]} channels; they must have 2, 3 or 4, or no "
                "such axis where there is one"
            )
        if config["arrays"]["labels"]:
            _, of_labels = opened(config["arrays"]["labels"], "labels")
            if of_labels.shape != images.shape[:1] or of_labels.dtype.kind not in "iu":
                raise BenchmarkError(
                    f"the labels have {of_labels.dtype} of shape {of_labels.shape}; they must be "
                    f"whole numbers, one for each of {len(images):,} images"
                )
        known = {"dataset": dataset, "bytes": status.st_size, "changed": status.st_mtime_ns}
        return known, facts, len(images)
    facts = Facts((32, 32, 3), no_labels(count))
    if dataset == "lookalike":
        return {"dataset": dataset, "seed": config["seed"]}, facts, 2 * ARCHIVE_COUNT
    return {"dataset": dataset, "md5": config[dataset]["md5"].lower()}, facts, 2 * ARCHIVE_COUNT


def no_labels(count: int) -> Labels:
    """Stand in for so many labels, and take no room."""
    return np.broadcast_to(np.int64(0), (count,))


def opened(path: str | None, what: str) -> tuple[Path, np.ndarray[Any, Any]]:
    """Map a .npy file.

    Raises:
        BenchmarkError: if it is not named, not there, or no such file.
    """
    if not path:
        raise BenchmarkError(
            f"config: dataset is arrays, but arrays.{what} is not set: give the path of a .npy file"
        )
    file = Path(path).expanduser()
    try:
        return file, np.load(file, mmap_mode="r")
    except (OSError, ValueError) as error:
        raise BenchmarkError(
            f"config: arrays.{what} is {path!r}, which cannot be read: {error}"
        ) from error
