"""The words for findings: what each question is called, who is best, by how much, how surely."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .. import wording
from ..answers.findings import Finding, Standing
from ..answers.questions import BYTES, FILES, SECONDS, Question, Row
from ..evidence.statistics import FEWEST_BLOCKS
from ..modes import in_words
from ..sizes import readable_bytes
from ..states import Cache, Until, Verdict
from ..vocabulary import of_operation

MOST_NAMED = 3
"""Of more winners than this and one, the rest are counted."""

MOST_FORMATS_NAMED = 6
"""Of more formats than these, a sentence tells the number; a table of the page names them."""

SENSIBLE_BLOCKS = 30
"""More than these, nobody measures to tell two formats apart."""

OF_SIZE = {BYTES: ("Smallest on disk", "disk use"), FILES: ("Fewest files", "number of files")}
Labels = Mapping[str, str]
"""The label of each backend by its name, as the page shows it."""

UNTIL = {Until.CLOSED: "until closed", Until.DURABLE: "until safe on the device"}


def brought(to: Mapping[str, Any]) -> str:
    """Say which images are brought to one mode: "Of 9 images, 2 are grey: ... brings them to RGB".

    Args:
        to: from ``modes.brought_to``.
    """
    kinds = [
        f"{count:,} {'is' if count == 1 else 'are'} {in_words(mode)}"
        for mode, count in to["brought"].items()
    ]
    them = "it" if sum(to["brought"].values()) == 1 else "them"
    return (
        f"Of {to['of']:,} images, {wording.listed(kinds)}: every format brings {them} to "
        f"{in_words(to['mode'])} when images are read for training"
    )


def bounded(*values: float | None) -> tuple[str, str]:
    """A ratio and its interval, of tables or of JSON, where null is what is not known."""
    value, low, high = (math.nan if value is None else value for value in values)
    return wording.bounded(value, low, high)


def state(row: Row) -> str:
    """What a time was measured under: "until closed", "warm"."""
    if row["cache"] == Cache.NOT_APPLICABLE:
        return UNTIL[row["until"]]
    return "cache unknown" if row["cache"] == Cache.UNKNOWN else str(row["cache"])


def cell(row: Row) -> str:
    """What was timed in a cell, without the number of images: "read, cold"."""
    return f"{of_operation(row['operation']).verb}, {state(row)}"


def heading(question: Question) -> str:
    """A question as the heading of a column: "Shuffled batches, warm"."""
    if question.column != SECONDS:
        return {BYTES: "On disk", FILES: "Files"}[question.column]
    return f"{of_operation(question.operation).title}, {state(vars(question))}"


def asked(question: Question) -> str:
    """A question as a reader asks it: "Fastest to read in order, warm"."""
    if question.column != SECONDS:
        return OF_SIZE[question.column][0]
    words = of_operation(question.operation)
    return f"{words.question or f'Fastest to {words.verb}'}, {state(vars(question))}"


def topic(question: Question) -> str:
    """The same within a sentence, as in "comes first in warm reading in order"."""
    if question.column != SECONDS:
        return OF_SIZE[question.column][1]
    words = of_operation(question.operation).topic
    if question.cache != Cache.NOT_APPLICABLE:
        return f"{question.cache} {words}"
    return f"{words} {UNTIL[question.until]}" if question.is_for_each_count else words


def winners(finding: Finding, labels: Labels) -> str:
    """Who is best: "A and B" where they are alike, "A or B" where that is open."""
    named = [labels[name] for name in finding.winners]
    if len(named) > MOST_NAMED + 1:
        named[MOST_NAMED:] = [f"{len(named) - MOST_NAMED} others"]
    is_open = finding.standing in (Standing.INCONCLUSIVE, Standing.INDIFFERENT)
    return wording.listed(named, "or" if is_open else "and")


def value(finding: Finding) -> str:
    """What the first winner takes: "2 s", "4.0 KiB", "1 file"; empty where nothing is known."""
    if math.isnan(finding.value):
        return ""
    if finding.question.column != SECONDS:
        return size(finding.value, finding.question.column)
    seconds = wording.readable_seconds(finding.value)
    # Where a table tells it for each number of images, or it is one, the number is not repeated.
    is_said = finding.question.is_for_each_count or finding.images == 1
    return seconds if is_said else f"{seconds} for {wording.counted(finding.images, 'image')}"


def size(amount: float, column: str) -> str:
    """Bytes with their unit, or the number of files."""
    return readable_bytes(amount) if column == BYTES else wording.counted(int(amount), "file")


def lead(finding: Finding, labels: Labels) -> str:
    """How far the others are behind."""
    behind = finding.behind
    if behind is None:
        return ""
    if finding.standing == Standing.COUNTED:
        if not behind.backends:
            return "all alike"
        more = size(behind.value, FILES)
        if finding.question.column == BYTES:
            more = f"{wording.ratio(behind.ratios[0])} times as much"
        return f"{more} with {labels[behind.backends[0]]}"
    if len(behind.backends) > 1:
        return f"the others took {wording.spanned(behind.ratios, wording.ratio)} times as long"
    times, bounds = wording.bounded(behind.ratios[0], behind.low, behind.high)
    if finding.standing == Standing.FASTER:
        return f"{times} times as fast as {labels[behind.backends[0]]} {bounds}".strip()
    return f"{labels[behind.backends[0]]} took {times} times as long {bounds}".strip()


def against_baseline(finding: Finding) -> str:
    """How many times as much as the baseline the winners take; empty without it."""
    multiple = finding.multiple
    if multiple is None:
        return ""
    if len(multiple.ratios) > 1:
        return f"{wording.spanned(multiple.ratios, wording.ratio)} times the baseline"
    times, bounds = wording.bounded(multiple.ratios[0], multiple.low, multiple.high)
    return f"{times} times the baseline {bounds}".strip()


def way_out(finding: Finding, block_minutes: float = math.nan) -> str:
    """What would settle an open question; empty where it is settled.

    Args:
        finding: what was found.
        block_minutes: what a block of the run has taken.
    """
    needed = finding.blocks_to_settle
    if finding.standing == Standing.INDIFFERENT:
        return ""
    if needed is None:
        is_open = finding.standing == Standing.INCONCLUSIVE
        return "More blocks would be needed." if is_open else ""
    if needed > SENSIBLE_BLOCKS:
        return f"Too close to tell apart here{at_most(finding)}."
    few = finding.blocks < FEWEST_BLOCKS
    minutes = (needed - finding.blocks) * block_minutes
    more = f", which takes about {wording.minutes(minutes)} more" if minutes > 0 else ""
    return (
        f"{'At least' if few else 'About'} {needed} blocks "
        f"{'are needed' if few else 'would settle it'}: set “blocks: {needed}” and run again{more}."
    )


def at_most(finding: Finding) -> str:
    """Say how large a difference can be that is not settled; nothing where that is not known."""
    behind = finding.behind
    if behind is None or not math.isfinite(behind.low):
        return ""
    return f": the difference is at most {wording.ratio(max(behind.high, 1 / behind.low))} times"


def settling(blocks: float) -> str:
    """How many blocks would settle a pair, where that is a sensible number."""
    if math.isnan(blocks):
        return wording.NOTHING
    return f"{int(blocks)}" if blocks <= SENSIBLE_BLOCKS else f"over {SENSIBLE_BLOCKS}"


def of_locations(question: Question, pairs: Sequence[Row], labels: Labels) -> str:
    """Say for one question in which location which formats are faster."""
    words = topic(question)
    words = words[0].upper() + words[1:]
    if not pairs:
        return (
            f"{words}: nothing to compare. Blocks of one host, in a proven state of the cache, are "
            "needed in both locations."
        )
    parts = []
    won = [pair for pair in pairs if pair["verdict"] == Verdict.FASTER]
    for place in dict.fromkeys(pair["location"] for pair in won):
        here = [pair for pair in won if pair["location"] == place]
        names = [
            f"{labels[pair['backend']]} ({wording.ratio(pair['ratio'])} times as fast as in "
            f"{pair['other_location']})"
            for pair in here
        ]
        if len(here) > MOST_FORMATS_NAMED:
            span = wording.spanned([pair["ratio"] for pair in here], wording.ratio)
            names = [f"{len({pair['backend'] for pair in here})} formats ({span} times as fast)"]
        parts.append(f"{place} is faster for {wording.listed(names)}")
    for verdict, phrase in (
        (Verdict.SAME, "no practical difference"),
        (Verdict.INCONCLUSIVE, "not settled"),
    ):
        alike = [pair["backend"] for pair in pairs if pair["verdict"] == verdict]
        if alike:
            parts.append(f"{phrase} for {named_or_counted(alike, labels)}")
    return f"{words}: {'; '.join(parts)}."


def named_or_counted(backends: Iterable[str], labels: Labels) -> str:
    """Name formats, each once, or tell how many they are if that is too many to read."""
    names = list(dict.fromkeys(backends))
    if len(names) > MOST_FORMATS_NAMED:
        return f"{len(names)} formats"
    return wording.listed(labels[name] for name in names)
