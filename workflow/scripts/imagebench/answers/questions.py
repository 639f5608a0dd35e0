"""The questions that a report answers, and the rows of summary.csv that each is about."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ..evidence.tables import CONTROL, REFERENCE

Row = Mapping[str, Any]

MANY = ("store_many", "read_many")

SECONDS, BYTES, FILES = "median_seconds", "bytes_allocated", "files"
RESERVED = (REFERENCE, CONTROL)
"""Measured beside the formats, and never an answer: the first is the limit."""


@dataclass(frozen=True)
class Question:
    """One thing that a reader wants to know.

    Attributes:
        words: the question, as a heading.
        topic: the same within a sentence, as in "comes first in ...".
        operation: what was timed.
        cache: state of the page cache before a read.
        until: when the clock stopped.
        column: of summary.csv, the smallest value of which is best.
        is_main: whether the verdict in words has it, and not the table of answers alone.
    """

    words: str
    topic: str
    operation: str
    cache: str = "not_applicable"
    until: str = "closed"
    column: str = SECONDS
    is_main: bool = True

    @property
    def is_for_each_count(self) -> bool:
        """Whether it was measured for every number of images, and not for one store alone."""
        return self.operation in MANY


ACCESS = {
    "read_batches": ("Fastest to read in shuffled batches", "reading in shuffled batches"),
    "read_random": ("Fastest to read single images at random", "reading of random single images"),
    "read_subset": ("Fastest to read a tenth in shuffled batches", "reading of a shuffled tenth"),
    "read_first": ("First image soonest, opening included", "reading of the first image"),
    "read_workers_forked": ("Fastest with several workers, forked", "reading by forked workers"),
    "read_workers_spawned": ("Fastest with several workers, spawned", "reading by spawned workers"),
}
"""Reads as in training: the question, and the topic."""

SAID = ("read_batches", "read_random", "read_first", "read_workers_forked")
"""Of these the verdict in words tells the answer with a warm page cache."""


QUESTIONS = (
    Question("Fastest to store, until closed", "storing until closed", "store_many"),
    Question(
        "Fastest to store, until safe on the device", "storing until safe on the device",
        "store_many", until="durable",
    ),
    Question(
        "Fastest to read in order, warm", "warm reading in order",
        "read_many", "warm", "returned",
    ),
    Question(
        "Fastest to read in order, cold", "cold reading in order",
        "read_many", "cold", "returned",
    ),
    *(
        Question(
            f"{words}, {cache}", f"{cache} {topic}", operation, cache, "returned",
            is_main=cache == "warm" and operation in SAID,
        )
        for operation, (words, topic) in ACCESS.items()
        for cache in ("warm", "cold")
    ),
    Question("Smallest on disk", "disk use", "store_many", column=BYTES),
    Question("Fewest files", "number of files", "store_many", column=FILES),
    Question("Fastest to store one image, until closed", "storing one image", "store_single"),
    Question(
        "Fastest to read one image, warm", "warm reading of one image",
        "read_single", "warm", "returned",
    ),
)  # fmt: skip


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as dictionaries; what is missing is not-a-number, from memory and from a CSV alike."""
    return [
        {str(name): math.nan if pd.isna(value) else value for name, value in row.items()}
        for row in frame.to_dict(orient="records")
    ]


def shown(frame: pd.DataFrame, location: str | None = None) -> pd.DataFrame:
    """The rows that verdicts are about: the machine with most blocks, its newest code."""
    rows = frame[frame["machine"] == 1]
    if "superseded" in rows.columns:
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
    many = rows[rows["operation"].isin(MANY)]
    return sorted(int(count) for count in (many if len(many) else rows)["images"].unique())


def cells(summary: pd.DataFrame, question: Question, location: str, images: int) -> list[Row]:
    """The rows of a question: one a backend, the limit and its control included."""
    return list(records(about(shown(summary, location), question, images)))


def about(rows: pd.DataFrame, question: Question, images: int) -> pd.DataFrame:
    """Pick the rows of a question.

    Args:
        rows: of summary.csv or of comparisons.csv.
        question: what is asked.
        images: how many, where it was measured for several numbers of images; elsewhere the rows
            with most are picked.
    """
    found = rows[
        (rows["operation"] == question.operation)
        & (rows["cache"] == question.cache)
        & (rows["until"] == question.until)
    ]
    number = images if question.is_for_each_count else found["images"].max()
    picked: pd.DataFrame = found[found["images"] == number]
    return picked


def pairs(
    comparisons: pd.DataFrame, question: Question, location: str, images: int
) -> dict[frozenset[str], Row]:
    """The comparisons of a question, by the names of both backends."""
    rows = about(shown(comparisons, location), question, images)
    return {frozenset((row["backend"], row["other"])): row for row in records(rows)}
