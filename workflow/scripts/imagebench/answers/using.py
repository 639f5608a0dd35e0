"""Which format suits a use: the choice among those that break no rule.

Among formats that take about as long as the fastest, the simplest wins: staying with what is there,
then moving files as they are, then what loses nothing; then few files, then least space, then what
most other programs read.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..evidence.statistics import MARGIN, moments
from ..states import Cache
from .forecast import Interval, Refusal, with_intervals
from .simplest import simplest
from .uses import RULES, Option, Options, Use, what_is_there

ALIKE = math.log1p(MARGIN)


@dataclass(frozen=True)
class Choice:
    """One format as an answer, in numbers.

    Attributes:
        backend: its name.
        label: what it is called.
        convert_seconds: to store all images, until safe on the device, with its 95 % interval.
        epoch_seconds: to read all of them once, likewise.
        total_seconds: of both, for all epochs, likewise.
        ratio: of that to the total of the best, likewise.
        files: how many, with bounds where it is foretold.
        size: bytes on disk, likewise.
        memory: own memory of the process that reads, in bytes, likewise.
    """

    backend: str
    label: str
    convert_seconds: Interval
    epoch_seconds: Interval
    total_seconds: Interval
    ratio: Interval
    files: Interval
    size: Interval
    memory: Interval


@dataclass(frozen=True)
class Answer:
    """What to do for one use.

    Attributes:
        use: what was asked; where nothing can be foretold, with as many images as were measured.
        measured: how many images the times are of.
        blocks: how many repeats they are of.
        best: what to do; None where every format breaks a rule, or none was measured.
        stays: whether that is to leave files as they are.
        alike: how many more formats take no longer than it.
        simpler_by: why it was taken, of those that are about as fast as the fastest; None if it is
            the fastest; see ``simplicity``.
        before: what it is compared with: staying, or PNG files, or the slowest.
        pays_after: epochs after which it has paid for itself, with a 95 % interval; zero where it
            does at once, None where it never does, or nothing is to be paid.
        next_best: up to two more.
        ruled_out: the rule that each of the others breaks, by its label.
        loosen: the rule that leaves no format, if there is one alone.
        refused: why nothing is foretold of the images that were asked about; see ``Forecast``.
        asked_images: how many these are.
        otherwise: what would change, and what the answer were then, by label; None for no change.
    """

    use: Use
    measured: int
    blocks: int
    best: Choice | None
    stays: bool
    alike: int
    simpler_by: str | None
    before: Choice | None
    pays_after: Interval | None
    next_best: Sequence[Choice]
    ruled_out: Mapping[str, str]
    loosen: str | None
    refused: Refusal | None
    asked_images: int
    otherwise: Mapping[str, str | None]


def answer(use: Use, measured: int, options_of: Options) -> Answer:
    """Find what suits a use, and what would suit it if it were a little different."""
    asked = use.images
    first = decide(use, measured, options_of(use))
    if first.refused:
        use = replace(use, images=measured)
        again = decide(use, measured, options_of(use))
        first = replace(again, refused=first.refused, asked_images=asked)
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
    nothing = Answer(
        use, measured, 0, None, False, 0, None, None, None, (), {}, None, None, use.images, {}
    )
    ruled_out = {of.label: broken[of.backend][0] for of in options if broken[of.backend]}
    if not kept:
        return replace(nothing, ruled_out=ruled_out, loosen=to_loosen(list(broken.values())))
    logarithms = np.log(np.stack([option.total(use) for option in kept]))
    typical = moments(logarithms)[1]
    ordered = [kept[place] for place in np.argsort(typical, kind="stable")]
    near = [of for of, mean in zip(kept, typical, strict=True) if mean - typical.min() <= ALIKE]
    best, simpler_by = simplest(near, ordered)
    # Of two that are each about as fast as a third, one can be shown to be no better than staying.
    means = dict(zip((of.backend for of in kept), typical, strict=True))
    stay = next((of for of in kept if of.traits["stays"]), best)
    if stay is not best and means[stay.backend] - means[best.backend] <= ALIKE:
        best, simpler_by = stay, "stays"
    others = [of for of in ordered if of is not best]
    base = before(kept, options)
    every = [*ordered, *([] if base in kept else [base])]
    choices = dict(zip((of.backend for of in every), in_numbers(every, best, use), strict=True))
    return replace(
        nothing,
        blocks=int(np.isfinite(best.total(use)).sum()),
        refused=best.refused,
        best=choices[best.backend],
        stays=best.traits["stays"],
        alike=len(near) - 1,
        simpler_by=simpler_by,
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


def before(kept: Sequence[Option], options: Sequence[Option]) -> Option:
    """Say what a choice is compared with: what is there, or PNG files, or the slowest."""
    png_files = next((of for of in options if of.backend == "disk"), None)
    if found := what_is_there(options) or png_files:
        return found
    return max(kept, key=lambda of: float(np.nanmedian(of.epoch)))


def in_numbers(options: Sequence[Option], best: Option, use: Use) -> list[Choice]:
    """Put formats into numbers, beside the best one's total; their noise belongs together."""
    totals = np.stack([option.total(use) for option in options])
    of_totals = np.array([option.deviation(use) for option in options])
    of_ratios = np.hypot(
        of_totals, np.where([of is best for of in options], 0, best.deviation(use))
    )
    of_ratios[[of is best for of in options]] = 0
    of_parts = np.array([option.deviations for option in options]).T
    columns = zip(
        options,
        with_intervals(np.stack([of.convert for of in options]), of_parts[0]),
        with_intervals(np.stack([of.epoch for of in options]), of_parts[1]),
        with_intervals(totals, of_totals),
        with_intervals(totals / best.total(use), of_ratios),
        strict=True,
    )
    return [
        Choice(
            of.backend, of.label, convert, epoch, total, ratio, of.files, of.size, of.memory,
        )
        for of, convert, epoch, total, ratio in columns
    ]  # fmt: skip


def pays_after(best: Option, base: Option, use: Use) -> Interval | None:
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
    # What is foretold of storing and of reading may be off in opposite ways.
    deviation = math.hypot(best.deviations[0], best.deviations[1])
    return with_intervals(epochs[np.newaxis], np.array([deviation]))[0]
