"""Images and labels as .npy files: joining batches, and repeating a data set."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.lib.format import open_memmap
from numpy.typing import NDArray

from ..failures import BenchmarkError

Array = NDArray[np.uint8]


def join_batches(batches: Sequence[tuple[Array, Array]], images: Path, labels: Path) -> None:
    """Write batches one after the other into two .npy files.

    One strided copy a batch turns planes into pixels; the tutorial's loop over images does the same
    with three slices and a stack for each.

    Args:
        batches: for each batch its images, shape (n, 32, 32, 3), and its labels, shape (n,), uint8.
        images: the file to make, in the end of shape (sum of n, 32, 32, 3).
        labels: the file to make, in the end of shape (sum of n,).
    """
    count = sum(len(part) for part, _ in batches)
    target = open_memmap(images, "w+", dtype=np.uint8, shape=(count, *batches[0][0].shape[1:]))
    start = 0
    for part, _ in batches:
        target[start : start + len(part)] = part
        start += len(part)
    target.flush()
    with open(labels, "wb") as handle:
        np.save(handle, np.concatenate([part for _, part in batches]))


def repeat_array(source: Path, target: Path, count: int) -> None:
    """Write an array that repeats another along its first axis until it has ``count`` entries.

    A ``count`` below the number of entries keeps the first ones.

    Raises:
        BenchmarkError: if there is nothing to repeat.
    """
    given = np.load(source, mmap_mode="r")
    if len(given) == 0:
        raise BenchmarkError(f"{source} holds no images, so that they cannot be repeated")
    repeated = open_memmap(target, "w+", dtype=given.dtype, shape=(count, *given.shape[1:]))
    for start in range(0, count, len(given)):
        stop = min(start + len(given), count)
        repeated[start:stop] = given[: stop - start]
    repeated.flush()
