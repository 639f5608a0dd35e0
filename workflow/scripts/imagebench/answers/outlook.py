"""What many images take, foretold from the tables of what fewer took."""

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from ..states import Cache, Until
from .forecast import (
    DRIFT,
    DRIFT_COLD,
    NORMAL,
    Forecast,
    Interval,
    Refusal,
    foretell,
    with_intervals,
)

REPEAT = ["host", "block"]
"""What was measured near each other in time."""

COPIED_BYTES_A_SECOND = 1e9
"""What handles pixels faster than this does little but copy them, which caches make faster."""


@dataclass(frozen=True)
class Limits:
    """What bounds stores that are foretold.

    Attributes:
        memory: bytes of the machine; a store that is larger is read and written another way.
        cache: bytes of the processor's last cache; what is larger is copied more slowly.
        bytes: that the file system of a location has, for all files.
        files: that it can have.
        image_bytes: of an image's pixels.
        piece_images: so many images are in memory at once.
    """

    memory: float = math.inf
    cache: float = 0.0
    bytes: float = math.inf
    files: float = math.inf
    image_bytes: float = 1.0
    piece_images: float = math.inf

    def crossed(self, stores: pd.DataFrame, size: float, files: float) -> Refusal | None:
        """Say what lies between the stores that were measured and one of this size."""
        if size > self.bytes or files > self.files:
            return Refusal.ROOM
        largest = stores["bytes_allocated"].max()
        return Refusal.MEMORY if largest <= self.memory < size else None

    def foretell(self, rows: pd.DataFrame, images: int, repeats: Any) -> Forecast:
        """Foretell the seconds of so many images, one a block, in the order of all blocks."""
        whole = rows.assign(whole=rows["seconds"] * rows["stored_images"] / rows["images"])
        table = whole.pivot_table(index="stored_images", columns=REPEAT, values="whole")
        by = rows.groupby("stored_images")[counted_by(rows, images, "amount")].mean()
        amounts = by.to_numpy(dtype=np.float64)
        is_cold = rows["cache"].iloc[0] == Cache.COLD
        values = table.reindex(columns=repeats).to_numpy(dtype=np.float64)
        found = foretell(amounts, values, images, DRIFT_COLD if is_cold else DRIFT)
        is_crossed = amounts[-1] * self.image_bytes <= self.cache < images * self.image_bytes
        is_copying = found.slope < self.image_bytes / COPIED_BYTES_A_SECOND
        found = replace(found, deviation=math.hypot(found.deviation, sample_deviation(rows)))
        if not is_cold and is_crossed and is_copying and found.refused is None:
            return replace(found, refused=Refusal.CACHE)
        return found


SIZE_SHARE = 0.02
"""By so much are bytes off at most that are foretold of images that are all alike."""

OF_SAMPLE = 0.4
"""Standard deviation of the logarithm of what a pixel takes, of images that differ: a sample may be
off by so much over the root of how many it has."""


def sample_deviation(rows: pd.DataFrame) -> float:
    """Say how far those images may be from all others; zero where all have one size."""
    is_mixed = not np.allclose(rows["amount"], rows["stored_images"], rtol=1e-6)
    return OF_SAMPLE / math.sqrt(rows["stored_images"].max()) if is_mixed else 0.0


def counted_by(rows: pd.DataFrame, images: int, amount: str) -> str:
    """Return the column that images are counted by.

    Up to as many as were measured, an image counts as one, so that what was measured is told as it
    was. Beyond, images that were not measured count by their size.
    """
    return "stored_images" if images <= rows["stored_images"].max() else amount


def bytes_of(rows: pd.DataFrame, images: int, amount: str = "amount") -> Interval:
    """Foretell the bytes of a store of so many images.

    The value follows the last two numbers that were measured; the bounds follow them or the mean of
    all, whichever is less and more.

    Args:
        rows: of one backend that stored images.
        images: how many there will be.
        amount: the column that the sizes of stores grow with, ``amount`` or ``file_amount``.
    """
    amounts, values = middles(rows, "bytes_allocated", counted_by(rows, images, amount))
    if images <= amounts[-1]:
        return (within(images, amounts, values),) * 3
    more = images - amounts[-1]
    found, low, high = (values[-1] + more * of for of in last_slopes(amounts, values))
    share = max(SIZE_SHARE, NORMAL * sample_deviation(rows))
    return found, low / (1 + share), high * (1 + share)


def files_of(rows: pd.DataFrame, images: int) -> Interval:
    """Foretell the files of a store of so many images.

    A format with a file or more for each image has as many for each further one; the few that it
    has besides stay as they are. A shard that is begun counts as one file.
    """
    amounts, values = middles(rows, "files", "stored_images")
    if each := values[-1] // amounts[-1]:
        found = values[-1] + (images - amounts[-1]) * each
        return found, found, found
    if images <= amounts[-1]:
        return (within(images, amounts, values),) * 3
    if values[-1] < amounts[-1] and values[-1] == values[0]:
        return values[-1], values[-1], values[-1] + 1
    more = images - amounts[-1]
    found, low, high = (values[-1] + more * of for of in last_slopes(amounts, values))
    return found, low, high + 1


MEMORY_FACTOR = 1.15
"""Own memory is off by this factor at most, for each ten times as many images. Of 100,000 images,
foretold from 1,000 and 10,000, 15 of 19 formats were within it; the others, which keep chunks or
buffers of a fixed size, took less than was foretold."""


def memory_of(rows: pd.DataFrame, images: int, limits: Limits) -> Interval:
    """Foretell the bytes of own memory of a process that reads so many images.

    It grows as it did until images come in several pieces. Formats that lose nothing grow by the
    pixels at least: what is read is an array of the process's own, also where a file is mapped.
    Of tables that know resident memory alone, it is that.
    """
    amounts, values = middles(rows, "memory", counted_by(rows, images, "amount"))
    if images <= amounts[-1]:
        return (within(images, amounts, values),) * 3
    least = limits.image_bytes if rows["psnr_db"].isna().all() else 0.0
    slope = last_slopes(amounts, values)[0] if len(amounts) > 1 else 0.0
    more = max(0.0, min(images, limits.piece_images) - amounts[-1])
    found = values[-1] + more * max(slope, least)
    factor = MEMORY_FACTOR ** max(1.0, math.log10(images / amounts[-1]))
    return found, found / factor, found * factor


def middles(rows: pd.DataFrame, column: str, by: str) -> tuple[list[float], list[float]]:
    """Give the numbers of images that were measured, and the median of a column for each."""
    columns = [of for of in {by, column} if of != "stored_images"]
    middle = rows.groupby("stored_images")[columns].median().reset_index()
    return middle[by].astype(float).tolist(), middle[column].astype(float).tolist()


def within(images: float, amounts: list[float], values: list[float]) -> float:
    """Give the value of so many images among those that were measured; in proportion to one."""
    if len(amounts) == 1 and values[0] >= amounts[0]:
        return values[0] * images / amounts[0]
    return float(np.interp(images, amounts, values))


def last_slopes(amounts: list[float], values: list[float]) -> tuple[float, float, float]:
    """By how much a value has grown for each image at last, and the least and the most it may have.

    It may as well have grown as the mean of all; of one number alone, that is all there is.
    """
    mean = values[-1] / amounts[-1]
    if len(amounts) == 1:
        return mean, mean, mean
    last = max(0.0, (values[-1] - values[-2]) / (amounts[-1] - amounts[-2]))
    return last, min(last, mean), max(last, mean)


KINDS = (
    ("store_many", Cache.NOT_APPLICABLE, Until.CLOSED),
    ("store_many", Cache.NOT_APPLICABLE, Until.DURABLE),
    ("read_many", Cache.COLD, Until.RETURNED),
    ("read_many", Cache.WARM, Until.RETURNED),
)
"""What is measured at every number of images: the operation, the cache, and until when."""


def foretold(blocks: pd.DataFrame, images: int, limits: Limits) -> list[dict[str, Any]]:
    """Foretell how long each backend takes with so many images, in each location.

    Returns:
        Rows of forecast.csv: what is foretold, with its 95 % interval, or why it is refused.
    """
    found = []
    for location, rows in blocks.groupby("location", sort=False):
        for kind in KINDS:
            found += [
                {
                    "location": location,
                    **dict(zip(("operation", "cache", "until"), kind, strict=True)),
                    **row,
                }
                for row in foretold_of(picked(rows, *kind), images, limits)
            ]
    return found


def foretold_of(rows: pd.DataFrame, images: int, limits: Limits) -> list[dict[str, Any]]:
    """Foretell how long one experiment takes with each backend; their noise belongs together."""
    if rows.empty:
        return []
    repeats = rows.set_index(REPEAT).index.unique()
    each = {
        str(name): limits.foretell(own, images, repeats)
        for name, own in rows.groupby("backend", sort=False)
    }
    deviations = np.array([of.deviation for of in each.values()])
    intervals = with_intervals(np.stack([of.values for of in each.values()]), deviations)
    names = ("seconds", "low_seconds", "high_seconds")
    return [
        {
            "backend": name,
            "images": images,
            **dict(zip(names, interval, strict=True)),
            "refused": of.refused,
        }
        for (name, of), interval in zip(each.items(), intervals, strict=True)
    ]


def picked(rows: pd.DataFrame, operation: str, cache: str, until: str) -> pd.DataFrame:
    """Pick the rows of an operation."""
    is_wanted = (rows["operation"] == operation) & (rows["cache"] == cache)
    found: pd.DataFrame = rows[is_wanted & (rows["until"] == until)]
    return found
