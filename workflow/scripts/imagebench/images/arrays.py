"""Images and labels as .npy files: joining batches, writing and repeating a data set."""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib.format import write_array_header_1_0
from numpy.typing import NDArray

from ..errors import BenchmarkError
from ..files import blamed_on
from ..pieces import BYTE

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


def repeat_array(source: Path, target: Path, count: int, most_times: int) -> None:
    """Write an array that repeats another along its first axis until it has ``count`` entries.

    A ``count`` below the number of entries keeps the first ones; it is repeated at most so many
    times.

    Raises:
        BenchmarkError: if there is nothing to repeat.
        OSError: with the path, if it cannot be written, as where the disk is full.
    """
    given = np.load(source, mmap_mode="r")
    if len(given) == 0:
        raise BenchmarkError(f"{source} holds no images, so that they cannot be repeated")
    count = min(count, most_times * len(given))
    parts = (given[: count - start] for start in range(0, count, len(given)))
    save_parts(target, (count, *given.shape[1:]), parts)


def save_parts(
    target: Path, shape: tuple[int, ...], parts: Iterable[NDArray[Any]], dtype: Any = BYTE
) -> None:
    """Write an array as a .npy file, part after part along its first axis.

    It is not mapped, since the system ends a process that fills a map when the disk is full, and
    not left to ``np.save``, which then says neither path nor cause.

    Args:
        target: the file to make.
        shape: of the whole array.
        parts: shape (n, *shape[1:]), where all n add up to shape[0].
        dtype: of all of them.

    Raises:
        OSError: with the path, if it cannot be written.
    """
    header = {"descr": dtype.str, "fortran_order": False, "shape": shape}
    with blamed_on(target, target), open(target, "wb") as file:
        write_array_header_1_0(file, header)
        for part in parts:
            file.write(np.ascontiguousarray(part).data)
