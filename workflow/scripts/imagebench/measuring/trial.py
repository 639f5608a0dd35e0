"""A few images stored and read with a format, to know about how long many take."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from .. import files
from ..contract import Backend
from ..digests import image_digests
from ..pieces import Digests, Piece, Source
from .samples import prepare

JOBS_SHARE = 0.55
"""What a job takes besides, over what Snakemake takes to say its version: both import the same.
With 56 jobs of a folder it was 0.47."""


def of_job() -> float:
    """Seconds that a timed job takes besides what it times, about."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "snakemake", "--version"], check=True, stdout=-3)
    return JOBS_SHARE * (time.perf_counter() - start)


def of_source(source: Source) -> float:
    """Seconds to read, decode and digest an image of a source, on average."""
    start = time.perf_counter()
    for piece in source.pieces():
        image_digests(*piece)
    return (time.perf_counter() - start) / source.facts.count


def of_call(call: Callable[[Piece], Digests], source: Source) -> float:
    """Seconds that a call takes with an image of a source, on average."""
    seconds = 0.0
    for piece in source.pieces():
        start = time.perf_counter()
        call(piece)
        seconds += time.perf_counter() - start
    return seconds / source.facts.count


def of_backend(backend: Backend, source: Source, folder: Path) -> tuple[float, float]:
    """Seconds to store an image, and to read and digest one, on average.

    Args:
        backend: the format.
        source: of a few images.
        folder: that is made for it, and removed.
    """
    with files.scratch_folder(folder):
        prepare(backend, source.facts.kind, folder / "store")
        pieces = source.pieces(as_files=backend.keeps_files)
        start = time.perf_counter()
        backend.store(pieces, source.facts, folder / "store")
        middle = time.perf_counter()
        for piece in backend.read(folder / "store"):
            image_digests(*piece)
        stop = time.perf_counter()
    return (middle - start) / source.facts.count, (stop - middle) / source.facts.count
