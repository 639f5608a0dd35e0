"""The tables of every format: value, interval and multiple of the baseline in each cell."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from .. import wording
from ..answers.questions import ACCESS, BYTES, FILES, IN_ORDER, Question, Row, cells, shown, timed
from ..sizes import readable_bytes
from ..states import RESERVED
from . import phrases

COLUMNS = (
    *(question for name in IN_ORDER for question in timed(name)),
    Question("store_many", column=BYTES),
    Question("store_many", column=FILES),
)
ACCESS_COLUMNS = tuple(question for name in ACCESS for question in timed(name))


@dataclass(frozen=True)
class FormatTable:
    """A row for every format: value, interval and multiple of the baseline in each cell."""

    title: str
    headings: list[str]
    rows: list[tuple[Row, list[tuple[str, str, str]]]]


def images_of_access(summary: pd.DataFrame) -> int:
    """Count the images of the store that is read as in training; 0 where none is."""
    stored = summary.loc[summary["operation"].isin(ACCESS), "stored_images"]
    return 0 if stored.empty else int(stored.max())


def every_format(summary: pd.DataFrame, location: str, images: int) -> list[FormatTable]:
    """Make the tables of one location: at the largest number of images, and read as in training."""
    stored = wording.counted(images_of_access(shown(summary, location)), "image")
    wanted = {
        f"Every format at {wording.counted(images, 'image')}": COLUMNS,
        f"Every format, read as in training, from a store of {stored}": ACCESS_COLUMNS,
    }
    tables = [
        every_backend(title, columns, summary, location, images)
        for title, columns in wanted.items()
    ]
    return [table for table in tables if table.rows]


def every_backend(
    title: str,
    columns: Sequence[Question],
    summary: pd.DataFrame,
    location: str,
    images: int,
) -> FormatTable:
    """Make a table of every backend, with those columns that were measured."""
    found = {
        question: {row["backend"]: row for row in cells(summary, question, location, images)}
        for question in columns
    }
    present = {question: rows for question, rows in found.items() if rows}
    backends: dict[str, Row] = {}
    for rows in present.values():
        backends |= {name: row for name, row in rows.items() if name not in backends}
    # The baseline and its control frame the formats: they are what these are seen against.
    order = sorted(backends, key=lambda name: (name in RESERVED, name == RESERVED[-1]))
    rows_of_all: list[tuple[Row, list[tuple[str, str, str]]]] = [
        (
            {**backends[name], "is_reserved": name in RESERVED},
            [entry(rows.get(name), question.column) for question, rows in present.items()],
        )
        for name in order
    ]
    return FormatTable(title, [phrases.heading(question) for question in present], rows_of_all)


def entry(row: Row | None, column: str) -> tuple[str, str, str]:
    """Value, interval and multiple of the baseline of one cell, in words."""
    if row is None:
        return wording.NOTHING, "", ""
    if column == FILES:
        return f"{int(row['files']):,}", "", ""
    if column == BYTES:
        return readable_bytes(row[BYTES]), "", times(row["bytes_multiple_of_limit"])
    took = (row[f"{name}_seconds"] for name in ("median", "low", "high"))
    return *wording.bounded_seconds(*took), times(row["multiple_of_limit"])


def times(multiple: float) -> str:
    """A multiple of the baseline; empty where there is none."""
    return wording.ratio(multiple) if math.isfinite(multiple) else ""
