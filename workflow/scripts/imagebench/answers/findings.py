"""Which format is best at what, how surely, and by how much: answers to the report's questions."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import pandas as pd

from .. import wording
from ..evidence.statistics import FASTER, FEWEST_BLOCKS, INCONCLUSIVE, MARGIN, MOST_BLOCKS, SAME
from ..evidence.traits import are_lossy, use_threads
from ..figures import style
from ..sizes import readable_bytes
from .questions import (
    BYTES,
    FILES,
    QUESTIONS,
    RESERVED,
    SECONDS,
    Question,
    Row,
    cells,
    counts,
    pairs,
)

NO_VERDICT = "no verdict yet"
COUNTED = "counted"
ALONE = "nothing to compare with"
UNPROVEN = "not proven cold"

MOST_NAMED = 3
"""Of more winners than this and one, the rest are counted."""

Pairs = Mapping[frozenset[str], Row]

LOSSY, THREADS = "lossy formats", "several threads"
"""What is not set against the others unasked: it is faster or smaller at a price."""


@dataclass(frozen=True)
class Aside:
    """Another answer, where formats count that lose something or that use several threads.

    Attributes:
        counting: LOSSY or THREADS.
        answer: the answer with these, and with all that counted before.
    """

    counting: str
    answer: "Answer"


@dataclass(frozen=True)
class Answer:
    """What the measurements say to one question at one number of images.

    Attributes:
        question: what was asked.
        images: how many images it is about.
        winners: labels of the best, several where they are not shown to differ; none where the
            question could not be answered.
        standing: the verdict: "faster", "no practical difference", "inconclusive", or one of the
            other words above.
        value: time, bytes or files of the first winner, in words.
        margin: by how much it leads, in words.
        limit: its multiple of the limit, in words; empty where there is none.
        blocks: how many blocks this stands on.
        blocks_to_settle: how many would bring a verdict, where there is none.
        asides: other answers, where more formats count than those that lose nothing with one
            thread, and where that changes the answer.
    """

    question: Question
    images: int
    winners: tuple[str, ...] = ()
    standing: str = UNPROVEN
    value: str = ""
    margin: str = ""
    limit: str = ""
    blocks: int = 0
    blocks_to_settle: int | None = None
    asides: tuple[Aside, ...] = ()

    @property
    def winner_words(self) -> str:
        """The winners in words: "A and B" where they are alike, "A or B" where that is open."""
        named = list(self.winners)
        if len(named) > MOST_NAMED + 1:
            named[MOST_NAMED:] = [f"{len(named) - MOST_NAMED} others"]
        return wording.listed(named, "or" if self.standing == INCONCLUSIVE else "and")

    @property
    def way_out(self) -> str:
        """What would settle an open question; empty where it is settled."""
        if self.blocks_to_settle is None:
            return "More blocks would be needed." if self.standing == INCONCLUSIVE else ""
        if self.blocks_to_settle >= MOST_BLOCKS:
            return f"Not even {MOST_BLOCKS} blocks may settle it: treat them as alike."
        few = self.blocks < FEWEST_BLOCKS
        return (
            f"{'At least' if few else 'About'} {self.blocks_to_settle} blocks "
            f"{'are needed' if few else 'would settle it'}: "
            f"set “blocks: {self.blocks_to_settle}” and run again."
        )


def answer(
    summary: pd.DataFrame,
    comparisons: pd.DataFrame,
    question: Question,
    location: str,
    images: int,
) -> Answer | None:
    """Answer one question at one number of images.

    Returns:
        Nothing if the question was not measured there.
    """
    found = cells(summary, question, location, images)
    rows = [row for row in found if row["backend"] not in RESERVED]
    if not rows:
        unproven = Question("", "", question.operation, "unknown", question.until)
        is_unproven = question.cache == "cold" and cells(summary, unproven, location, images)
        return Answer(question, images) if is_unproven else None
    compared = pairs(comparisons, question, location, images)
    number = int(rows[0]["images"])

    def among(some: Sequence[Row]) -> Answer:
        if question.column == SECONDS:
            return fastest(question, number, some, compared)
        return smallest(question, number, some)

    (_, strict), *wider = circles(rows, question)
    first = last = among(strict)
    asides = []
    for counting, some in wider:
        other = among(some)
        # That more formats share a first place changes nothing for who wants one.
        if other.winners[0] != last.winners[0]:
            asides.append(Aside(counting, other))
            last = other
    return replace(first, asides=tuple(asides))


def circles(rows: Sequence[Row], question: Question) -> list[tuple[str, list[Row]]]:
    """List who counts: formats that lose nothing with one thread, then lossy ones too, then all.

    Threads change no bytes, and neither changes the number of files: there, fewer circles do.

    Returns:
        The circles, each within the next and smaller than it, with what is new in each; at least
        one, and none is empty.
    """
    frame = pd.DataFrame(list(rows))
    lossy, threads = are_lossy(frame).to_list(), use_threads(frame).to_list()
    is_plain = [not one and not many for one, many in zip(lossy, threads, strict=True)]
    wanted = [("", is_plain)]
    if question.column != FILES:
        wanted.append((LOSSY, [not many for many in threads]))
    if question.column == SECONDS:
        wanted.append((THREADS, [True] * len(rows)))
    found: list[tuple[str, list[Row]]] = []
    for counting, mask in wanted:
        some = [row for row, is_in in zip(rows, mask, strict=True) if is_in]
        if some and (not found or len(some) > len(found[-1][1])):
            found.append((counting, some))
    return found or [("", list(rows))]


def answer_all(
    summary: pd.DataFrame, comparisons: pd.DataFrame, location: str
) -> list[tuple[Question, dict[int, Answer | None]]]:
    """Answer every question that was measured, at every number of images."""
    everywhere = counts(summary, location)
    answers = []
    for question in QUESTIONS:
        numbers = everywhere if question.is_for_each_count else everywhere[-1:]
        row = {
            number: answer(summary, comparisons, question, location, number) for number in numbers
        }
        if any(row.values()):
            answers.append((question, row))
    return answers


def fastest(question: Question, images: int, rows: Sequence[Row], compared: Pairs) -> Answer:
    """Answer by the comparisons: the best are those that nothing is shown to be faster than."""
    by_name = {str(row["backend"]): row for row in rows}
    among = {
        pair: row
        for pair, row in compared.items()
        if pair <= by_name.keys() and row["blocks"] >= FEWEST_BLOCKS
    }
    beaten = {str(row["other"]) for row in among.values() if row["verdict"] == FASTER}
    slower = {str(row["other"]): 0 for row in among.values()}
    for row in among.values():
        slower[str(row["other"])] += 1
    order = sorted(by_name, key=lambda name: (slower.get(name, 0), by_name[name]["median_seconds"]))
    # Without any comparison nothing is beaten, and the least median leads for the time being. All
    # can be beaten only in a ring of pairs that have different blocks in common.
    best = [name for name in order if among and name not in beaten] or order[:1]
    leader = by_name[best[0]]
    first = Answer(
        question,
        images,
        winners=tuple(str(by_name[name]["backend_label"]) for name in best),
        value=style.readable_seconds(leader["median_seconds"]) + of_how_many(question, images),
        limit=limit_of([by_name[name] for name in best]),
        blocks=int(leader["blocks"]),
    )
    if len(rows) == 1:
        return replace(first, standing=ALONE)
    if not among:
        margin = behind(best[0], order[1:2], compared)
        return replace(first, standing=NO_VERDICT, margin=margin, blocks_to_settle=FEWEST_BLOCKS)
    if len(best) == 1:
        blocks = min(int(row["blocks"]) for pair, row in among.items() if best[0] in pair)
        return replace(first, standing=FASTER, margin=ahead(best[0], among), blocks=blocks)
    between = [compared.get(frozenset(pair)) for pair in combinations(best, 2)]
    is_settled = all(row is not None and row["verdict"] == SAME for row in between)
    return replace(
        first,
        standing=SAME if is_settled else INCONCLUSIVE,
        margin=behind(best[0], best[1:], compared),
        blocks=min((int(row["blocks"]) for row in between if row), default=first.blocks),
        blocks_to_settle=None if is_settled else blocks_needed(between),
    )


def of_how_many(question: Question, images: int) -> str:
    """Say how many images a time is of, where that is not told by the table that it stands in."""
    return "" if question.is_for_each_count or images == 1 else f" for {images:,} images"


def ahead(leader: str, among: Pairs) -> str:
    """How many times as fast as the next one the leader is shown to be."""
    shown = [row for row in among.values() if row["backend"] == leader and row["verdict"] == FASTER]
    if not shown:
        return ""
    row = min(shown, key=lambda row: float(row["ratio"]))
    times, bounds = wording.bounded(row["ratio"], row["low"], row["high"])
    return f"{times} times as fast as {row['other_label']} {bounds}".strip()


def behind(leader: str, others: Sequence[str], compared: Pairs) -> str:
    """How many times as long as the leader the others took."""
    rows = [compared.get(frozenset((leader, other))) for other in others]
    known = [row for row in rows if row is not None]
    if not known:
        return ""
    if len(known) == 1:
        row = known[0]
        times, bounds = wording.bounded(row["ratio"], row["low"], row["high"])
        return f"{row['other_label']} took {times} times as long {bounds}".strip()
    # A pair is ordered by its ratio, so that the leader may be the slower one of a close pair.
    ratios = [row["ratio"] if row["backend"] == leader else 1 / row["ratio"] for row in known]
    return f"the others took {wording.spanned(ratios, wording.ratio)} times as long"


def limit_of(rows: Sequence[Row]) -> str:
    """The multiple of the limit that the winners take; empty without a limit."""
    multiples = [float(row["multiple_of_limit"]) for row in rows]
    known = [multiple for multiple in multiples if math.isfinite(multiple)]
    if not known:
        return ""
    if len(rows) > 1:
        return f"{wording.spanned(known, wording.ratio)} times the limit"
    multiple, bounds = wording.bounded(known[0], rows[0]["multiple_low"], rows[0]["multiple_high"])
    return f"{multiple} times the limit {bounds}".strip()


def blocks_needed(between: Sequence[Row | None]) -> int | None:
    """Blocks that would settle every pair of these, as far as that can be said."""
    needed = []
    for row in between:
        if row is None or row["blocks"] < FEWEST_BLOCKS:
            needed.append(FEWEST_BLOCKS)
        elif row["verdict"] == INCONCLUSIVE and math.isfinite(row["blocks_to_settle"]):
            needed.append(math.ceil(row["blocks_to_settle"]))
    return max(needed, default=None)


def smallest(question: Question, images: int, rows: Sequence[Row]) -> Answer:
    """Answer by counting: bytes that differ by less than the margin are alike, files must be equal.

    What was counted holds without repeats, so that there is nothing to be unsure of.
    """
    column = question.column
    order = sorted(rows, key=lambda row: float(row[column]))
    least = float(order[0][column])
    alike = least * (1 + MARGIN) if column == BYTES else least
    best = [row for row in order if float(row[column]) <= alike]
    rest = order[len(best) :]
    margin = "all alike" if len(rows) > 1 else ""
    if rest and column == BYTES:
        times = wording.ratio(float(rest[0][column]) / max(least, 1))
        margin = f"{times} times as much with {rest[0]['backend_label']}"
    elif rest:
        margin = f"{size_in_words(rest[0], column)} with {rest[0]['backend_label']}"
    multiple = float(best[0]["bytes_multiple_of_limit"]) if column == BYTES else math.nan
    return Answer(
        question, images, tuple(str(row["backend_label"]) for row in best),
        COUNTED if len(rows) > 1 else ALONE,
        size_in_words(best[0], column), margin,
        f"{wording.ratio(multiple)} times the limit" if math.isfinite(multiple) else "",
        min(int(row["blocks"]) for row in best),
    )  # fmt: skip


def size_in_words(row: Row, column: str) -> str:
    """Bytes with their unit, or the number of files."""
    if column == BYTES:
        return readable_bytes(row[column])
    return wording.counted(int(row[column]), "file")
