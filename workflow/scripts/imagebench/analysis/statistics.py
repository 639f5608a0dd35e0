"""What can be said of a few independent blocks."""

import math

import numpy as np
from numpy.typing import NDArray
from scipy import stats

FEWEST_BLOCKS = 3
"""Below this there is no interval: two values say nothing of their spread."""

CONFIDENCE = 0.95


def interval(seconds: NDArray[np.float64]) -> tuple[float, float]:
    """Confidence interval of 95 % for the typical time of a block.

    Student's t on the logarithms: times are positive and their noise multiplies, and t is exact at
    small numbers where logarithms are normal, while a percentile bootstrap of three values covers
    far too little.

    Args:
        seconds: one positive time a block, shape (n,).

    Returns:
        Lower and upper bound in seconds; both not-a-number below three blocks.
    """
    count = len(seconds)
    if count < FEWEST_BLOCKS:
        return math.nan, math.nan
    logarithms = np.log(seconds)
    half = stats.t.ppf((1 + CONFIDENCE) / 2, count - 1) * logarithms.std(ddof=1) / math.sqrt(count)
    centre = logarithms.mean()
    return float(np.exp(centre - half)), float(np.exp(centre + half))
