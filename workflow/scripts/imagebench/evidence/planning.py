"""How many blocks would settle what is inconclusive; verdicts do not rest on any of this."""

import functools
import math

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

from ..states import Verdict
from .statistics import (
    CONFIDENCE,
    FEWEST_BLOCKS,
    MOST_BLOCKS,
    Comparison,
    Floats,
    Mask,
    moments,
    t_quantile,
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
    noise = _noise_bound(comparison.deviation, np.where(enough, comparison.blocks - 1, 0))
    margin, twice = math.log1p(comparison.margin), math.log1p(2 * comparison.margin)
    error = comparison.deviation / np.sqrt(np.maximum(comparison.blocks, 1))
    doubt = t_quantile(SHOWN_CONFIDENCE, comparison.blocks) * error
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


def _noise_bound(deviation: Floats, freedom: NDArray[np.int64]) -> Floats:
    """Upper confidence bound of the true standard deviation of each pair.

    Three blocks alone bound it only within a factor of some five, too loosely to plan with. So
    each is drawn towards the other pairs of its family, the more the less these differ among
    themselves than chance explains (empirical Bayes: Smyth, Statistical Applications in Genetics
    and Molecular Biology 3, 2004). This serves planning alone; verdicts rest on a pair's own
    blocks.

    Args:
        deviation: of log-ratios, float64 of shape (..., m).
        freedom: degrees of freedom of each, same shape; 0 takes no part.

    Returns:
        Bounds, same shape.
    """
    usable = (freedom > 0) & (deviation > 0)
    half = np.where(usable, freedom, 2) / 2
    logarithms = np.log(np.where(usable, deviation, 1.0) ** 2)
    logarithms = np.where(usable, logarithms - special.digamma(half) + np.log(half), np.nan)
    count, mean, spread = moments(logarithms)
    chance = np.where(usable, special.polygamma(1, half), 0).sum(axis=-1) / np.maximum(count, 1)
    # Trigamma falls, so both are negated to look up its inverse; 1000 is as good as infinity.
    grid = np.geomspace(0.1, 1000, 2000)
    excess = np.nan_to_num(spread) ** 2 - chance
    prior = np.interp(-excess, -special.polygamma(1, grid / 2), grid)
    prior = np.where(count > 1, prior, 0.0)[..., np.newaxis]
    with np.errstate(divide="ignore", invalid="ignore"):
        common = mean[..., np.newaxis] + special.digamma(prior / 2) - np.log(prior / 2)
        common = np.where(prior > 0, np.exp(common), 0.0)
    total = prior + freedom
    squares = prior * common + freedom * np.nan_to_num(deviation) ** 2
    return np.sqrt(squares / stats.chi2.ppf(1 - DEVIATION_CONFIDENCE, total))


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
