"""What a store takes on disk, measured."""

import os
from dataclasses import dataclass
from pathlib import Path

from ..elsewhere import names_in

NOT_OURS = {".snakemake_timestamp"}
"""Snakemake marks folders that it made with a file of its own."""

BLOCK_BYTES = 512
"""The unit of ``st_blocks`` on every POSIX system, whatever the file system's own block is."""


@dataclass(frozen=True)
class Footprint:
    """Disk use: apparent bytes, allocated bytes (folders included) and the number of files."""

    bytes_logical: int
    bytes_allocated: int
    files: int


def footprint(store: Path) -> Footprint:
    """Add up all files below a folder.

    Apparent and allocated bytes differ both ways: a small file takes a whole block, and a sparse
    file less than its length. Folders count as allocated, since a folder of 100,000 entries takes
    megabytes itself. Where the system has no ``st_blocks`` (Windows), allocated equals apparent.
    Files that a store only names count as its own: they alone are its files, so that there are as
    many as images, and the few that name them add no more than their bytes.
    """
    logical = allocated = files = 0
    for folder, _, names in os.walk(store):
        allocated += allocated_bytes(os.stat(folder))
        for name in names:
            if name not in NOT_OURS:
                status = os.lstat(os.path.join(folder, name))
                logical += status.st_size
                allocated += allocated_bytes(status)
                files += 1
    named = names_in(store)
    for path in named:
        status = os.stat(path)
        logical += status.st_size
        allocated += allocated_bytes(status)
    return Footprint(logical, allocated, len(named) or files)


def allocated_bytes(status: os.stat_result) -> int:
    """Bytes of the blocks that belong to one file or folder."""
    blocks = getattr(status, "st_blocks", None)
    return int(status.st_size if blocks is None else blocks * BLOCK_BYTES)
