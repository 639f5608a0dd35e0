"""What was made ready of a data set before anything is timed, opened as a source of its images."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import BenchmarkError
from ..pieces import PIECE_BYTES, Source
from .folder import FolderSource
from .index import Index
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
