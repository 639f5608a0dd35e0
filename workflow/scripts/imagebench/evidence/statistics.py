"""What can be said of a few independent blocks, and of many pairs of backends at once."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

from ..states import Verdict

FEWEST_BLOCKS = 3
"""Below this there is no interval: two values say nothing of their spread."""

MOST_BLOCKS = 999
"""The largest number of blocks that is ever asked for; it then means "as many and maybe more"."""

CONFIDENCE = 0.95

MARGIN = 0.05
"""A ratio of up to 1.05 makes no practical difference to anybody who chooses a format."""

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Noise:
    """How much values vary, and how well that is known; all arrays have one shape.

    Attributes:
        deviation: standard deviation, float64; NaN below two values.
        freedom: degrees of freedom that it is known with, float64; 0 below two values.
    """

    deviation: Floats
    freedom: Floats

    def moderated(self, prior: "Noise") -> "Noise":
        """Draw each towards what is known of all: the weighted mean of both variances."""
        freedom = np.where(self.freedom > 0, self.freedom + prior.freedom, 0.0)
        known = prior.freedom * prior.deviation**2
        squares = known + self.freedom * np.nan_to_num(self.deviation) ** 2
        with np.errstate(divide="ignore", invalid="ignore"):
            return Noise(np.where(freedom > 0, np.sqrt(squares / freedom), np.nan), freedom)


@dataclass(frozen=True)
class Comparison:
    """What the blocks say of pairs of backends; all arrays have one shape, an entry a pair.

    Attributes:
        ratio: geometric mean over blocks of how many times as long the second takes, float64.
        low: lower bound of the 95 % interval of this ratio alone; NaN below three blocks.
        high: upper bound, likewise.
        blocks: how many blocks both have, int64.
        noise: of the log-ratios.
        p_value: at most 0.05 exactly where [low, high] is wholly beyond the margin or wholly
            inside it; not corrected for other comparisons; NaN below three blocks.
        kind: the verdict that `p_value` speaks for, "faster" or "no practical difference".
        margin: what counts as a practical difference, 0.05 for 5 %.
    """

    ratio: Floats
    low: Floats
    high: Floats
    blocks: NDArray[np.int64]
    noise: "Noise"
    p_value: Floats
    kind: NDArray[np.str_]
    margin: float = MARGIN

    def verdicts(self, adjusted_p: Floats) -> NDArray[np.str_]:
        """What can be said at a confidence of 95 %, of the same shape.

        Args:
            adjusted_p: `p_value` after `adjust`; NaN makes a pair inconclusive.
        """
        return np.where(adjusted_p <= 1 - CONFIDENCE, self.kind, Verdict.INCONCLUSIVE)


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
        values: float64 of shape (..., n); NaN where there is no value. Of several rows, the noise
            of each is moderated by that of all; see ``common_noise``.

    Returns:
        Lower and upper bounds, shape (...); NaN where there are fewer than three values.
    """
    count, mean, deviation = moments(values)
    noise = noise_of(deviation, count)
    return interval_of(mean, count, noise.moderated(common_noise(noise)))


def interval_of(mean: Floats, count: NDArray[np.int64], noise: Noise) -> tuple[Floats, Floats]:
    """Confidence interval of 95 % for means of so many values, with this noise."""
    freedom = np.where(count >= FEWEST_BLOCKS, noise.freedom, np.nan)
    quantile = stats.t.ppf((1 + CONFIDENCE) / 2, freedom)
    half = quantile * noise.deviation / np.sqrt(np.maximum(count, 1))
    return mean - half, mean + half


def noise_of(deviation: Floats, count: NDArray[np.int64]) -> Noise:
    """Give the noise of so many values, by itself."""
    return Noise(deviation, np.maximum(count - 1, 0).astype(np.float64))


def common_noise(noise: Noise) -> Noise:
    """Say what noise there is in all, and how alike it is: an empirical Bayes estimate.

    Three values alone know their noise within a factor of some five. The noise of many, which were
    measured in one run, is drawn together, the more the less they differ among themselves than
    chance explains (Smyth, Statistical Applications in Genetics and Molecular Biology 3, 2004). The
    pairs of a run share backends, so that all of them together know no more than they do by
    themselves: no more degrees of freedom are given to any than all have.

    Args:
        noise: of shape (..., m), of m that belong together.

    Returns:
        The common deviation and the degrees of freedom that it adds to those of each, of shape
        (..., 1), or of shape () for one alone, for which it adds none.
    """
    if not noise.deviation.ndim:
        return Noise(np.zeros(()), np.zeros(()))
    usable = (noise.freedom > 0) & (noise.deviation > 0)
    half = np.where(usable, noise.freedom, 2) / 2
    logarithms = np.log(np.where(usable, noise.deviation, 1.0) ** 2)
    logarithms = np.where(usable, logarithms - special.digamma(half) + np.log(half), np.nan)
    count, mean, spread = moments(logarithms)
    chance = np.where(usable, special.polygamma(1, half), 0).sum(axis=-1) / np.maximum(count, 1)
    # Trigamma falls, so both are negated to look up its inverse; 1000 is as good as infinity.
    grid = np.geomspace(0.1, 1000, 2000)
    excess = np.nan_to_num(spread) ** 2 - chance
    freedom = np.interp(-excess, -special.polygamma(1, grid / 2), grid)
    freedom = np.where(count > 1, freedom, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = np.exp(mean + special.digamma(freedom / 2) - np.log(freedom / 2))
    deviation = np.where(freedom > 0, np.sqrt(variance), 0.0)
    freedom = np.minimum(freedom, noise.freedom.sum(axis=-1))
    return Noise(deviation[..., np.newaxis], freedom[..., np.newaxis])


def compare(log_ratios: Floats, margin: float = MARGIN, common: Noise | None = None) -> Comparison:
    """Compare pairs of backends, each by the ratios of times that were taken in the same block.

    Faster means that the interval of the ratio is wholly beyond the margin, no practical
    difference that it is wholly inside. The latter is the pair of one-sided tests of Schuirmann
    (J. Pharmacokinetics and Biopharmaceutics 15, 1987), at half the usual level since one interval
    serves both verdicts. As both ask how far the mean is from the margin, outside or inside, only
    one of them can have a p-value below one; it is the one that is kept.

    Args:
        log_ratios: natural logarithms of the ratio of two times, float64 of shape (..., blocks),
            NaN for a block that only one of the two has. Their noise is taken as independent, and
            that of the pairs along the last axis but one is moderated by all of them.
        margin: ratios up to 1 + margin, and down to its inverse, make no practical difference.
        common: what moderates the noise of each pair; by itself, that of these pairs.

    Returns:
        An entry a pair, shape (...). Where all ratios are equal, p is 0, or 1 right on the margin.
    """
    count, mean, deviation = moments(log_ratios)
    noise = noise_of(deviation, count)
    noise = noise.moderated(common_noise(noise) if common is None else common)
    low, high = interval_of(mean, count, noise)
    distance = np.abs(mean) - math.log1p(margin)
    error = noise.deviation / np.sqrt(np.maximum(count, 1))
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = np.where(distance == 0, 0.0, np.abs(distance) / error)
    enough = count >= FEWEST_BLOCKS
    p_value = 2 * stats.t.sf(statistic, np.where(enough, noise.freedom, 1))
    return Comparison(
        ratio=np.exp(mean),
        low=np.exp(low),
        high=np.exp(high),
        blocks=count,
        noise=noise,
        p_value=np.where(enough, p_value, np.nan),
        kind=np.where(distance > 0, Verdict.FASTER, Verdict.SAME),
        margin=margin,
    )


def adjust(p_values: Floats, control: Mask) -> Floats:
    """Adjust the p-values of a page for there being many.

    The comparisons with the control are a family of their own, corrected by Holm: a difference
    there casts doubt on the whole run, and such an alarm has to be rare in runs, however many
    comparisons could raise it. The others are corrected by Benjamini and Hochberg: a reader wants
    verdicts, and to be able to rely on nearly all of them.

    Args:
        p_values: float64 of shape (..., m), a page along the last axis; NaN is no member.
        control: which of them compare the control, shape (m,).

    Returns:
        Adjusted values of the same shape; those of at most 0.05 are significant; NaN stays NaN.
    """
    adjusted = np.empty_like(p_values)
    adjusted[..., control] = holm(p_values[..., control])
    adjusted[..., ~control] = benjamini_hochberg(p_values[..., ~control])
    return adjusted


def holm(p_values: Floats) -> Floats:
    """Adjust p-values for the chance of any error (Holm, Scandinavian J. of Statistics 6, 1979).

    Rejecting where the adjusted value is at most 0.05 keeps the chance of any wrong rejection in
    the whole family at 5 %, however the tests depend on each other.

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
    return np.take_along_axis(stepped, np.argsort(order, axis=-1), axis=-1)


def benjamini_hochberg(p_values: Floats) -> Floats:
    """Adjust p-values for the share of errors (Benjamini, Hochberg, J. R. Stat. Soc. B 57, 1995).

    Rejecting where the adjusted value is at most 0.05 keeps the expected share of wrong rejections
    among all of a family at 5 %. That is proven for independent tests and for some positive
    dependence (Benjamini, Yekutieli, Annals of Statistics 29, 2001), and simulated for the pairs of
    one run, which share backends.

    Args:
        p_values: float64 of shape (..., m), a family along the last axis; NaN is no member.

    Returns:
        Adjusted values of the same shape, at most 1, never below the given; NaN stays NaN.
    """

    def of_one(family: Floats) -> Floats:
        members = np.isfinite(family)
        adjusted = np.full(family.shape, np.nan)
        if members.any():
            adjusted[members] = stats.false_discovery_control(family[members])
        return adjusted

    return np.apply_along_axis(of_one, -1, p_values)


def moments(values: Floats) -> tuple[NDArray[np.int64], Floats, Floats]:
    """Count, mean and standard deviation along the last axis, leaving NaN out."""
    present = np.isfinite(values)
    count = present.sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(present, values, 0.0).sum(axis=-1) / count
        residuals = np.where(present, values - mean[..., np.newaxis], 0.0)
        deviation = np.sqrt((residuals**2).sum(axis=-1) / np.where(count > 1, count - 1, np.nan))
    return count, mean, deviation
