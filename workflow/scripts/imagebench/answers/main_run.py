"""What the main run says of every use in every location: shortlist.json and forecast.csv."""

import math
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd

from ..evidence.pooling import CELL, measures, shown
from ..evidence.summaries import block_times
from ..memory_limits import bytes_for_pages
from ..states import BASELINE, RESERVED, Cache, Until
from .costs import options_from
from .outlook import Limits, foretold, picked
from .shortlist import shortlist
from .uses import Use


def shortlists_of(
    blocks: pd.DataFrame,
    uses: Mapping[str, Mapping[str, Any]],
    *,
    traits: Mapping[str, Mapping[str, bool]],
    image_bytes: float,
    there_are: int = 0,
    piece_bytes: float = math.inf,
    stores: Path = Path("."),
) -> list[dict[str, Any]]:
    """Return the shortlist of each use in each location, as shortlist.json has it.

    Args:
        blocks: as ``blocks_of`` gives it.
        uses: of the config, by their names.
        traits: what holds for each backend; see ``uses.Option``.
        image_bytes: of the pixels of one image, on average.
        there_are: images of which those that were measured are a sample; what a use is about that
            does not say how many there will be.
        piece_bytes: of the pixels that are in memory at once.
        stores: the folder of the stores of all locations.
    """
    found = []
    for location in blocks["location"].unique():
        limits = limits_of(stores / location, image_bytes, piece_bytes)
        measured, options_of = options_from(blocks, traits, location, limits)
        for name, wanted in uses.items():
            images = wanted["images"] or max(there_are, measured)
            use = Use(**{**wanted, "name": name, "images": images,
                         "cache": cache_of(wanted["cache"], images * image_bytes)})  # fmt: skip
            listed = asdict(shortlist(use, measured, options_of))
            found.append({
                "location": location,
                "against_plain_bytes": against_plain_bytes(blocks, location, use),
                **without_nan(listed),
            })  # fmt: skip
    return found


def against_plain_bytes(blocks: pd.DataFrame, location: str, use: Use) -> dict[str, float]:
    """Return for each backend how many times as long an epoch takes as one of plain bytes.

    Both as they were measured, with the largest number of images that both were read with.
    """
    rows = picked(blocks[blocks["location"] == location], use.access, use.cache, Until.RETURNED)
    most = rows[rows["backend"] == BASELINE]["stored_images"].max()
    typical = rows[rows["stored_images"] == most].groupby("backend")["seconds"].median()
    return {
        str(name): float(seconds / typical[BASELINE])
        for name, seconds in typical.items()
        if name not in RESERVED
    }


def forecast_of(
    blocks: pd.DataFrame, shortlists: Sequence[Mapping[str, Any]], limits: Limits
) -> pd.DataFrame:
    """Foretell the times of as many images as uses are about, if none measured as many.

    Returns:
        forecast.csv, which may have no rows: location, backend, operation, cache, until and images;
        the seconds, with their 95 % interval; and why they are refused, if they are.
    """
    most = max(listed["asked_images"] for listed in shortlists)
    rows = foretold(blocks, most, limits) if most > blocks["images"].max() else []
    return pd.DataFrame(rows, columns=FORECAST)


FORECAST = [
    "location", "backend", "operation", "cache", "until", "images", "seconds", "low_seconds",
    "high_seconds", "refused",
]  # fmt: skip


def blocks_of(
    timings: pd.DataFrame, image_pixels: float, image_file_bytes: float | None = None
) -> pd.DataFrame:
    """Give one row a block, with what answers need of it besides.

    Args:
        timings: as ``tables.read_timings`` gives it.
        image_pixels: of all images that there are, on average.
        image_file_bytes: of their files, on average; None if they come from none.

    Returns:
        What ``summaries.block_times`` gives, with ``memory``, the bytes of a process: its own, or
        all that were resident if that is unknown; ``stored_images``; ``psnr_db``; ``amount``, as
        many images of average size as have as many pixels; and ``file_amount``, as many as have
        files of as many bytes.
    """
    rows = shown(measures(timings))
    key = [*CELL, "backend_label", "host", "block"]
    rows = rows.assign(memory=rows["own_memory_bytes"].fillna(rows["peak_memory_bytes"]))
    columns = ["memory", "stored_images", "pixels", "bytes_original", "psnr_db"]
    more = rows.groupby(key, sort=False, dropna=False)[columns].max().reset_index()
    more["amount"] = (more.pop("pixels") / image_pixels).fillna(more["stored_images"])
    file_amount = more.pop("bytes_original") / (image_file_bytes or math.nan)
    more["file_amount"] = file_amount.fillna(more["amount"])
    return block_times(rows).merge(more, on=key)


def cache_of(wanted: str | None, size: float) -> Cache:
    """Give the state of the page cache that epochs meet: warm, if all that is read fits into it."""
    if wanted:
        return Cache(wanted)
    return Cache.WARM if size < bytes_for_pages() else Cache.COLD


def limits_of(folder: Path, image_bytes: float, piece_bytes: float) -> Limits:
    """Ask this machine, and the file system of a location, what they can hold.

    Nothing is known of a file system that is not here.
    """
    room = {}
    with suppress(OSError, AttributeError):  # Windows has no such call
        found = os.statvfs(folder)
        # Some file systems have as many inodes as there is room for, and say zero.
        room = {"bytes": found.f_blocks * found.f_frsize, "files": found.f_files or math.inf}
    return Limits(
        memory=bytes_for_pages(),
        cache=last_cache_bytes(),
        image_bytes=image_bytes,
        piece_images=piece_bytes / image_bytes,
        **room,
    )


def last_cache_bytes() -> int:
    """Bytes of the processor's last cache, as Linux tells them; zero where it does not."""
    sizes = [0]
    for file in Path("/sys/devices/system/cpu/cpu0/cache").glob("index*/size"):
        with suppress(OSError, ValueError):
            sizes.append(int(file.read_text("ascii").strip().removesuffix("K")) << 10)
    return max(sizes)


def without_nan(value: Any) -> Any:
    """Put None in the place of every number that is not known."""
    if isinstance(value, dict):
        return {name: without_nan(of) for name, of in value.items()}
    if isinstance(value, list | tuple):
        return [without_nan(of) for of in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
