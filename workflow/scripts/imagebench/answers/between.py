"""What the report says of locations: in which one each format is faster, and how surely."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from .. import wording
from ..evidence.statistics import FASTER, SAME
from .questions import (
    QUESTIONS,
    SECONDS,
    Question,
    Row,
    about,
    between_locations,
    counts,
    records,
    shown,
)

MOST_NAMED = 6
"""Of more formats than these, a sentence tells the number; the table of the page names them."""


@dataclass(frozen=True)
class Places:
    """The comparison of locations: a sentence for each question, and all pairs behind it."""

    sentences: list[str]
    images: int
    rows: Sequence[Row]


def compare(summary: pd.DataFrame, comparisons: pd.DataFrame) -> Places | None:
    """Compare locations with most images; nothing where there is only one."""
    if shown(summary)["location"].nunique() < 2:
        return None
    images = counts(summary)[-1]
    rows = shown(comparisons)
    rows = rows[between_locations(rows)]
    sentences, used = [], []
    for question in QUESTIONS:
        if question.column != SECONDS:
            continue
        if not (shown(summary)["operation"] == question.operation).any():
            continue
        part = about(rows, question, images)
        sentences.append(sentence(question, records(part)))
        used.append(part)
    return Places(sentences, images, records(pd.concat(used)))


def sentence(question: Question, pairs: Sequence[Row]) -> str:
    """Say for one question in which location which formats are faster."""
    topic = question.topic[0].upper() + question.topic[1:]
    if not pairs:
        return (
            f"{topic}: nothing to compare. Blocks of one host, in a proven state of the cache, are "
            "needed in both locations."
        )
    parts = []
    won = [pair for pair in pairs if pair["verdict"] == FASTER]
    for place in dict.fromkeys(pair["location"] for pair in won):
        here = [pair for pair in won if pair["location"] == place]
        names = [
            f"{pair['backend_label']} ({wording.ratio(pair['ratio'])} times as fast as in "
            f"{pair['other_location']})"
            for pair in here
        ]
        if len(here) > MOST_NAMED:
            span = wording.spanned([pair["ratio"] for pair in here], wording.ratio)
            names = [f"{len({pair['backend'] for pair in here})} formats ({span} times as fast)"]
        parts.append(f"{place} is faster for {wording.listed(names)}")
    alike = [pair["backend_label"] for pair in pairs if pair["verdict"] == SAME]
    if alike:
        parts.append(f"no practical difference for {named_or_counted(alike)}")
    still_open = [pair["backend_label"] for pair in pairs if pair["verdict"] not in (FASTER, SAME)]
    if still_open:
        parts.append(f"not settled for {named_or_counted(still_open)}")
    return f"{topic}: {'; '.join(parts)}."


def named_or_counted(labels: Sequence[str]) -> str:
    """Name formats, each once, or tell how many they are if that is too many to read."""
    names = list(dict.fromkeys(labels))
    return wording.listed(names) if len(names) <= MOST_NAMED else f"{len(names)} formats"
