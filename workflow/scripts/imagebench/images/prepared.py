"""What was made ready of a data set before anything is timed, opened as a source of its images."""

import os
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import BenchmarkError
from ..pieces import PIECE_BYTES, Source
from .folder import FolderSource
from .index import GOOD, Index
from .looking import digest_chosen
from .sample import in_order
from .source import ArraySource


def source_of(inputs: Mapping[str, Path], count: int, job: Mapping[str, Any]) -> Source:
    """Give the first images of the data set, or a fair sample of a folder's, in pieces.

    Raises:
        BenchmarkError: if the index of a folder is damaged.
    """
    piece_bytes = job["settings"].get("piece_bytes", PIECE_BYTES)
    if "index" in inputs:
        stored = job["cell"]["stored_images"]
        index, chosen = folder_in(inputs)
        chosen = chosen[:count]
        # Single images are the first of the sample; many are stored in the order of their paths.
        return FolderSource(index, chosen if count != stored else np.sort(chosen), piece_bytes)
    return ArraySource(
        np.load(inputs["images"], mmap_mode="r"),
        np.load(inputs["labels"]),
        np.load(inputs["digests"], mmap_mode="r")[:count],
        job["images"].get("copies", {}).get("seed", 0),
        piece_bytes,
    )


def folder_in(inputs: Mapping[str, Path]) -> tuple[Index, NDArray[np.int64]]:
    """Return the index of a folder, and the rows of the images that are measured, in order.

    Raises:
        BenchmarkError: if the index is damaged.
    """
    index = Index.load(inputs["index"].parent)
    if index is None:
        raise BenchmarkError(f"{inputs['index']} is damaged: delete it and run again")
    return index, np.load(inputs["order"])


def sources_of_blocks(
    inputs: Mapping[str, Path], measured: int, images: int, blocks: int, job: Mapping[str, Any]
) -> list[Callable[[], Source]]:
    """Return for each block of a break-even run what opens its images.

    Of a folder, blocks take the images that come after those that were measured in the order of the
    sample, each block others, and begin anew where there are no more. What turns out to be damaged
    is left out. Of arrays, every block takes the first images.

    Args:
        inputs: of the data set; see ``source_of``.
        measured: number of images that the main run has measured.
        images: number of images in a block, at most as many as there are.
        blocks: number of blocks.
        job: as ``source_of`` has it.

    Raises:
        BenchmarkError: if the index of a folder is damaged.
    """
    if "index" not in inputs:
        job = {**job, "cell": {"stored_images": images}}
        return [partial(source_of, inputs, images, job)] * blocks
    index, chosen = folder_in(inputs)
    copies = np.array([os.path.isabs(index.names[number]) for number in chosen.tolist()])
    # Where copies were made, all images are measured, and there are no others.
    order = chosen if copies.any() else in_order(index.rows, job["settings"]["seed"])
    order = np.roll(order, -measured)
    taken = [order.take(np.arange(images) + block * images, mode="wrap") for block in range(blocks)]
    digest_chosen(index, np.unique(np.concatenate(taken)).tolist(), lambda done, of: None)
    piece_bytes = job["settings"].get("piece_bytes", PIECE_BYTES)
    good = [np.sort(some[index.rows[some]["state"] == GOOD]) for some in taken]
    return [partial(FolderSource, index, some, piece_bytes) for some in good]
