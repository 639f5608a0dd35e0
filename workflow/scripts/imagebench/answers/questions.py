"""The questions that a reader asks, and the rows of the tables that each is about."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ..states import Cache, Until
from ..vocabulary import OPERATIONS, of_operation

Row = Mapping[str, Any]

SECONDS, BYTES, FILES = "median_seconds", "bytes_allocated", "files"


@dataclass(frozen=True)
class Question:
    """One thing that a reader wants to know: what is least in which experiment.

    Attributes:
        operation: what was timed.
        cache: state of the page cache before a read.
        until: when the clock stopped.
        column: of summary.csv, the smallest value of which is best.
        is_main: whether the verdict in words has it, and not the table of answers alone.
    """

    operation: str
    cache: Cache = Cache.NOT_APPLICABLE
    until: Until = Until.CLOSED
    column: str = SECONDS
    is_main: bool = True

    @property
    def is_for_each_count(self) -> bool:
        """Whether it was measured for every number of images, and not for one store alone."""
        return of_operation(self.operation).for_each_cutoff


def timed(operation: str) -> tuple[Question, Question]:
    """Ask who is fastest at an operation: at first, and where more is asked of a format."""
    if operation.startswith("store_"):
        return Question(operation), Question(operation, until=Until.DURABLE)
    return (
        Question(operation, Cache.WARM, Until.RETURNED),
        Question(operation, Cache.COLD, Until.RETURNED),
    )


IN_ORDER = ("store_many", "read_many")
SINGLE = ("store_single", "read_single")
ACCESS = tuple(name for name in OPERATIONS if name not in (*IN_ORDER, *SINGLE))
"""Reads as in training; each was measured with one store, whatever its number of images."""

QUESTIONS = (
    *(question for name in IN_ORDER for question in timed(name)),
    *(
        Question(
            name, cache, Until.RETURNED,
            is_main=cache == Cache.WARM and OPERATIONS[name].in_verdict,
        )
        for name in ACCESS
        for cache in (Cache.WARM, Cache.COLD)
    ),
    Question("store_many", column=BYTES),
    Question("store_many", column=FILES),
    *(timed(name)[0] for name in SINGLE),
)  # fmt: skip
"""In the order in which they are answered."""


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as dictionaries; what is missing is not-a-number, from memory and from a CSV alike."""
    return [
        {str(name): math.nan if pd.isna(value) else value for name, value in row.items()}
        for row in frame.to_dict(orient="records")
    ]


def shown(frame: pd.DataFrame, location: str | None = None) -> pd.DataFrame:
    """The rows that findings are about: the machine with most blocks, its newest code."""
    rows = frame[frame["machine"] == 1]
    if "superseded" in rows.columns:  # pairs have none: what is superseded is not compared
        rows = rows[rows["superseded"] == 0]
    if location is None:
        return rows
    rows = rows[rows["location"] == location]
    # Of pairs, those of two locations are about neither alone.
    return rows if "other_location" not in rows.columns else rows[~between_locations(rows)]


def between_locations(pairs: pd.DataFrame) -> pd.Series:
    """Which comparisons are of one backend in two locations."""
    return pairs["location"] != pairs["other_location"]


def locations(summary: pd.DataFrame) -> list[str]:
    """Where stores were kept, in the order of the table."""
    return [str(name) for name in shown(summary)["location"].unique()]


def counts(summary: pd.DataFrame, location: str | None = None) -> list[int]:
    """Numbers of images that were stored or read at once, ascending."""
    rows = shown(summary, location)
    many = rows[rows["operation"].isin(IN_ORDER)]
    return sorted(int(count) for count in (many if len(many) else rows)["images"].unique())


def cells(summary: pd.DataFrame, question: Question, location: str, images: int) -> list[Row]:
    """The rows of a question: one a backend, the baseline and its control included."""
    return list(records(about(shown(summary, location), question, images)))


def about(rows: pd.DataFrame, question: Question, images: int) -> pd.DataFrame:
    """Pick the rows of a question.

    Args:
        rows: of summary.csv or of comparisons.csv.
        question: what is asked.
        images: how many, where it was measured for several numbers of images; elsewhere the rows
            with most are picked.
    """
    found = rows[(rows["operation"] == question.operation) & (rows["cache"] == question.cache)]
    if question.column == SECONDS:
        found = found[found["until"] == question.until]
    else:  # a store is as large whenever the clock has stopped; of several pieces it did so once
        found = found.drop_duplicates(["location", "backend", "images"])
    number = images if question.is_for_each_count else found["images"].max()
    picked: pd.DataFrame = found[found["images"] == number]
    return picked


def pairs(
    comparisons: pd.DataFrame, question: Question, location: str, images: int
) -> dict[frozenset[str], Row]:
    """The comparisons of a question, by the names of both backends."""
    rows = about(shown(comparisons, location), question, images)
    return {frozenset((row["backend"], row["other"])): row for row in records(rows)}
