"""What is drawn for every number of images."""

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Measure:
    """One thing that was measured for every number of images."""

    name: str
    operation: str
    cache: str
    until: str
    title: str


MEASURES = [
    Measure("store_times", "store_many", "not_applicable", "closed", "Time to store, until closed"),
    Measure(
        "durable_store_times", "store_many", "not_applicable", "durable",
        "Time to store, until safe on the device",
    ),
    Measure("read_times", "read_many", "warm", "returned", "Time to read, page cache warm"),
    Measure("cold_read_times", "read_many", "cold", "returned", "Time to read, page cache cold"),
]  # fmt: skip


def of_measure(summary: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    """Pick the cells of one measure."""
    return summary[
        (summary["operation"] == measure.operation)
        & (summary["cache"] == measure.cache)
        & (summary["until"] == measure.until)
    ]
