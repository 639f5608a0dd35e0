"""From samples to one row a cell: timings.csv and summary.csv."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from ..failures import BenchmarkError
from .statistics import interval

COLUMNS = [
    "dataset", "location", "backend", "operation", "images", "block", "iteration", "cache",
    "seconds", "bytes_logical", "bytes_allocated", "files", "host",
    "backend_label", "cpu_user_seconds", "cpu_system_seconds", "peak_memory_bytes",
    "finished", "digest", "filesystem", "cpu", "kernel", "python", "libraries", "load",
]  # fmt: skip
"""Of timings.csv, in this order; the first thirteen are what others may rely on."""

CELL = ["dataset", "location", "backend", "operation", "images", "cache"]
"""The columns that say which experiment a sample belongs to; blocks repeat it."""

SINGLE = ("store_single", "read_single")


def rows_of(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Turn one block's record into one row a sample, with the columns of timings.csv."""
    conditions = record["conditions"]
    common = {name: record[name] for name in COLUMNS if name in record}
    common |= {name: conditions[name] for name in COLUMNS if name in conditions}
    libraries = conditions["libraries"].items()
    common["libraries"] = " ".join(f"{name}={version}" for name, version in libraries)
    digests = record.get("digests")
    rows = []
    for sample in record["samples"]:
        row = {**common, **{name: sample[name] for name in COLUMNS if name in sample}}
        if digests:
            row["digest"] = digests[sample["iteration"] % len(digests)]
        rows.append(row)
    return rows


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
    missing = [name for name in COLUMNS[:13] if name not in timings.columns]
    if missing:
        raise BenchmarkError(f"{path} has no column {missing[0]!r}: it must have {COLUMNS[:13]}")
    if timings.empty:
        raise BenchmarkError(f"{path} holds no samples")
    if not (pd.to_numeric(timings["seconds"], errors="coerce") > 0).all():
        raise BenchmarkError(f"{path} has seconds that are no positive number")
    if "backend_label" not in timings.columns:
        timings["backend_label"] = timings["backend"]
    return timings


def summarize(timings: pd.DataFrame) -> pd.DataFrame:
    """Reduce samples to one row a cell.

    A block counts once, as the median of its samples, since samples of one process are not
    independent of each other; statistics are over blocks (Kalibera and Jones, "Rigorous
    benchmarking in reasonable time", 2013).

    Returns:
        One row for each dataset, location, backend, operation, number of images and cache state,
        with the number of blocks, the median over blocks in seconds, its 95 % interval (empty
        below three blocks), the fastest and the slowest block, images a second, and the median
        disk use.
    """
    sizes = ["bytes_logical", "bytes_allocated", "files"]
    blocks = timings.groupby([*CELL, "backend_label", "block"], sort=False)
    by_block = blocks[["seconds", *sizes]].median().reset_index()
    rows = []
    for cell, part in by_block.groupby([*CELL, "backend_label"], sort=False):
        seconds = part["seconds"]
        low, high = interval(seconds.to_numpy())
        rows.append(
            dict(zip([*CELL, "backend_label"], cell, strict=True))
            | {
                "blocks": len(part),
                "median_seconds": seconds.median(),
                "low_seconds": low,
                "high_seconds": high,
                "fastest_block_seconds": seconds.min(),
                "slowest_block_seconds": seconds.max(),
                "images_per_second": part["images"].iloc[0] / seconds.median(),
            }
            | {name: int(part[name].median()) for name in sizes}
        )
    return pd.DataFrame(rows)


def single_images(summary: pd.DataFrame) -> pd.DataFrame:
    """Set times to store and to read one image, and its disk use, side by side: a row a backend."""
    single = summary[summary["operation"].isin(SINGLE)]
    table = single.pivot_table(
        index=["dataset", "location", "backend", "backend_label"],
        columns="operation",
        values=["median_seconds", "fastest_block_seconds", "slowest_block_seconds"],
        sort=False,
    )
    table.columns = ["_".join(reversed(pair)) for pair in table.columns.to_flat_index()]
    sizes = single[single["operation"] == "store_single"].set_index(
        ["dataset", "location", "backend", "backend_label"]
    )[["bytes_logical", "bytes_allocated", "files", "blocks"]]
    return table.join(sizes).reset_index()
