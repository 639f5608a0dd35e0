"""What may be pooled with what: nothing of another machine, and nothing of another version."""

import pandas as pd

from ..states import Cache, Until

MACHINE = ["where", "cpu", "cores", "kernel", "python"]
"""Samples that differ in one of these are never pooled, nor compared with each other.

Where is the host, or the cluster that it is a node of: nodes that are alike in all else count as
one machine, though blocks are only ever compared within one host.
"""

VERSION = ["libraries", "code", "settings", "seed"]
"""Samples of one backend and operation that differ in one of these are never pooled."""

CELL = [
    "dataset", "location", "machine", "superseded", "backend", "operation", "images", "cache",
    "until",
]  # fmt: skip
"""The columns that say which experiment a measured time belongs to; blocks repeat it."""


def measures(timings: pd.DataFrame) -> pd.DataFrame:
    """Give one row a measured time, with what may be pooled with what.

    A store is measured twice: until it is ``closed``, and until it is ``durable``; a read until it
    has ``returned``. No two of these are ever compared with each other. Of a store that was made in
    several pieces there is only the second: the kernel goes on writing while the clock stands.

    Returns:
        The rows of ``timings``, stores once for each measure, with the columns

        - ``until``: closed, durable or returned;
        - ``machine``: 1 for the machine that most blocks are of, 2, 3, ... for others;
        - ``superseded``: 0 for the newest libraries, code and settings that a backend's operation
          was measured with on a machine, 1, 2, ... for older ones.
    """
    known = timings.assign(
        where=timings["cluster"].where(timings["cluster"] != "", timings["host"])
    )
    key = [known[name].map(str) for name in MACHINE]
    known["machine"] = ranks(known, key, ["backend", "operation", "images", "block"])
    known["superseded"] = 0
    for _, part in known.groupby(["machine", "location", "backend", "operation"], sort=False):
        key = [part[name].map(str) for name in VERSION]
        known.loc[part.index, "superseded"] = ranks(part, key, []) - 1
    is_store = known["cache"] == Cache.NOT_APPLICABLE
    closed = known.assign(until=is_store.map({True: Until.CLOSED, False: Until.RETURNED}))
    closed = closed[~(is_store & (known["pieces"] > 1))]
    durable = known[is_store & known["seconds_durable"].notna()]
    durable = durable.assign(until=Until.DURABLE, seconds=durable["seconds_durable"])
    return pd.concat([closed, durable], ignore_index=True)


def ranks(rows: pd.DataFrame, key: list[pd.Series], counted: list[str]) -> pd.Series:
    """Number the groups of rows from 1: by how much each holds, and by which is newer.

    Args:
        rows: with the column ``finished``.
        key: what makes a group, one value a row each.
        counted: columns whose different values count; with none, only age does.
    """
    name = pd.Series(["|".join(values) for values in zip(*key, strict=True)], index=rows.index)
    order = [
        (len(part[counted].drop_duplicates()) if counted else 0, part["finished"].max(), value)
        for value, part in rows.groupby(name, sort=False)
    ]
    number = {value: place for place, (*_, value) in enumerate(sorted(order, reverse=True), 1)}
    return name.map(number).astype(int)


def kept_apart(timings: pd.DataFrame) -> list[str]:
    """Say in a sentence each which samples are in the table, but in no figure and no verdict."""
    sentences = []
    rows = measures(timings)
    rows = rows[rows["until"] != Until.DURABLE]
    for _, part in rows[rows["machine"] > 1].groupby("machine"):
        first = part.iloc[0]
        sentences.append(
            f"{len(part)} samples are of another machine: {first['host']}, {first['cpu']}, "
            f"{first['kernel']}, Python {first['python']}; to have all of one, run where no "
            f"results have been copied to, or delete records/ beside this page"
        )
    older = rows[(rows["machine"] == 1) & (rows["superseded"] > 0)]
    for (location, backend, operation), part in older.groupby(
        ["location", "backend", "operation"], sort=False
    ):
        now = rows[
            (rows["machine"] == 1) & (rows["superseded"] == 0) & (rows["location"] == location)
            & (rows["backend"] == backend) & (rows["operation"] == operation)
        ].iloc[-1]  # fmt: skip
        was = part.iloc[0]
        blocks = ", ".join(map(str, sorted(part["block"].unique())))
        name = next(name for name in VERSION if str(was[name]) != str(now[name]))
        difference = (
            "were made by older code"
            if name == "code"
            else f"were made with {of(name, was)}, later ones with {of(name, now)}"
        )
        sentences.append(
            f"{len(part)} samples of {was['backend_label']}, {operation}, blocks {blocks}, "
            f"{difference}; to measure them anew, delete "
            f"records/{location}/{backend}/{operation} beside this page and run again"
        )
    return sentences


def of(name: str, row: pd.Series) -> str:
    """Word what a sample was made with: libraries and settings name themselves."""
    value = row[name]
    return f"{name} {value}" if name == "seed" else str(value)


def shown(table: pd.DataFrame) -> pd.DataFrame:
    """Leave what figures and verdicts are made of: one machine, newest libraries and code."""
    return table[(table["machine"] == 1) & (table["superseded"] == 0)]
