"""The one format that a use may call for, chosen out of the main run, and what it competes with.

Among formats that take about as long as the fastest, the simplest is taken: one that leaves the
files in place, then one that keeps them, then one that loses nothing; then few files, least space,
and what most other programs read. A winner chosen among many looks better than it is, so that
nothing is advised here: ``advice`` does that, after the break-even run.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from ..evidence.statistics import MARGIN, Floats, moments
from ..states import Cache
from .forecast import Interval, Refusal, with_intervals
from .gain import FEWEST_PAIRS, Gain, gain_of
from .simplest import simplest
from .uses import RULES, Option, Options, Use, what_is_there

ALIKE = math.log1p(MARGIN)


@dataclass(frozen=True)
class Choice:
    """What one format takes for a use, by the main run.

    Attributes:
        backend: its name.
        label: what it is called.
        convert_seconds: to store all images, until safe on the device, with its 95 % interval.
        epoch_seconds: to read all of them once, likewise.
        total_seconds: of both, for all epochs, likewise.
        ratio: of that to the total of the candidate, likewise.
        files: how many, with bounds where they are foretold.
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
class Shortlist:
    """What the main run says of one use.

    Attributes:
        use: what was asked; where nothing can be foretold, with as many images as were measured.
        measured: number of images that the times are of.
        blocks: number of repeats that they are of.
        candidate: the format that suits best, the files in place left aside; None if none does.
        before: what it is compared with: the files in place, else the tutorial's PNG files, else
            the slowest format; None if that is the candidate itself.
        is_there: True if the images are there as files, so that the default is to stay.
        broken: the rule that staying breaks, so that it is no option; None if it breaks none.
        others: number of formats that were measured, beside the files in place.
        at_most: how many times as fast as ``before`` the candidate may be at most; None if unknown.
        alike: number of other formats that take no longer than the fastest, by more than 5 %.
        simpler_by: why it was taken of these; None if it is the fastest; see ``simplicity``.
        next_best: up to two more.
        ruled_out: the rule that each of the others breaks, by the name of its backend.
        loosen: the rule that leaves no format, if there is one alone.
        refused: why nothing is foretold of the images that were asked about; see ``Forecast``.
        asked_images: how many these are.
        otherwise: for each change of the use, the backend that the main run points to then.
    """

    use: Use
    measured: int
    blocks: int = 0
    candidate: Choice | None = None
    before: Choice | None = None
    is_there: bool = False
    broken: str | None = None
    others: int = 0
    at_most: float | None = None
    alike: int = 0
    simpler_by: str | None = None
    next_best: Sequence[Choice] = ()
    ruled_out: Mapping[str, str] = field(default_factory=dict)
    loosen: str | None = None
    refused: Refusal | None = None
    asked_images: int = 0
    otherwise: Mapping[str, str] = field(default_factory=dict)


def shortlist(use: Use, measured: int, options_of: Options) -> Shortlist:
    """Return the candidate for a use, and what the main run points to if the use were another."""
    asked = use.images
    first = choose(use, measured, options_of(use))
    if first.refused:
        use = replace(use, images=measured)
        again = choose(use, measured, options_of(use))
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
    pointed = {words: points_to(other, options_of(other)) for words, other in changes.items()}
    return replace(first, otherwise={words: name for words, name in pointed.items() if name})


def choose(use: Use, measured: int, options: Sequence[Option]) -> Shortlist:
    """Choose a candidate among formats that were measured in the same blocks."""
    broken = {option.backend: rules_broken(use, option) for option in options}
    there = what_is_there(options)
    kept = [option for option in options if option is not there and not broken[option.backend]]
    found = Shortlist(
        use,
        measured,
        is_there=there is not None,
        broken=next(iter(broken[there.backend]), None) if there else None,
        others=len(options) - (there is not None),
        ruled_out={name: rules[0] for name, rules in broken.items() if rules},
        asked_images=use.images,
    )
    if not kept:
        loosen = to_loosen(list(broken.values()))
        if there is None:
            return replace(found, loosen=loosen)
        [alone] = in_numbers([there], there, use)
        refused, blocks = there.refused, count(there, use)
        return replace(found, before=alone, loosen=loosen, refused=refused, blocks=blocks)
    ordered, near = by_time(use, kept, with_same_bytes=there is not None)
    best, simpler_by = simplest(near, ordered)
    base = there or tutorials_first(options) or slowest(kept)
    every = [*ordered, *([] if base in kept else [base])]
    choices = dict(zip((of.backend for of in every), in_numbers(every, best, use), strict=True))
    gain = gain_in_main_run(use, base, best)
    return replace(
        found,
        blocks=count(best, use),
        candidate=choices[best.backend],
        before=None if base is best else choices[base.backend],
        at_most=gain.at_most if gain else None,
        alike=len(near) - 1,
        simpler_by=simpler_by,
        next_best=[choices[of.backend] for of in ordered if of not in (best, base)][:2],
        refused=best.refused or base.refused,
    )


def points_to(use: Use, options: Sequence[Option]) -> str | None:
    """Return the backend that the main run points to for a use; None if none fits.

    Files that are there are only left for what surely gains more than the margin.
    """
    there = what_is_there(options)
    kept = [of for of in options if of is not there and not rules_broken(use, of)]
    best = (
        simplest(*reversed(by_time(use, kept, with_same_bytes=there is not None)))[0]
        if kept
        else None
    )
    if there is None or rules_broken(use, there):
        return best.backend if best else None
    gain = gain_in_main_run(use, there, best) if best else None
    return best.backend if best and gain and gain.at_least > 1 + MARGIN else there.backend


def by_time(
    use: Use, options: Sequence[Option], *, with_same_bytes: bool
) -> tuple[list[Option], list[Option]]:
    """Return all options from the fastest to the slowest, and those about as fast as the first.

    Args:
        use: what is asked.
        options: at least one.
        with_same_bytes: True to count among the latter all that keep the same bytes in another
            container, unless they are surely slower. So chance does not decide between containers,
            and a run that is repeated names the same one.
    """
    typical = moments(np.log(np.stack([option.total(use) for option in options])))[1]
    ordered = [options[place] for place in np.argsort(typical, kind="stable")]
    fastest = ordered[0]
    near = [
        of
        for of, mean in zip(options, typical, strict=True)
        if mean - typical.min() <= ALIKE
        or (with_same_bytes and have_same_bytes(of, fastest) and may_be_as_fast(use, of, fastest))
    ]
    return ordered, near


def have_same_bytes(one: Option, other: Option) -> bool:
    """Return True if two formats keep the same bytes of each image, in two containers."""
    codecs = [of.backend.partition("+")[2] for of in (one, other)]
    return bool(codecs[0]) and codecs[0] == codecs[1]


def may_be_as_fast(use: Use, one: Option, fastest: Option) -> bool:
    """Return True unless the main run shows that one format is slower, by more than the margin."""
    slower = gain_in_main_run(use, one, fastest)
    return slower is None or slower.low <= 1 + MARGIN


def gain_in_main_run(use: Use, before: Option, best: Option) -> Gain | None:
    """Return what moving gains by the blocks of the main run; None if they are too few."""
    totals = np.stack([before.total(use), best.total(use)])
    staying, moving = totals[:, np.isfinite(totals).all(axis=0)]
    return gain_of(staying, moving) if len(staying) >= FEWEST_PAIRS else None


def count(option: Option, use: Use) -> int:
    """Return the number of blocks in which a format was measured."""
    return int(np.isfinite(option.total(use)).sum())


def rules_broken(use: Use, option: Option) -> list[str]:
    """Return the names of the rules that a format breaks."""
    return [name for name, is_broken in RULES.items() if is_broken(use, option)]


def to_loosen(broken: Sequence[Sequence[str]]) -> str | None:
    """Return the rule without which most formats are left; else the one that most break."""
    alone = [rules[0] for rules in broken if len(rules) == 1]
    named = alone or [rule for rules in broken for rule in rules]
    return max(RULES, key=named.count) if named else None


def tutorials_first(options: Sequence[Option]) -> Option | None:
    """Return the first format of the tutorial, PNG files; None if it was not measured."""
    return next((of for of in options if of.backend == "disk"), None)


def slowest(options: Sequence[Option]) -> Option:
    """Return the format whose epoch takes longest."""
    return max(options, key=lambda of: float(np.nanmedian(of.epoch)))


def in_numbers(options: Sequence[Option], best: Option, use: Use) -> list[Choice]:
    """Return the numbers of formats, beside the best one's total; their noise belongs together."""
    totals: Floats = np.stack([option.total(use) for option in options])
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
