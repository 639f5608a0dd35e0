"""From samples to one row a cell: summary.csv and single_images.csv."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from .noise import disturbed_blocks
from .pooling import CELL, measures, shown
from .statistics import interval
from .tables import REFERENCE

SINGLE = ("store_single", "read_single")
SIZES = ["bytes_logical", "bytes_allocated", "files"]


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
        cache state and measure, with the hosts, the number of blocks, the median over blocks in
        seconds, its 95 % interval (empty below three blocks), the fastest and the slowest block,
        images a second, how many times as long as the limit it takes (with an interval, from ratios
        of blocks of the same number and host; empty where there is no limit), the median disk use
        and that as a multiple of the limit's, and the number of blocks that were disturbed.
    """
    by_block = block_times(measures(timings))
    names = ["location", "backend", "operation", "images", "block", "host"]
    noisy = set(disturbed_blocks(timings)[names].itertuples(index=False, name=None))
    kinds = filesystems(timings)
    rows = []
    for cell, part in by_block.groupby([*CELL, "backend_label"], sort=False, dropna=False):
        facts: dict[str, Any] = dict(zip([*CELL, "backend_label"], cell, strict=True))
        facts["filesystem"] = kinds.get(facts["location"], "")
        facts["host"] = ", ".join(sorted(part["host"].astype(str).unique()))
        seconds = part.set_index(["block", "host"])["seconds"]
        low, high = interval(seconds.to_numpy())
        limit = limit_of(by_block, facts)
        ratios = (seconds / limit["seconds"]).dropna()
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
                "disturbed_blocks": sum(
                    name in noisy for name in part[names].itertuples(index=False, name=None)
                ),
            }
        )
    return pd.DataFrame(rows)


def limit_of(by_block: pd.DataFrame, facts: Mapping[str, Any]) -> pd.DataFrame:
    """Find the blocks of the limit in a cell's own experiment, by number and host; maybe none.

    The newest version is taken, whatever the version of the cell is.
    """
    same = [name for name in CELL if name not in ("backend", "superseded")]
    found = (by_block["backend"] == REFERENCE) & (by_block["superseded"] == 0)
    for name in same:
        found &= by_block[name] == facts[name]
    return by_block[found].set_index(["block", "host"])


def filesystems(timings: pd.DataFrame) -> dict[str, str]:
    """Name the types of the file systems that each location was on; none where it is not known."""
    if "filesystem" not in timings.columns:
        return {}
    kinds = timings.dropna(subset=["filesystem"]).groupby("location")["filesystem"]
    return {str(name): ", ".join(sorted(part.unique())) for name, part in kinds}


def geometric_mean(ratios: pd.Series) -> float:
    """Average ratios as what they are; not-a-number where there are none."""
    return float(np.exp(np.log(ratios).mean())) if len(ratios) else math.nan


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
