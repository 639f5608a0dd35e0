"""Images of a break-even run: others than those of the main run, wherever there are any."""

import os
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from ..pieces import PIECE_BYTES, Source
from .folder import FolderSource
from .index import GOOD
from .looking import digest_chosen
from .prepared import folder_in, source_of
from .sample import in_order


def sources_of_blocks(
    inputs: Mapping[str, Path], measured: int, images: int, blocks: int, job: Mapping[str, Any]
) -> tuple[list[Callable[[], Source]], dict[str, str]]:
    """Return for each block of a break-even run what opens its images, and which are left out.

    Of a folder, blocks take the images that come after those that were measured in the order of the
    sample, each block others, and begin anew where there are no more. What turns out to be damaged
    is left out. Of arrays, every block takes the first images.

    Args:
        inputs: of the data set; see ``source_of``.
        measured: number of images that the main run has measured.
        images: number of images in a block, at most as many as there are.
        blocks: number of blocks.
        job: as ``source_of`` has it.

    Returns:
        What opens the images of each block; and why files are left out, by the paths of those that
        turned out to be damaged.

    Raises:
        BenchmarkError: if the index of a folder is damaged.
    """
    if "index" not in inputs:
        job = {**job, "cell": {"stored_images": images}}
        return [partial(source_of, inputs, images, job)] * blocks, {}
    index, _ = folder_in(inputs)
    order = np.roll(in_order(index.rows, job["settings"]["seed"]), -measured)
    known = set(index.reasons)
    taken = [order.take(np.arange(images) + block * images, mode="wrap") for block in range(blocks)]
    digest_chosen(index, np.unique(np.concatenate(taken)).tolist(), lambda done, of: None)
    piece_bytes = job["settings"].get("piece_bytes", PIECE_BYTES)
    good = [np.sort(some[index.rows[some]["state"] == GOOD]) for some in taken]
    left_out = {name: why for name, why in index.reasons.items() if name not in known}
    return (
        [partial(FolderSource, index, some, piece_bytes) for some in good],
        {os.fsdecode(name): reason for name, reason in left_out.items()},
    )
