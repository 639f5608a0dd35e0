"""How many blocks would settle what is inconclusive; verdicts do not rest on any of this."""

import functools
import math

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from ..states import Verdict
from .statistics import (
    CONFIDENCE,
    FEWEST_BLOCKS,
    MOST_BLOCKS,
    Comparison,
    Floats,
    Mask,
)

POWER = 0.95
"""How surely the number of blocks that is asked for shall bring a verdict."""

DEVIATION_CONFIDENCE = 0.90
"""How surely the noise is no larger than what that number is planned with.

Chosen by experiments/simulate_verdicts.py: with heavy tails, and with cells that differ in
their noise, POWER is kept from three blocks on; 0.85 just keeps it, and 0.80 does not.
"""

SHOWN_CONFIDENCE = 0.99
"""How surely a difference is as large as what that number is planned with.

At 0.95 this alone would use up the risk that POWER leaves.
"""


def blocks_to_settle(comparison: Comparison, verdicts: NDArray[np.str_], control: Mask) -> Floats:
    """How many blocks in all would settle what is inconclusive.

    The number with which a verdict comes out with a probability of 95 % if the true difference is
    twice the margin, or none at all, or as large as the blocks so far have shown. A true
    difference right at the margin is not settled by any number.

    Args:
        comparison: entries of shape (..., m), a page along the last axis.
        verdicts: of the same shape, after correction.
        control: which of them compare the control and are so corrected apart, shape (m,).

    Returns:
        Whole numbers as float64 of the same shape, NaN where there is a verdict: 3 below three
        blocks, else more than there are and, unless there are as many already, at most 999.
    """
    open_ = verdicts == Verdict.INCONCLUSIVE
    enough = comparison.blocks >= FEWEST_BLOCKS
    freedom = np.where(enough, comparison.noise.freedom, np.nan)
    deviation = comparison.noise.deviation
    # An upper bound of the noise, which three blocks alone know too loosely to plan with.
    noise = deviation * np.sqrt(freedom / stats.chi2.ppf(1 - DEVIATION_CONFIDENCE, freedom))
    margin, twice = math.log1p(comparison.margin), math.log1p(2 * comparison.margin)
    error = deviation / np.sqrt(np.maximum(comparison.blocks, 1))
    doubt = stats.t.ppf(SHOWN_CONFIDENCE, freedom) * error
    shown = np.abs(np.log(comparison.ratio)) - doubt
    large = shown > twice
    with np.errstate(divide="ignore", invalid="ignore"):
        reach_outward = (np.where(large, shown, twice) - margin) / noise
        reach_inward = margin / noise
    levels = _levels(open_, control)
    needed = np.full(open_.shape, np.nan)
    for level in np.unique(levels[open_ & enough]):
        chosen = (levels == level) & open_ & enough
        different = _fewest_blocks(reach_outward[chosen], float(level), 1 - POWER)
        # Both bounds of the interval must be inside, hence half of the risk for each.
        same = _fewest_blocks(reach_inward[chosen], float(level), (1 - POWER) / 2)
        needed[chosen] = np.where(large[chosen], different, np.maximum(different, same))
    needed = np.maximum(needed, comparison.blocks + 1)
    return np.where(open_, np.where(enough, needed, FEWEST_BLOCKS), np.nan)


def _levels(open_: Mask, control: Mask) -> Floats:
    """Significance level that each pair has to reach, given how many of its family are settled.

    Under Holm, those that are open share the 5 %. Under Benjamini and Hochberg each verdict adds
    its part for the others to use; that further ones will come is not counted on, which errs
    towards more blocks.
    """
    settled = np.sum(~open_ & ~control, axis=-1, keepdims=True)
    under_holm = 1 / np.maximum(np.sum(open_ & control, axis=-1, keepdims=True), 1)
    under_bh = np.maximum(settled, 1) / max(int(np.sum(~control)), 1)
    levels: Floats = (1 - CONFIDENCE) * np.where(control, under_holm, under_bh)
    return levels


def _fewest_blocks(reach: Floats, level: float, risk: float) -> Floats:
    """Fewest blocks that settle effects `reach` standard deviations away from the margin."""
    within = _smallest_reach(level, risk)
    # It falls with the number of blocks, hence the negation; beyond the last, the cap.
    index = np.searchsorted(-within, -reach)
    return np.minimum(index + FEWEST_BLOCKS, MOST_BLOCKS).astype(np.float64)


@functools.lru_cache(maxsize=1024)
def _smallest_reach(level: float, risk: float) -> Floats:
    """Distance from the margin, in standard deviations, that 3, 4, ... 999 blocks settle.

    The power of a t test is that of the noncentral t distribution, here by the approximation of
    Johnson and Welch (Biometrika 31, 1940). Adding up two quantiles of t would be simpler, but it
    leaves out that the noise is estimated anew: where the level is strict the quantile is large,
    and that costs more than the noise of the mean does.

    Args:
        level: of significance, two-sided.
        risk: one minus the power.
    """
    count = np.arange(FEWEST_BLOCKS, MOST_BLOCKS + 1)
    freedom = count - 1
    quantile = stats.t.isf(level / 2, freedom)
    margin = stats.norm.isf(risk) * np.sqrt(1 + quantile**2 / (2 * freedom))
    return np.asarray((quantile * (1 - 1 / (4 * freedom)) + margin) / np.sqrt(count))
