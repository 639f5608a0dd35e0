"""Images and labels as .npy files: joining batches, and repeating a data set."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import accumulate
from pathlib import Path

import numpy as np
from numpy.lib.format import open_memmap
from numpy.typing import NDArray

from ..failures import BenchmarkError

Array = NDArray[np.uint8]


CHUNK_IMAGES = 128
"""So many images at once stay in a processor's cache while their channels are woven together."""


def join_batches(batches: Sequence[tuple[Array, Array]], threads: int = 1) -> tuple[Array, Array]:
    """Put batches, one after the other, into one array of images and one of labels.

    The tutorial takes three slices of each image and stacks them. Here each channel of a few images
    is copied at once: 3 copies for every 128 images.

    Args:
        batches: for each batch its images, shape (n, 32, 32, 3), and its labels, shape (n,), uint8;
            images may be views of planes, as ``read_archive`` gives them.
        threads: how many batches are copied at once.

    Returns:
        images: shape (sum of n, 32, 32, 3), uint8, contiguous.
        labels: shape (sum of n,), uint8.
    """
    ends = list(accumulate(len(labels) for _, labels in batches))
    images = np.empty((ends[-1], *batches[0][0].shape[1:]), dtype=np.uint8)
    with ThreadPoolExecutor(threads) as pool:
        parts = [
            images[end - len(part) : end] for end, (part, _) in zip(ends, batches, strict=True)
        ]
        list(pool.map(copy_by_channel, [part for part, _ in batches], parts))
    return images, np.concatenate([labels for _, labels in batches])


def copy_by_channel(source: Array, target: Array) -> None:
    """Copy images, shape (n, height, width, channels), one channel of a few images at a time."""
    for start in range(0, len(source), CHUNK_IMAGES):
        some = slice(start, start + CHUNK_IMAGES)
        for channel in range(source.shape[-1]):
            target[some, ..., channel] = source[some, ..., channel]


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
