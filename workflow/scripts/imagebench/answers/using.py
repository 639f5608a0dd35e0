"""Which format suits a use: the choice among those that break no rule.

Among formats that take about as long as the fastest, the simplest wins: staying with what is there,
then moving files as they are, then what loses nothing; then fewest files, then least space.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..evidence.statistics import MARGIN, Floats, mean_interval, moments
from ..states import Cache
from .uses import RULES, Option, Options, Use, what_is_there

ALIKE = math.log1p(MARGIN)

FEW_FILES = 16
"""Between fewer files than these, nobody chooses by their number."""

FARTHEST = 100
"""So many times the images that were measured; beyond, nothing is said."""


@dataclass(frozen=True)
class Choice:
    """One format as an answer, in numbers.

    Attributes:
        backend: its name.
        label: what it is called.
        convert_seconds: to store all images, until safe on the device.
        epoch_seconds: to read all of them once.
        total_seconds: of both, for all epochs, with its 95 % interval.
        ratio: of that to the total of the best, with its 95 % interval.
        files: how many.
        size: bytes on disk.
    """

    backend: str
    label: str
    convert_seconds: float
    epoch_seconds: float
    total_seconds: tuple[float, float, float]
    ratio: tuple[float, float, float]
    files: int
    size: int


@dataclass(frozen=True)
class Answer:
    """What to do for one use.

    Attributes:
        use: what was asked.
        measured: how many images the times are of; of storing and reading, the fewer.
        blocks: how many repeats they are of.
        best: what to do; None where every format breaks a rule, or none was measured.
        stays: whether that is to leave files as they are.
        alike: how many more formats take no longer than it.
        before: what it is compared with: staying, or PNG files, or the slowest.
        pays_after: epochs after which it has paid for itself, with a 95 % interval; zero where it
            does at once, None where it never does, or nothing is to be paid.
        next_best: up to two more.
        ruled_out: the rule that each of the others breaks, by its label.
        loosen: the rule that leaves no format, if there is one alone.
        bend: of the best; see ``Option``.
        is_too_far: whether nothing is said, since there will be far more images than were measured.
        otherwise: what would change, and what the answer were then, by label; None for no change.
    """

    use: Use
    measured: int
    blocks: int
    best: Choice | None
    stays: bool
    alike: int
    before: Choice | None
    pays_after: tuple[float, float, float] | None
    next_best: Sequence[Choice]
    ruled_out: Mapping[str, str]
    loosen: str | None
    is_too_far: bool
    bend: float
    otherwise: Mapping[str, str | None]


def answer(use: Use, measured: int, options_of: Options) -> Answer:
    """Find what suits a use, and what would suit it if it were a little different."""
    first = decide(use, measured, options_of(use))
    changes = {
        "a single epoch": replace(use, epochs=1),
        "ten times as many epochs": replace(use, epochs=10 * use.epochs),
        "reads from the device" if use.cache == Cache.WARM else "reads from memory": replace(
            use, cache=Cache.COLD if use.cache == Cache.WARM else Cache.WARM
        ),
        "some loss allowed" if use.lossless else "nothing lost": replace(
            use, lossless=not use.lossless
        ),
    }
    otherwise = {}
    for words, other in changes.items():
        best = decide(other, measured, options_of(other)).best
        same = best is not None and first.best is not None and best.backend == first.best.backend
        if best is not None:
            otherwise[words] = None if same else best.label
    return replace(first, otherwise=otherwise)


def decide(use: Use, measured: int, options: Sequence[Option]) -> Answer:
    """Choose among formats, of which each was measured in the same blocks."""
    broken = {option.backend: rules_broken(use, option) for option in options}
    kept = [option for option in options if not broken[option.backend]]
    is_too_far = use.images > FARTHEST * measured > 0
    nothing = Answer(
        use, measured, 0, None, False, 0, None, None, (), {}, None, is_too_far, 1.0, {}
    )
    if is_too_far:
        return nothing
    ruled_out = {of.label: broken[of.backend][0] for of in options if broken[of.backend]}
    if not kept:
        return replace(nothing, ruled_out=ruled_out, loosen=to_loosen(list(broken.values())))
    logarithms = np.log(np.stack([option.total(use) for option in kept]))
    typical = moments(logarithms)[1]
    ordered = [kept[place] for place in np.argsort(typical, kind="stable")]
    near = [of for of, mean in zip(kept, typical, strict=True) if mean - typical.min() <= ALIKE]
    best = min(near, key=lambda of: simplicity(of, ordered.index(of)))
    # Of two that are each about as fast as a third, one can be shown to be no better than staying.
    means = dict(zip((of.backend for of in kept), typical, strict=True))
    stay = next((of for of in kept if of.traits["stays"]), best)
    best = stay if means[stay.backend] - means[best.backend] <= ALIKE else best
    others = [of for of in ordered if of is not best]
    base = before(kept, options)
    every = [*ordered, *([] if base in kept else [base])]
    choices = dict(zip((of.backend for of in every), in_numbers(every, best, use), strict=True))
    return replace(
        nothing,
        measured=min(measured, best.read_images or measured),
        blocks=int(np.isfinite(best.total(use)).sum()),
        bend=best.bend,
        best=choices[best.backend],
        stays=best.traits["stays"],
        alike=len(near) - 1,
        before=None if base is best else choices[base.backend],
        pays_after=None if base is best else pays_after(best, base, use),
        next_best=[choices[of.backend] for of in others[:2]],
        ruled_out=ruled_out,
    )


def rules_broken(use: Use, option: Option) -> list[str]:
    """Name the rules that a format breaks."""
    return [name for name, is_broken in RULES.items() if is_broken(use, option)]


def to_loosen(broken: Sequence[Sequence[str]]) -> str | None:
    """Name the rule without which most formats are left; else the one that most break."""
    alone = [rules[0] for rules in broken if len(rules) == 1]
    named = alone or [rule for rules in broken for rule in rules]
    return max(RULES, key=named.count) if named else None


def simplicity(option: Option, place: int) -> tuple[Any, ...]:
    """Order formats that are about as fast: the simplest first, and last by how fast they are."""
    traits = option.traits
    return (
        not traits["stays"],
        not traits["keeps_files"],
        not traits["lossless"],
        option.files > FEW_FILES,
        place,
    )


def before(kept: Sequence[Option], options: Sequence[Option]) -> Option:
    """Say what a choice is compared with: what is there, or PNG files, or the slowest."""
    png_files = next((of for of in options if of.backend == "disk"), None)
    if found := what_is_there(options) or png_files:
        return found
    return max(kept, key=lambda of: float(np.median(of.epoch)))


def in_numbers(options: Sequence[Option], best: Option, use: Use) -> list[Choice]:
    """Put formats into numbers, beside the best one's total; their noise belongs together."""
    totals = np.stack([option.total(use) for option in options])
    intervals = with_intervals(totals)
    ratios = with_intervals(totals / best.total(use))
    return [
        Choice(
            of.backend, of.label, float(np.nanmedian(of.convert)), float(np.nanmedian(of.epoch)),
            total, ratio, of.files, of.size,
        )
        for of, total, ratio in zip(options, intervals, ratios, strict=True)
    ]  # fmt: skip


def with_intervals(values: Floats) -> list[tuple[float, float, float]]:
    """Geometric means of rows of positive values, each with its 95 % interval."""
    logarithms = np.log(values)
    ends = np.exp([moments(logarithms)[1], *mean_interval(logarithms)])
    return [(float(mean), float(low), float(high)) for mean, low, high in ends.T]


def pays_after(best: Option, base: Option, use: Use) -> tuple[float, float, float] | None:
    """Epochs after which the time to convert is saved, with an interval over blocks."""
    least = use.least_epoch
    saved = np.maximum(base.epoch, least) - np.maximum(best.epoch, least)
    spent = best.convert - (0.0 if base.traits["stays"] else base.convert)
    if np.nanmedian(saved) <= 0:
        return None
    if np.nanmedian(spent) <= 0:
        return 0.0, 0.0, 0.0
    epochs = spent / saved
    if (epochs <= 0).any():
        return float(np.nanmedian(epochs)), math.nan, math.nan
    return with_intervals(epochs[np.newaxis])[0]
