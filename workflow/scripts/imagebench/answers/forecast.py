"""What many images take, foretold from what fewer took.

A store or a read costs something by itself, and something for each image: seconds = fixed + slope x
images. The two largest numbers that were measured give both; a third one says how straight the line
is. How far such a line leads astray was taken from measurements: see docs/statistics.md.
"""

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from ..evidence.statistics import Floats, mean_interval, moments

FARTHEST = 100
"""So many times the images that were measured; beyond, nothing is said."""

BEND = 1.35
"""If two slopes differ by more than this factor, the next one may be anything."""

DRIFT = 0.05
"""Standard deviation of the logarithm of a slope over that ten times farther out."""

DRIFT_COLD = 0.12
"""The same where a device is read: how fast it is depends on how much it is asked for at once."""

DRIFT_OF_BEND = 0.6
"""As much of the logarithm of the last bend adds to the drift."""

DRIFT_UNSEEN = 0.22
"""The drift of a line of which only two points are known."""

Interval = tuple[float, float, float]
"""A value, and a lower and an upper bound of it."""


class Refusal(StrEnum):
    """Why nothing is foretold."""

    TOO_FAR = "too far"
    BENDS = "bends"
    HIDDEN = "hidden"
    CACHE = "cache"
    MEMORY = "memory"
    ROOM = "room"


@dataclass(frozen=True)
class Forecast:
    """What so many images take.

    Attributes:
        values: one a block; not-a-number where there is none.
        deviation: standard deviation of their logarithm that comes of foretelling; zero where that
            many were measured.
        slope: of an image more, in the same unit.
        refused: why it should not be relied on; None where it may.
    """

    values: Floats
    deviation: float = 0.0
    slope: float = 0.0
    refused: Refusal | None = None


def foretell(amounts: Floats, values: Floats, images: float, drift: float = DRIFT) -> Forecast:
    """Say what so many images take.

    Args:
        amounts: the numbers of images that were measured, ascending, shape (n,).
        values: positive, of each of them in each block, float64 of shape (n, blocks);
            not-a-number where there is none.
        images: how many there will be.
        drift: see ``DRIFT``.
    """
    measured, last = float(amounts[-1]), values[-1]
    if images <= measured:
        within = [np.interp(images, amounts, of_block) for of_block in values.T]
        return Forecast(np.array(within) if len(amounts) > 1 else last * images / measured)
    decades = math.log10(images / measured)
    refused = Refusal.TOO_FAR if images > FARTHEST * measured else None
    each = float(np.nanmean(last)) / measured
    if len(amounts) == 1:  # of a store that was open, so that nothing but images is in it
        return Forecast(last * images / measured, drift * math.sqrt(decades), each, refused)
    slopes = np.diff(values, axis=0) / np.diff(amounts)[:, np.newaxis]
    slope, before = (float(np.nanmean(of)) for of in (slopes[-1], slopes[max(0, len(slopes) - 2)]))
    if not slope > 0:
        return Forecast(last * images / measured, 1.0, each, refused or Refusal.HIDDEN)
    bend = abs(math.log(slope / before)) if before > 0 else math.inf
    if bend > math.log(BEND):
        refused = refused or Refusal.BENDS
    of_bend = DRIFT_OF_BEND * bend if len(slopes) > 1 else DRIFT_UNSEEN
    more = np.where(slopes[-1] > 0, slopes[-1], slope) * (images - measured)
    share = float(np.nanmean(more / (last + more)))
    deviation = share * math.hypot(drift, min(of_bend, 1.0)) * math.sqrt(decades)
    return Forecast(last + more, deviation, slope, refused)


NORMAL = 1.96
"""Of a normal distribution, so many standard deviations on either side hold 95 %."""


def with_intervals(values: Floats, deviations: Floats) -> list[Interval]:
    """Geometric means of rows of positive values, each with its 95 % interval.

    Args:
        values: float64 of shape (rows, blocks).
        deviations: of the logarithm of each row, beside those that its blocks show.
    """
    logarithms = np.log(values)
    mean = moments(logarithms)[1]
    low, high = mean_interval(logarithms)
    more = NORMAL * deviations
    ends = np.exp([mean, mean - np.hypot(mean - low, more), mean + np.hypot(high - mean, more)])
    return [(float(value), float(low), float(high)) for value, low, high in ends.T]
