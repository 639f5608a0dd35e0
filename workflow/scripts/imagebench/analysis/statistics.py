"""What can be said of a few independent blocks, and of many pairs of backends at once."""

import functools
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

FEWEST_BLOCKS = 3
"""Below this there is no interval: two values say nothing of their spread."""

MOST_BLOCKS = 999
"""The largest number of blocks that is ever asked for; it then means "as many and maybe more"."""

CONFIDENCE = 0.95

MARGIN = 0.05
"""A ratio of up to 1.05 makes no practical difference to anybody who chooses a format."""

POWER = 0.95
"""How surely the number of blocks that is asked for shall bring a verdict."""

DEVIATION_CONFIDENCE = 0.95
"""How surely the noise is no larger than what that number is planned with.

Chosen by tests/simulations/simulate_verdicts.py: POWER is kept from three blocks on, with heavy
tails and with cells that differ in their noise; 0.93 does not quite, at a noise of 10 %.
"""

SHOWN_CONFIDENCE = 0.99
"""How surely a difference is as large as what that number is planned with.

At 0.95 this alone would use up the risk that POWER leaves.
"""

FASTER = "faster"
SAME = "no practical difference"
INCONCLUSIVE = "inconclusive"

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Comparison:
    """What the blocks say of pairs of backends; all arrays have one shape, an entry a pair.

    Attributes:
        ratio: geometric mean over blocks of how many times as long the second takes, float64.
        low: lower bound of the 95 % interval of this ratio alone; NaN below three blocks.
        high: upper bound, likewise.
        blocks: how many blocks both have, int64.
        deviation: standard deviation of the log-ratios, float64; NaN below two blocks.
        p_value: at most 0.05 exactly where [low, high] is wholly beyond the margin or wholly
            inside it; not corrected for other comparisons; NaN below three blocks.
        kind: the verdict that `p_value` speaks for, "faster" or "no practical difference".
        margin: what counts as a practical difference, 0.05 for 5 %.
    """

    ratio: Floats
    low: Floats
    high: Floats
    blocks: NDArray[np.int64]
    deviation: Floats
    p_value: Floats
    kind: NDArray[np.str_]
    margin: float = MARGIN

    def verdicts(self, adjusted_p: Floats) -> NDArray[np.str_]:
        """What can be said at a confidence of 95 %, of the same shape.

        Args:
            adjusted_p: `p_value` after `holm`; NaN makes a pair inconclusive.
        """
        return np.where(adjusted_p <= 1 - CONFIDENCE, self.kind, INCONCLUSIVE)


def interval(seconds: Floats) -> tuple[float, float]:
    """Confidence interval of 95 % for the typical time of a block.

    Student's t on the logarithms: times are positive and their noise multiplies, and t is exact at
    small numbers where logarithms are normal, while a percentile bootstrap of three values covers
    far too little.

    Args:
        seconds: one positive time a block, shape (n,).

    Returns:
        Lower and upper bound in seconds; both not-a-number below three blocks.
    """
    low, high = mean_interval(np.log(seconds))
    return float(np.exp(low)), float(np.exp(high))


def mean_interval(values: Floats) -> tuple[Floats, Floats]:
    """Confidence interval of 95 % for the mean of values (Student, Biometrika 6, 1908).

    Args:
        values: float64 of shape (..., n); NaN where there is no value.

    Returns:
        Lower and upper bounds, shape (...); NaN where there are fewer than three values.
    """
    count, mean, deviation = _moments(values)
    half = _t_quantile((1 + CONFIDENCE) / 2, count) * deviation / np.sqrt(np.maximum(count, 1))
    return mean - half, mean + half


def compare(log_ratios: Floats, margin: float = MARGIN) -> Comparison:
    """Compare pairs of backends, each by the ratios of times that were taken in the same block.

    Faster means that the interval of the ratio is wholly beyond the margin, no practical
    difference that it is wholly inside. The latter is the pair of one-sided tests of Schuirmann
    (J. Pharmacokinetics and Biopharmaceutics 15, 1987), at half the usual level since one interval
    serves both verdicts. As both ask how far the mean is from the margin, outside or inside, only
    one of them can have a p-value below one; it is the one that is kept.

    Args:
        log_ratios: natural logarithms of the ratio of two times, float64 of shape (..., blocks),
            NaN for a block that only one of the two has. Their noise is taken as independent.
        margin: ratios up to 1 + margin, and down to its inverse, make no practical difference.

    Returns:
        An entry a pair, shape (...). Where all ratios are equal, p is 0, or 1 right on the margin.
    """
    count, mean, deviation = _moments(log_ratios)
    low, high = mean_interval(log_ratios)
    distance = np.abs(mean) - math.log1p(margin)
    error = deviation / np.sqrt(np.maximum(count, 1))
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = np.where(distance == 0, 0.0, np.abs(distance) / error)
    enough = count >= FEWEST_BLOCKS
    p_value = 2 * stats.t.sf(statistic, np.where(enough, count - 1, 1))
    return Comparison(
        ratio=np.exp(mean),
        low=np.exp(low),
        high=np.exp(high),
        blocks=count,
        deviation=deviation,
        p_value=np.where(enough, p_value, np.nan),
        kind=np.where(distance > 0, FASTER, SAME),
        margin=margin,
    )


def holm(p_values: Floats) -> Floats:
    """Adjust p-values for there being many (Holm, Scandinavian J. of Statistics 6, 1979).

    Rejecting where the adjusted value is at most 0.05 keeps the chance of any wrong rejection in
    the whole family at 5 %, however the tests depend on each other. That the direction of a
    difference is right too is proven for independent tests (Shaffer, Annals of Statistics 8,
    1980), and simulated for those of one run, which share backends.

    Args:
        p_values: float64 of shape (..., m), a family along the last axis; NaN is no member.

    Returns:
        Adjusted values of the same shape, at most 1, never below the given; NaN stays NaN.
    """
    order = np.argsort(p_values, axis=-1)  # NaN comes last
    ascending = np.take_along_axis(p_values, order, axis=-1)
    members = np.isfinite(p_values).sum(axis=-1, keepdims=True)
    left = members - np.arange(p_values.shape[-1])
    stepped = np.minimum(np.maximum.accumulate(ascending * left, axis=-1), 1.0)
    adjusted = np.empty_like(stepped)
    np.put_along_axis(adjusted, order, stepped, axis=-1)
    return adjusted


def blocks_to_settle(comparison: Comparison, verdicts: NDArray[np.str_]) -> Floats:
    """How many blocks in all would settle what is inconclusive.

    The number with which a verdict comes out with a probability of 95 % if the true difference is
    twice the margin, or none at all, or as large as the blocks so far have shown. A true
    difference right at the margin is not settled by any number.

    Args:
        comparison: entries of shape (..., m), a family along the last axis.
        verdicts: of the same shape, after correction.

    Returns:
        Whole numbers as float64 of the same shape, NaN where there is a verdict: 3 below three
        blocks, else more than there are and, unless there are as many already, at most 999.
    """
    open_ = verdicts == INCONCLUSIVE
    enough = comparison.blocks >= FEWEST_BLOCKS
    noise = _noise_bound(comparison.deviation, np.where(enough, comparison.blocks - 1, 0))
    margin, twice = math.log1p(comparison.margin), math.log1p(2 * comparison.margin)
    error = comparison.deviation / np.sqrt(np.maximum(comparison.blocks, 1))
    doubt = _t_quantile(SHOWN_CONFIDENCE, comparison.blocks) * error
    shown = np.abs(np.log(comparison.ratio)) - doubt
    large = shown > twice
    with np.errstate(divide="ignore", invalid="ignore"):
        reach_outward = (np.where(large, shown, twice) - margin) / noise
        reach_inward = margin / noise
    needed = np.full(open_.shape, np.nan)
    for count in np.unique(open_.sum(axis=-1)):
        family = (open_.sum(axis=-1, keepdims=True) == count) & open_ & enough
        if not family.any():
            continue
        different = _fewest_blocks(reach_outward[family], int(count), 1 - POWER)
        # Both bounds of the interval must be inside, hence half of the risk for each.
        same = _fewest_blocks(reach_inward[family], int(count), (1 - POWER) / 2)
        needed[family] = np.where(large[family], different, np.maximum(different, same))
    needed = np.maximum(needed, comparison.blocks + 1)
    return np.where(open_, np.where(enough, needed, FEWEST_BLOCKS), np.nan)


def _moments(values: Floats) -> tuple[NDArray[np.int64], Floats, Floats]:
    """Count, mean and standard deviation along the last axis, leaving NaN out."""
    present = np.isfinite(values)
    count = present.sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(present, values, 0.0).sum(axis=-1) / count
        residuals = np.where(present, values - mean[..., np.newaxis], 0.0)
        deviation = np.sqrt((residuals**2).sum(axis=-1) / np.where(count > 1, count - 1, np.nan))
    return count, mean, deviation


def _t_quantile(probability: float, count: NDArray[np.int64]) -> Floats:
    """Quantile of Student's t for means of `count` values; NaN below three."""
    sizes, where = np.unique(count, return_inverse=True)
    quantiles = stats.t.ppf(probability, np.where(sizes >= FEWEST_BLOCKS, sizes - 1, np.nan))
    return np.asarray(quantiles)[where].reshape(count.shape)


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
    count, mean, spread = _moments(logarithms)
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


def _fewest_blocks(reach: Floats, comparisons: int, risk: float) -> Floats:
    """Fewest blocks that settle effects `reach` standard deviations away from the margin."""
    within = _smallest_reach(comparisons, risk)
    # It falls with the number of blocks, hence the negation; beyond the last, the cap.
    index = np.searchsorted(-within, -reach)
    return np.minimum(index + FEWEST_BLOCKS, MOST_BLOCKS).astype(np.float64)


@functools.lru_cache(maxsize=1024)
def _smallest_reach(comparisons: int, risk: float) -> Floats:
    """Distance from the margin, in standard deviations, that 3, 4, ... 999 blocks settle.

    The power of a t test is that of the noncentral t distribution, here by the approximation of
    Johnson and Welch (Biometrika 31, 1940). Adding up two quantiles of t would be simpler, but it
    leaves out that the noise is estimated anew: with many comparisons the quantile is large, and
    that costs more than the noise of the mean does.

    Args:
        comparisons: how many share the 5 %.
        risk: one minus the power.
    """
    count = np.arange(FEWEST_BLOCKS, MOST_BLOCKS + 1)
    freedom = count - 1
    quantile = stats.t.isf((1 - CONFIDENCE) / comparisons / 2, freedom)
    margin = stats.norm.isf(risk) * np.sqrt(1 + quantile**2 / (2 * freedom))
    return np.asarray((quantile * (1 - 1 / (4 * freedom)) + margin) / np.sqrt(count))
