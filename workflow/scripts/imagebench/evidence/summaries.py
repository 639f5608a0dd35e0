"""From samples to one row a cell: summary.csv and single_images.csv."""

import numpy as np
import pandas as pd

from ..states import BASELINE, Cache, Until
from .noise import disturbed_blocks
from .pooling import CELL, measures, shown
from .statistics import mean_interval, moments

SINGLE = ("store_single", "read_single")
SIZES = ["bytes_logical", "bytes_allocated", "files"]
FACTS = ["threads", "lossless", "psnr_db", "stored_images", "pixels"]
"""What holds for all samples of a cell."""


def block_times(rows: pd.DataFrame) -> pd.DataFrame:
    """Reduce measured times to one row a block: the median of its samples.

    Samples of one process are not independent of each other, so that a block counts once (Kalibera
    and Jones, "Rigorous benchmarking in reasonable time", 2013).
    """
    blocks = rows.groupby([*CELL, "backend_label", "host", "block"], sort=False, dropna=False)
    return blocks[["seconds", *SIZES, "codec_seconds"]].median().reset_index()


def summarize(timings: pd.DataFrame) -> pd.DataFrame:
    """Reduce samples to one row a cell.

    Returns:
        One row for each data set, location, machine, version, backend, operation, number of images,
        cache state and measure, with the hosts, the number of blocks, the median over blocks in
        seconds, its 95 % interval (empty below three blocks), the fastest and the slowest block,
        images a second, how many times as long as the baseline it takes (with an interval, from
        ratios of blocks of the same number and host; empty where there is no baseline), the median
        disk use and that as a multiple of the baseline's, the number of blocks that were disturbed,
        FACTS, and the median over blocks of the time that the codec took by itself.
    """
    rows = measures(timings)
    by_block = with_baseline(block_times(rows))
    by_block["disturbed"] = is_among(by_block, disturbed_blocks(timings))
    by_block["ratio"] = by_block["seconds"] / by_block["baseline_seconds"]
    cells = by_block.groupby([*CELL, "backend_label"], sort=False, dropna=False)
    summary = cells.size().reset_index(name="blocks")
    kinds = timings.groupby("location")["filesystem"].unique()
    middle = cells[["seconds", *SIZES, "codec_seconds"]].median().reset_index(drop=True)
    seconds, ratio = (spread(by_block[name], cells.ngroup()) for name in ("seconds", "ratio"))
    hosts = cells["host"].agg(lambda names: ", ".join(sorted(names.astype(str).unique())))
    baseline_bytes = cells["baseline_bytes"].first().to_numpy()
    return summary.drop(columns="blocks").assign(
        filesystem=summary["location"].map(lambda name: ", ".join(sorted(kinds[name]))),
        host=hosts.to_numpy(),
        blocks=summary["blocks"],
        median_seconds=middle["seconds"],
        low_seconds=seconds["low"],
        high_seconds=seconds["high"],
        fastest_block_seconds=cells["seconds"].min().to_numpy(),
        slowest_block_seconds=cells["seconds"].max().to_numpy(),
        images_per_second=summary["images"] / middle["seconds"],
        multiple_of_limit=ratio["mean"],
        multiple_low=ratio["low"],
        multiple_high=ratio["high"],
        **{name: middle[name].astype(int) for name in SIZES},
        bytes_multiple_of_limit=middle["bytes_allocated"] / baseline_bytes,
        disturbed_blocks=cells["disturbed"].sum().to_numpy(),
        **facts_of(rows, summary),
        codec_seconds=middle["codec_seconds"],
    )


def with_baseline(by_block: pd.DataFrame) -> pd.DataFrame:
    """Add to each block what the baseline took in the same experiment.

    Returns:
        The blocks, with ``baseline_seconds`` of the block of the same number and host, and
        ``baseline_bytes``, the median over its blocks; not-a-number where there is none. The newest
        version of the baseline is taken, whatever the version of the block is.
    """
    same = [name for name in CELL if name not in ("backend", "superseded")]
    baseline = by_block[(by_block["backend"] == BASELINE) & (by_block["superseded"] == 0)]
    seconds = baseline.drop_duplicates([*same, "block", "host"], keep="last")
    seconds = seconds[[*same, "block", "host", "seconds"]]
    sizes = baseline.groupby(same, sort=False, dropna=False)["bytes_allocated"]
    size = sizes.median().reset_index()
    return by_block.merge(
        seconds.rename(columns={"seconds": "baseline_seconds"}), "left", [*same, "block", "host"]
    ).merge(size.rename(columns={"bytes_allocated": "baseline_bytes"}), "left", same)


def is_among(by_block: pd.DataFrame, disturbed: pd.DataFrame) -> list[bool]:
    """Say of each block whether it is one of those that were disturbed."""
    names = ["location", "backend", "operation", "images", "block", "host"]
    noisy = set(disturbed[names].itertuples(index=False, name=None))
    return [block in noisy for block in by_block[names].itertuples(index=False, name=None)]


def spread(values: pd.Series, number: pd.Series) -> pd.DataFrame:
    """Average positive values as the ratios or times that they are, with an interval.

    Args:
        values: one a block; not-a-number takes no part.
        number: of the cell that each belongs to, from 0.

    Returns:
        A row a cell with the columns ``mean`` (geometric), ``low`` and ``high``, the ends of the
        95 % interval; not-a-number where there are too few.
    """
    place = number.groupby(number).cumcount()
    padded = np.full((number.max() + 1, place.max() + 1), np.nan)
    padded[number, place] = np.log(values)
    low, high = mean_interval(padded)
    ends = {"mean": moments(padded)[1], "low": low, "high": high}
    return pd.DataFrame({name: np.exp(logarithms) for name, logarithms in ends.items()})


def facts_of(rows: pd.DataFrame, cells: pd.DataFrame) -> dict[str, pd.Series]:
    """Look up in the samples of each cell the FACTS, which they share."""
    found = rows.groupby([*CELL, "backend_label"], sort=False, dropna=False)[FACTS].first()
    return {name: found[name].reset_index(drop=True) for name in FACTS}


def single_images(summary: pd.DataFrame) -> pd.DataFrame:
    """Set times to store and to read one image, and its disk use, side by side: a row a backend.

    Stores until they are closed, reads with a warm page cache.
    """
    index = ["dataset", "location", "backend", "backend_label"]
    single = shown(summary)
    single = single[
        single["operation"].isin(SINGLE)
        & (single["until"] != Until.DURABLE)
        & single["cache"].isin([Cache.NOT_APPLICABLE, Cache.WARM])
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
