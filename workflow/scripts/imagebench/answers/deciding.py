"""Who is best at each question, how surely, and by how much: by verdicts and by counting."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations

import pandas as pd

from ..evidence.statistics import FEWEST_BLOCKS, MARGIN
from ..evidence.traits import are_lossy, use_threads
from ..states import RESERVED, Cache, Verdict
from .findings import Aside, Behind, Counting, Finding, Multiple, Standing
from .questions import BYTES, FILES, QUESTIONS, SECONDS, Question, Row, cells, counts, pairs

Pairs = Mapping[frozenset[str], Row]


def find(
    summary: pd.DataFrame,
    comparisons: pd.DataFrame,
    question: Question,
    location: str,
    images: int,
) -> Finding | None:
    """Answer one question at one number of images.

    Returns:
        Nothing if the question was not measured there.
    """
    found = cells(summary, question, location, images)
    rows = [row for row in found if row["backend"] not in RESERVED]
    if not rows:
        unproven = replace(question, cache=Cache.UNKNOWN)
        tried = question.cache == Cache.COLD and cells(summary, unproven, location, images)
        return Finding(question, images) if tried else None
    compared = pairs(comparisons, question, location, images)
    number = int(rows[0]["images"])

    def among(some: Sequence[Row]) -> Finding:
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
            asides.append(Aside(Counting(counting), other))
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
        wanted.append((Counting.LOSSY, [not many for many in threads]))
    if question.column == SECONDS:
        wanted.append((Counting.THREADS, [True] * len(rows)))
    found: list[tuple[str, list[Row]]] = []
    for counting, mask in wanted:
        some = [row for row, is_in in zip(rows, mask, strict=True) if is_in]
        if some and (not found or len(some) > len(found[-1][1])):
            found.append((counting, some))
    return found or [("", list(rows))]


def find_all(
    summary: pd.DataFrame, comparisons: pd.DataFrame, location: str
) -> list[tuple[Question, dict[int, Finding | None]]]:
    """Answer every question that was measured, at every number of images."""
    everywhere = counts(summary, location)
    findings = []
    for question in QUESTIONS:
        numbers = everywhere if question.is_for_each_count else everywhere[-1:]
        row = {number: find(summary, comparisons, question, location, number) for number in numbers}
        if any(row.values()):
            findings.append((question, row))
    return findings


def fastest(question: Question, images: int, rows: Sequence[Row], compared: Pairs) -> Finding:
    """Decide by the comparisons: the best are those that nothing is shown to be faster than."""
    by_name = {str(row["backend"]): row for row in rows}
    among = {
        pair: row
        for pair, row in compared.items()
        if pair <= by_name.keys() and row["blocks"] >= FEWEST_BLOCKS
    }
    beaten = {str(row["other"]) for row in among.values() if row["verdict"] == Verdict.FASTER}
    slower = {str(row["other"]): 0 for row in among.values()}
    for row in among.values():
        slower[str(row["other"])] += 1
    order = sorted(by_name, key=lambda name: (slower.get(name, 0), by_name[name]["median_seconds"]))
    # Without any comparison nothing is beaten, and the least median leads for the time being. All
    # can be beaten only in a ring of pairs that have different blocks in common.
    best = [name for name in order if among and name not in beaten] or order[:1]
    leader = by_name[best[0]]
    first = Finding(
        question,
        images,
        winners=tuple(best),
        value=float(leader["median_seconds"]),
        multiple=multiple_of([by_name[name] for name in best]),
        blocks=int(leader["blocks"]),
    )
    if len(rows) == 1:
        return replace(first, standing=Standing.ALONE)
    if not among:
        return replace(
            first,
            standing=Standing.NO_VERDICT,
            behind=behind(best[0], order[1:2], compared),
            blocks_to_settle=FEWEST_BLOCKS,
        )
    if len(best) == 1:
        blocks = min(int(row["blocks"]) for pair, row in among.items() if best[0] in pair)
        nearest = nearest_behind(best[0], among)
        return replace(first, standing=Standing.FASTER, behind=nearest, blocks=blocks)
    between = [compared.get(frozenset(pair)) for pair in combinations(best, 2)]
    is_settled = all(row is not None and row["verdict"] == Verdict.SAME for row in between)
    return replace(
        first,
        standing=Standing.SAME if is_settled else Standing.INCONCLUSIVE,
        behind=behind(best[0], best[1:], compared),
        blocks=min((int(row["blocks"]) for row in between if row), default=first.blocks),
        blocks_to_settle=None if is_settled else blocks_needed(between),
    )


def nearest_behind(leader: str, among: Pairs) -> Behind | None:
    """How far the next one is behind that the leader is shown to be faster than."""
    rows = [
        row
        for row in among.values()
        if row["backend"] == leader and row["verdict"] == Verdict.FASTER
    ]
    return one_behind(leader, min(rows, key=lambda row: float(row["ratio"]))) if rows else None


def behind(leader: str, others: Sequence[str], compared: Pairs) -> Behind | None:
    """How far others are behind the leader, as far as they were compared."""
    rows = [compared.get(frozenset((leader, other))) for other in others]
    known = [one_behind(leader, row) for row in rows if row is not None]
    if len(known) < 2:
        return known[0] if known else None
    return Behind(
        tuple(name for each in known for name in each.backends),
        tuple(ratio for each in known for ratio in each.ratios),
    )


def one_behind(leader: str, row: Row) -> Behind:
    """How far the other one of a pair is behind the leader.

    A pair is ordered by its ratio, so that the leader may be the slower one of a close pair.
    """
    ratio, low, high = (float(row[name]) for name in ("ratio", "low", "high"))
    if row["backend"] == leader:
        return Behind((str(row["other"]),), (ratio,), low, high)
    return Behind((str(row["backend"]),), (1 / ratio,), 1 / high, 1 / low)


def multiple_of(rows: Sequence[Row]) -> Multiple | None:
    """How many times as long as the baseline the winners take."""
    ratios = tuple(float(row["multiple_of_limit"]) for row in rows)
    known = tuple(ratio for ratio in ratios if math.isfinite(ratio))
    if not known:
        return None
    if len(rows) > 1:
        return Multiple(known)
    return Multiple(known, float(rows[0]["multiple_low"]), float(rows[0]["multiple_high"]))


def blocks_needed(between: Sequence[Row | None]) -> int | None:
    """Blocks that would settle every pair of these, as far as that can be said."""
    needed = []
    for row in between:
        if row is None or row["blocks"] < FEWEST_BLOCKS:
            needed.append(FEWEST_BLOCKS)
        elif row["verdict"] == Verdict.INCONCLUSIVE and math.isfinite(row["blocks_to_settle"]):
            needed.append(math.ceil(row["blocks_to_settle"]))
    return max(needed, default=None)


def smallest(question: Question, images: int, rows: Sequence[Row]) -> Finding:
    """Decide by counting: bytes that differ by less than the margin are alike, files must be equal.

    What was counted holds without repeats, so that there is nothing to be unsure of.
    """
    column = question.column
    order = sorted(rows, key=lambda row: float(row[column]))
    least = float(order[0][column])
    alike = least * (1 + MARGIN) if column == BYTES else least
    best = [row for row in order if float(row[column]) <= alike]
    rest = order[len(best) :]
    after = Behind()
    if rest:
        value = float(rest[0][column])
        after = Behind((str(rest[0]["backend"]),), (value / max(least, 1),), value=value)
    multiple = float(best[0]["bytes_multiple_of_limit"]) if column == BYTES else math.nan
    return Finding(
        question,
        images,
        winners=tuple(str(row["backend"]) for row in best),
        standing=Standing.COUNTED if len(rows) > 1 else Standing.ALONE,
        value=least,
        behind=after if len(rows) > 1 else None,
        multiple=Multiple((multiple,)) if math.isfinite(multiple) else None,
        blocks=min(int(row["blocks"]) for row in best),
    )
