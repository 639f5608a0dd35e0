"""What a run can afford: how many images, formats, cutoffs and blocks fit into so many minutes.

Ways of access that a use asks for come before formats, formats before the other ways and cutoffs,
and cutoffs before blocks beyond three. Nothing here reads or writes a
file, and nothing is timed: what a few images took is handed over.
"""

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from .. import wording

SINGLE_IMAGES = 20
"""So many are stored and read one at a time."""

LEAST_BLOCKS = 3
NEARLY = 0.4
"""Of a block: so much more than there is time for may be measured, or so much less."""

LEAST_IMAGES = 10
"""Fewer say little of a format; formats are left out before."""

SHARE = 0.6
"""Of the minutes, for timed jobs: the break-even run, tables, figures and the page come after."""


@dataclass(frozen=True)
class Cost:
    """Seconds that a job and an image take, as a few images took them.

    Attributes:
        job: of each job besides: a process starts, imports, calibrates and ends.
        source: to be read from its file, decoded and digested.
        store: to be stored.
        read: to be read back and digested.
        crop: to be cropped, resized and digested.
    """

    job: float
    source: float
    store: float
    read: float
    crop: float

    def of_cutoff(self, count: int) -> float:
        """Seconds of the two jobs that store and read so many images.

        Storing is timed twice, in the store and by the codec alone, as is decoding; reading goes
        cold and warm, and one is verified as the other.
        """
        return 2 * self.job + count * (self.source + 2 * self.store + 4 * self.read)

    def of_singles(self) -> float:
        """Seconds of the two jobs that store and read single images."""
        return 2 * self.job + SINGLE_IMAGES * (self.source + self.store + self.read)

    def of_access(self, count: int, *, crops: bool) -> float:
        """Seconds of a job that reads so many images in some order, from a store of its own."""
        cropped = 3 * self.crop if crops else 0.0  # once more to know what must come back
        return self.job + count * (self.source + self.store + 3 * self.read + cropped)


@dataclass(frozen=True)
class Budget:
    """What is measured, and what is not.

    Attributes:
        minutes: that it was made for.
        images: how many there are in the sample.
        cutoffs: how many are stored and read.
        backends: by their names.
        access: ways of access, by their names.
        blocks: how many.
        seconds: that it should take.
        backends_left_out: for lack of time.
        cutoffs_left_out: likewise.
        access_left_out: likewise.
        minutes_for_all: that would do for all formats, with as few images as can be.
        failed: why formats failed when they were tried, by their names.
    """

    minutes: int
    images: int
    cutoffs: tuple[int, ...]
    backends: tuple[str, ...]
    access: tuple[str, ...]
    blocks: int
    seconds: float
    backends_left_out: tuple[str, ...] = ()
    cutoffs_left_out: tuple[int, ...] = ()
    access_left_out: tuple[str, ...] = ()
    minutes_for_all: int = 0
    failed: Mapping[str, str] = field(default_factory=dict)

    def settings(self, config: Mapping[str, Any]) -> dict[str, Any]:
        """Return the keys of a config that this decides. Formats that failed are named later."""
        return {
            "blocks": self.blocks,
            "cutoffs": list(self.cutoffs),
            "backends": [name for name in config["backends"] if name not in self.backends_left_out],
            "access": list(self.access),
        }

    def as_json(self) -> dict[str, Any]:
        """Return it as a dictionary that JSON can hold."""
        return asdict(self)

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> "Budget":
        """Take back what ``as_json`` gave."""
        made: Any = {key: tuple(of) if isinstance(of, list) else of for key, of in found.items()}
        return cls(**made)


def afford(
    minutes: int,
    costs: Mapping[str, Cost],
    count: int,
    cutoffs: Sequence[int],
    access: Mapping[str, Callable[[int], tuple[int, bool]]],
    *,
    uses: Collection[str] = (),
    before: Budget | None = None,
) -> Budget:
    """Choose what fits into so many minutes.

    Args:
        minutes: that the run may take.
        costs: of each format, those that must not be left out first.
        count: of images that there are.
        cutoffs: that are wanted besides the number of all images.
        access: says for each way of access, given a number of images, how many it reads, and
            whether it crops them.
        uses: ways of access that a use asks for; others are left out before any format is.
        before: what was chosen for fewer minutes; more minutes only add to it.
    """
    allowed = 60 * minutes * SHARE

    def seconds(plan: Budget) -> float:
        return plan.blocks * sum(
            costs[name].of_singles()
            + sum(map(costs[name].of_cutoff, plan.cutoffs))
            + sum(
                costs[name].of_access(n, crops=crops)
                for n, crops in (access[way](plan.images) for way in plan.access)
            )
            for name in plan.backends
        )

    least = min(count, LEAST_IMAGES)
    plan = Budget(minutes, least, (least,), tuple(costs), tuple(access), LEAST_BLOCKS, 0)
    needed = tuple(way for way in access if way in {*uses, *(before.access if before else ())})
    if seconds(plan) > allowed:
        plan = replace(plan, access=needed)
    minutes_for_all = math.ceil(seconds(replace(plan, access=needed)) / SHARE / 60)
    kept = set(before.backends) if before else set()
    left_out: list[str] = []
    while seconds(plan) > allowed and len(plan.backends) > 3 and plan.backends[-1] not in kept:
        left_out.insert(0, plan.backends[-1])
        plan = replace(plan, backends=plan.backends[:-1])
    largest = most(
        least, count, lambda n: seconds(replace(plan, images=n, cutoffs=(n,))) <= allowed
    )
    if before:
        largest = max(largest, before.images)
    already = before.cutoffs if before else ()
    plan = replace(plan, images=largest, cutoffs=tuple(sorted({largest, *already})))
    skipped = []
    for cutoff in sorted({n for n in cutoffs if n < largest} - set(already), reverse=True):
        more = replace(plan, cutoffs=tuple(sorted({cutoff, *plan.cutoffs})))
        if seconds(more) <= allowed and not left_out:
            plan = more
        else:
            skipped.append(cutoff)
    blocks = max(LEAST_BLOCKS, before.blocks if before else 0)
    blocks = max(blocks, math.floor(allowed / seconds(replace(plan, blocks=1)) + NEARLY))
    plan = replace(plan, blocks=min(blocks, MOST_BLOCKS))
    return replace(
        plan,
        seconds=seconds(plan),
        backends_left_out=tuple(left_out),
        cutoffs_left_out=tuple(sorted(skipped)),
        access_left_out=tuple(way for way in access if way not in plan.access),
        minutes_for_all=minutes_for_all,
    )


MOST_BLOCKS = 30
"""More of them settle nothing that so many do not."""


def most(least: int, largest: int, fits: Callable[[int], bool]) -> int:
    """Find the largest number that fits, at least ``least``."""
    if fits(largest):
        return largest
    while largest - least > 1:
        middle = (least + largest) // 2
        least, largest = (middle, largest) if fits(middle) else (least, middle)
    return least


def numbers(several: Iterable[int]) -> str:
    """Write numbers one after the other."""
    return ", ".join(map("{:,}".format, several))


def in_words(plan: Budget, count: int) -> list[str]:
    """Say what is measured, what is not, and what more minutes would add."""
    lines = [
        f"measured in about {wording.minutes(plan.seconds / 60 / SHARE)}: {plan.images:,} of "
        f"{wording.counted(count, 'image')}, {wording.counted(len(plan.backends), 'format')}, "
        f"cutoff{'' if len(plan.cutoffs) == 1 else 's'} {numbers(plan.cutoffs)}, "
        f"{wording.counted(plan.blocks, 'block')}"
    ]
    more = []
    if plan.backends_left_out:
        more.append(f"the formats {', '.join(plan.backends_left_out)}")
    if plan.access_left_out:
        more.append(f"the ways of access {', '.join(plan.access_left_out)}")
    if plan.cutoffs_left_out:
        more.append(f"the cutoffs {numbers(plan.cutoffs_left_out)}")
    if plan.images < count:
        more.append("more images")
    if more:
        lines.append(
            f"left out for lack of time: {'; '.join(more)}. Set minutes to more than "
            f"{plan.minutes}, or to 0 for everything: only what is new is measured then"
        )
    return lines
