"""What moving to a format gains over staying, and whether that is sure enough to be advised."""

import math
from dataclasses import dataclass

import numpy as np
from scipy import stats

from ..evidence.statistics import CONFIDENCE, MARGIN, Floats, moments

RISK = 0.01
"""Chance that a run advises a move that does not pay, all of its uses together."""

FEWEST_BLOCKS = 5
"""A move is only advised after this many alternating blocks of both."""


@dataclass(frozen=True)
class Gain:
    """How many times as long staying takes as moving, conversion and all epochs included.

    Attributes:
        ratio: geometric mean over blocks.
        low: lower bound of its 95 % interval.
        high: upper bound of the same.
        at_least: lower bound of the one-sided interval that decides.
        at_most: upper bound at the same level.
        blocks: number of blocks.
    """

    ratio: float
    low: float
    high: float
    at_least: float
    at_most: float
    blocks: int

    @property
    def is_sure(self) -> bool:
        """True if moving surely gains more than the margin."""
        return self.blocks >= FEWEST_BLOCKS and self.at_least > 1 + MARGIN

    @property
    def is_excluded(self) -> bool:
        """True if moving surely gains no more than the margin."""
        return self.blocks >= FEWEST_BLOCKS and self.at_most <= 1 + MARGIN


def gain_of(staying: Floats, moving: Floats, uses: int = 1) -> Gain:
    """Return what moving gains, by Student's t on the logarithms of the ratio of each block.

    The noise is that of these blocks alone, with one degree of freedom less than there are blocks.

    Args:
        staying: seconds in all, positive, one a block; shape (n,), at least two.
        moving: the same of the other format, in the same blocks.
        uses: number of uses that a run answers; they share the risk.
    """
    count, mean, deviation = moments(np.log(staying) - np.log(moving))
    error, freedom = float(deviation) / math.sqrt(count), int(count) - 1
    levels = (1 + CONFIDENCE) / 2, 1 - RISK / uses
    both, one = (float(stats.t.ppf(level, freedom)) * error for level in levels)
    ends = np.exp(mean + np.array([0, -both, both, -one, one]))
    ratio, low, high, at_least, at_most = ends.tolist()
    return Gain(ratio, low, high, at_least, at_most, int(count))
