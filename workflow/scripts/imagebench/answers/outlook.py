"""What many images take, foretold from the tables of what fewer took."""

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from ..evidence.statistics import Floats
from ..states import Cache, Until
from .forecast import DRIFT, DRIFT_COLD, Forecast, Interval, Refusal, foretell, with_intervals

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
        amounts = rows.groupby("stored_images")["amount"].mean().to_numpy(dtype=np.float64)
        is_cold = rows["cache"].iloc[0] == Cache.COLD
        values = table.reindex(columns=repeats).to_numpy(dtype=np.float64)
        found = foretell(amounts, values, images, DRIFT_COLD if is_cold else DRIFT)
        is_crossed = amounts[-1] * self.image_bytes <= self.cache < images * self.image_bytes
        is_copying = found.slope < self.image_bytes / COPIED_BYTES_A_SECOND
        if not is_cold and is_crossed and is_copying and found.refused is None:
            return replace(found, refused=Refusal.CACHE)
        return found


SIZE_SHARE = 0.02
"""By so much are bytes and files off at most that are foretold: of an image they hardly vary."""


def sized(rows: pd.DataFrame, column: str, images: int) -> Interval:
    """Foretell bytes or files of so many images.

    The value follows the last two numbers that were measured; the bounds follow them or the mean of
    all, whichever is less and more.
    """
    amounts, values = middles(rows, column)
    measured, value = float(amounts[-1]), float(values[-1])
    if images <= measured and len(amounts) > 1:
        value = float(np.interp(images, amounts, values))
        return value, value, value
    mean = value / measured if value >= measured else 0.0
    slope = mean if len(amounts) == 1 else last_slope(amounts, values)
    found = value + (images - measured) * slope
    low, high = sorted((found, value + (images - measured) * mean))
    if found == value:  # the same files, whatever is in them
        return found, low, high
    return found, low * (1 - SIZE_SHARE), high * (1 + SIZE_SHARE)


MEMORY_FACTOR = 1.15
"""For each ten times as many images, memory is off by this factor at most; seen with 28 formats."""


def memory_of(rows: pd.DataFrame, images: int, limits: Limits) -> Interval:
    """Foretell the bytes of memory of a process that reads so many images.

    It grows as it did, and by the pixels at least, until images come in several pieces.
    """
    amounts, values = middles(rows, "memory")
    measured, value = float(amounts[-1]), float(values[-1])
    if images <= measured:
        value = float(np.interp(images, amounts, values))
        return value, value, value
    slope = last_slope(amounts, values) if len(amounts) > 1 else 0.0
    more = max(0.0, min(images, limits.piece_images) - measured)
    found = value + more * max(slope, limits.image_bytes)
    factor = MEMORY_FACTOR ** max(1.0, math.log10(images / measured))
    return found, found / factor, found * factor


def middles(rows: pd.DataFrame, column: str) -> tuple[Floats, Floats]:
    """Give the numbers of images that were measured, and the median of a column for each."""
    middle = rows.groupby("stored_images")[["amount", column]].median()
    amounts, values = (middle[of].to_numpy(dtype=np.float64) for of in ("amount", column))
    return amounts, values


def last_slope(amounts: Floats, values: Floats) -> float:
    """By how much a value has grown for each image, between the last two numbers of them."""
    return max(0.0, float((values[-1] - values[-2]) / (amounts[-1] - amounts[-2])))


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
