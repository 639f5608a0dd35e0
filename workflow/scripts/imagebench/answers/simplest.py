"""Which of several formats that are about as fast is the simplest, and by what."""

import math
from collections.abc import Sequence
from typing import Any

from .uses import Option

FEW_FILES = 16
"""Between fewer files than these, nobody chooses by their number."""

SIZES_ALIKE = 1.1
"""Sizes that differ by less than this factor are alike."""

WIDELY_READ = {
    name: place
    for place, name in enumerate(
        ("in_place", "files", "disk", "zip", "tar", "webdataset", "npy", "sqlite", "hdf5",
         "hdf5_array", "parquet", "arrow", "lmdb", "zarr", "tensorstore", "mds", "lance")
    )
}  # fmt: skip
"""How widely a container is read by other programs, the most widely first; all others come last."""


def simplicity(option: Option, smallest: float, place: int) -> dict[str, Any]:
    """Say how simple a format is beside others that are about as fast; the least of each is best.

    Args:
        option: the format.
        smallest: bytes of the smallest of them.
        place: among all by how fast they are, which decides where nothing else does.
    """
    traits = option.traits
    container = option.backend.partition("+")[0].partition("@")[0]
    return {
        "stays": not traits["stays"],
        "keeps_files": not traits["keeps_files"],
        "lossless": not traits["lossless"],
        "few_files": option.files[0] > FEW_FILES,
        "small": math.floor(math.log(option.size[0] / smallest) / math.log(SIZES_ALIKE)),
        "widely_read": WIDELY_READ.get(container, len(WIDELY_READ)),
        "fast": place,
    }


def simplest(near: Sequence[Option], ordered: Sequence[Option]) -> tuple[Option, str | None]:
    """Choose among formats that are about as fast, and say by what, unless it is the fastest."""
    smallest = max(1.0, min(of.size[0] for of in near))
    ranks = {of.backend: simplicity(of, smallest, ordered.index(of)) for of in near}
    best = min(near, key=lambda of: tuple(ranks[of.backend].values()))
    fastest = ranks[ordered[0].backend]
    better = [name for name, rank in ranks[best.backend].items() if rank < fastest[name]]
    return best, better[0] if better else None
