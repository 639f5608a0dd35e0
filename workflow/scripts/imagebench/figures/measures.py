"""What is drawn: of every number of images, and of reads as in training."""

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Measure:
    """One thing that was measured.

    Attributes:
        name: of the figure that shows it alone, if there is one.
        operation: what was timed.
        cache: state of the page cache before a read.
        until: when the clock stopped.
        title: of a panel.
        head: of a narrow column, in lines.
    """

    name: str
    operation: str
    cache: str
    until: str
    title: str
    head: str = ""


CLOSED = Measure(
    "store_times", "store_many", "not_applicable", "closed", "Time to store, until closed",
    "store,\nuntil\nclosed",
)  # fmt: skip
DURABLE = Measure(
    "durable_store_times", "store_many", "not_applicable", "durable",
    "Time to store, until safe on the device", "store,\nuntil\nsafe",
)  # fmt: skip
WARM = Measure(
    "read_times", "read_many", "warm", "returned", "Time to read, page cache warm",
    "read in\norder,\nwarm",
)  # fmt: skip
COLD = Measure(
    "cold_read_times", "read_many", "cold", "returned", "Time to read, page cache cold",
    "read in\norder,\ncold",
)  # fmt: skip

MEASURES = [CLOSED, DURABLE, WARM, COLD]
"""Measured for every number of images."""

SINGLES = [
    Measure("", "store_single", "not_applicable", "closed", "Store one", "store\none,\nclosed"),
    Measure("", "store_single", "not_applicable", "durable", "Store one", "store\none,\nsafe"),
    Measure("", "read_single", "warm", "returned", "Read one", "read\none,\nwarm"),
    Measure("", "read_single", "cold", "returned", "Read one", "read\none,\ncold"),
]

ACCESS_TITLES = {
    "read_random": ("Single images at random", "random\nsingle,\n{}"),
    "read_batches": ("Shuffled batches", "shuffled\nbatches,\n{}"),
    "read_subset": ("A shuffled tenth", "shuffled\ntenth,\n{}"),
    "read_first": ("First image, opening included", "first\nimage,\n{}"),
    "read_workers_forked": ("Workers, forked", "workers\nforked,\n{}"),
    "read_workers_spawned": ("Workers, spawned", "workers\nspawned,\n{}"),
}
"""Of reads as in training; these exist for one store each, whatever its number of images."""

ACCESS = [
    Measure("", operation, cache, "returned", title, head.format(cache))
    for operation, (title, head) in ACCESS_TITLES.items()
    for cache in ("warm", "cold")
]


def of_measure(summary: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    """Pick the cells of one measure."""
    return summary[
        (summary["operation"] == measure.operation)
        & (summary["cache"] == measure.cache)
        & (summary["until"] == measure.until)
    ]


def with_most_images(summary: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    """Pick the cells of one measure with the largest number of images that was measured."""
    cells = of_measure(summary, measure)
    found: pd.DataFrame = cells[cells["images"] == cells["images"].max()]
    return found
