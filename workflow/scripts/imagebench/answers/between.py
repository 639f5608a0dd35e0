"""Locations against each other: in which one each format is faster, and how surely."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from .questions import QUESTIONS, SECONDS, Question, Row, about, between_locations, counts, records
from .questions import shown as of_interest


@dataclass(frozen=True)
class Locations:
    """The comparison of locations.

    Attributes:
        by_question: the pairs of each question that was measured, one for each format and two
            locations; the faster location comes first in a pair.
        images: how many, at most.
        rows: all these pairs.
    """

    by_question: Sequence[tuple[Question, Sequence[Row]]]
    images: int
    rows: Sequence[Row]


def compare(summary: pd.DataFrame, comparisons: pd.DataFrame) -> Locations | None:
    """Compare locations with most images; nothing where there is only one."""
    current = of_interest(summary)
    if current["location"].nunique() < 2:
        return None
    images = counts(summary)[-1]
    pairs = of_interest(comparisons)
    pairs = pairs[between_locations(pairs)]
    measured = set(current["operation"])
    by_question = [
        (question, records(about(pairs, question, images)))
        for question in QUESTIONS
        if question.column == SECONDS and question.operation in measured
    ]
    return Locations(by_question, images, [row for _, rows in by_question for row in rows])
