"""From samples to one row a cell: timings.csv and summary.csv."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..failures import BenchmarkError
from .noise import disturbed_blocks
from .statistics import interval

STABLE = [
    "dataset", "location", "backend", "operation", "images", "block", "iteration", "cache",
    "seconds", "bytes_logical", "bytes_allocated", "files", "host",
]  # fmt: skip
"""Columns of timings.csv that others may rely on."""

COLUMNS = [
    *STABLE,
    "backend_label", "seconds_durable", "cpu_user_seconds", "cpu_system_seconds",
    "peak_memory_bytes", "bytes_read", "bytes_written", "resident_share", "started", "finished",
    "digest", "filesystem", "mount_options", "cpu", "cores", "kernel", "python", "libraries",
    "code", "commit", "load", "calibration_before_seconds", "calibration_after_seconds",
    "steal_share", "other_cpu_share", "cpu_pressure_share", "io_pressure_share",
    "memory_pressure_share",
]  # fmt: skip
"""Of timings.csv, in this order."""

REFERENCE = "raw"
"""The backend that is the limit: everything is given as a multiple of it."""

CONTROL = "control"
"""The reference under another name: it must not come out as different."""

MACHINE = ["host", "cpu", "cores", "kernel", "python"]
"""Samples that differ in one of these are never pooled, nor compared with each other."""

VERSION = ["libraries", "code"]
"""Samples of one backend and operation that differ in one of these are never pooled."""

CELL = [
    "dataset", "location", "machine", "superseded", "backend", "operation", "images", "cache",
    "until",
]  # fmt: skip
"""The columns that say which experiment a measured time belongs to; blocks repeat it."""

SINGLE = ("store_single", "read_single")
SIZES = ["bytes_logical", "bytes_allocated", "files"]


def rows_of(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Turn one block's record into one row a sample, with the columns of timings.csv."""
    libraries = record["conditions"]["libraries"].items()
    parts = [record, record["conditions"], record["surroundings"]]
    common = {name: part[name] for part in parts for name in COLUMNS if name in part}
    common["libraries"] = " ".join(f"{name}={version}" for name, version in libraries)
    return [
        {**common, **{name: sample[name] for name in COLUMNS if name in sample}}
        for sample in record["samples"]
    ]


def write_table(rows: Sequence[Mapping[str, Any]] | pd.DataFrame, path: Path) -> None:
    """Write a table as CSV in UTF-8 with one header row; floats have nanoseconds and more."""
    frame = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(rows, columns=COLUMNS)
    frame.to_csv(path, index=False, encoding="utf-8", lineterminator="\n", float_format="%.12g")


def read_timings(path: Path) -> pd.DataFrame:
    """Read a timings.csv, from here or from elsewhere.

    Raises:
        BenchmarkError: naming a column that is missing, or a time that cannot be.
    """
    timings = pd.read_csv(path, encoding="utf-8", keep_default_na=False, na_values=[""])
    missing = [name for name in STABLE if name not in timings.columns]
    if missing:
        raise BenchmarkError(f"{path} has no column {missing[0]!r}: it must have {STABLE}")
    if timings.empty:
        raise BenchmarkError(f"{path} holds no samples")
    if not (pd.to_numeric(timings["seconds"], errors="coerce") > 0).all():
        raise BenchmarkError(f"{path} has seconds that are no positive number")
    if "backend_label" not in timings.columns:
        timings["backend_label"] = timings["backend"]
    return timings


def measures(timings: pd.DataFrame) -> pd.DataFrame:
    """Give one row a measured time, with what may be pooled with what.

    A store is measured twice: until it is ``closed``, and until it is ``durable``; a read until it
    has ``returned``. No two of these are ever compared with each other.

    Returns:
        The rows of ``timings``, stores once for each measure, with the columns

        - ``until``: closed, durable or returned;
        - ``machine``: 1 for the machine that most blocks are of, 2, 3, ... for others;
        - ``superseded``: 0 for the newest libraries and code that a backend's operation was
          measured with on a machine, 1, 2, ... for older ones.
    """
    known = timings.reindex(columns=[*dict.fromkeys([*timings.columns, *MACHINE, *VERSION])])
    known["finished"] = known.get("finished", pd.Series("", index=known.index)).fillna("")
    key = [known[name].map(str) for name in MACHINE]
    known["machine"] = ranks(known, key, ["backend", "operation", "images", "block"])
    known["superseded"] = 0
    for _, part in known.groupby(["machine", "location", "backend", "operation"], sort=False):
        key = [part[name].map(str) for name in VERSION]
        known.loc[part.index, "superseded"] = ranks(part, key, []) - 1
    is_store = known["cache"] == "not_applicable"
    closed = known.assign(until=is_store.map({True: "closed", False: "returned"}))
    if "seconds_durable" not in known.columns:
        return closed
    durable = known[is_store & known["seconds_durable"].notna()]
    durable = durable.assign(until="durable", seconds=durable["seconds_durable"])
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
    rows = rows[rows["until"] != "durable"]
    records = f"results/{timings['dataset'].iloc[0]}/records"
    for _, part in rows[rows["machine"] > 1].groupby("machine"):
        first = part.iloc[0]
        sentences.append(
            f"{len(part)} samples are of another machine: {first['host']}, {first['cpu']}, "
            f"{first['kernel']}, Python {first['python']}; to have all of one, run where no "
            f"results have been copied to, or delete {records}"
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
        difference = (
            f"were made with {was['libraries']}, later ones with {now['libraries']}"
            if was["libraries"] != now["libraries"]
            else "were made by older code"
        )
        sentences.append(
            f"{len(part)} samples of {was['backend_label']}, {operation}, blocks {blocks}, "
            f"{difference}; to measure them anew, delete "
            f"{records}/{location}/{backend}/{operation} and run again"
        )
    return sentences


def block_times(rows: pd.DataFrame) -> pd.DataFrame:
    """Reduce measured times to one row a block: the median of its samples.

    Samples of one process are not independent of each other, so that a block counts once (Kalibera
    and Jones, "Rigorous benchmarking in reasonable time", 2013).
    """
    blocks = rows.groupby([*CELL, "backend_label", "host", "block"], sort=False, dropna=False)
    return blocks[["seconds", *SIZES]].median().reset_index()


def summarize(timings: pd.DataFrame) -> pd.DataFrame:
    """Reduce samples to one row a cell.

    Returns:
        One row for each data set, location, machine, version, backend, operation, number of images,
        cache state and measure, with the number of blocks, the median over blocks in seconds, its
        95 % interval (empty below three blocks), the fastest and the slowest block, images a
        second, how many times as long as the limit it takes (with an interval, from ratios of
        blocks of the same number; empty where there is no limit), the median disk use and that as a
        multiple of the limit's, and the number of blocks that were disturbed.
    """
    by_block = block_times(measures(timings))
    disturbed = disturbed_blocks(timings)[["backend", "operation", "images", "block"]]
    noisy = set(disturbed.itertuples(index=False, name=None))
    rows = []
    for cell, part in by_block.groupby([*CELL, "backend_label", "host"], sort=False, dropna=False):
        facts: dict[str, Any] = dict(zip([*CELL, "backend_label", "host"], cell, strict=True))
        seconds = part.set_index("block")["seconds"]
        low, high = interval(seconds.to_numpy())
        limit = limit_of(by_block, facts)
        ratios = (seconds / limit["seconds"]).dropna()
        names = zip([facts["backend"]] * len(part), [facts["operation"]] * len(part),
                    [facts["images"]] * len(part), part["block"], strict=True)  # fmt: skip
        multiple_low, multiple_high = interval(ratios.to_numpy())
        rows.append(
            facts
            | {
                "blocks": len(part),
                "median_seconds": seconds.median(),
                "low_seconds": low,
                "high_seconds": high,
                "fastest_block_seconds": seconds.min(),
                "slowest_block_seconds": seconds.max(),
                "images_per_second": facts["images"] / seconds.median(),
                "multiple_of_limit": geometric_mean(ratios),
                "multiple_low": multiple_low,
                "multiple_high": multiple_high,
            }
            | {name: int(part[name].median()) for name in SIZES}
            | {
                "bytes_multiple_of_limit": part["bytes_allocated"].median()
                / limit["bytes_allocated"].median(),
                "disturbed_blocks": sum(name in noisy for name in names),
            }
        )
    return pd.DataFrame(rows)


def limit_of(by_block: pd.DataFrame, facts: Mapping[str, Any]) -> pd.DataFrame:
    """Find the blocks of the limit in a cell's own experiment, by number; empty if there are none.

    The newest version is taken, whatever the version of the cell is.
    """
    same = [name for name in CELL if name not in ("backend", "superseded")]
    found = (by_block["backend"] == REFERENCE) & (by_block["superseded"] == 0)
    for name in same:
        found &= by_block[name] == facts[name]
    return by_block[found].set_index("block")


def geometric_mean(ratios: pd.Series) -> float:
    """Average ratios as what they are; not-a-number where there are none."""
    return float(np.exp(np.log(ratios).mean())) if len(ratios) else math.nan


def shown(table: pd.DataFrame) -> pd.DataFrame:
    """Leave what figures and verdicts are made of: one machine, newest libraries and code."""
    return table[(table["machine"] == 1) & (table["superseded"] == 0)]


def single_images(summary: pd.DataFrame) -> pd.DataFrame:
    """Set times to store and to read one image, and its disk use, side by side: a row a backend.

    Stores until they are closed, reads with a warm page cache.
    """
    index = ["dataset", "location", "backend", "backend_label"]
    single = shown(summary)
    single = single[
        single["operation"].isin(SINGLE)
        & single["until"].isin(["closed", "returned"])
        & single["cache"].isin(["not_applicable", "warm"])
    ]
    table = single.pivot_table(
        index=index,
        columns="operation",
        values=[
            "median_seconds", "fastest_block_seconds", "slowest_block_seconds",
            "multiple_of_limit",
        ],
        dropna=False,
        sort=False,
    ).dropna(how="all")  # fmt: skip
    table.columns = ["_".join(reversed(pair)) for pair in table.columns.to_flat_index()]
    stored = single[single["operation"] == "store_single"].set_index(index)
    return table.join(stored[[*SIZES, "bytes_multiple_of_limit", "blocks"]]).reset_index()
