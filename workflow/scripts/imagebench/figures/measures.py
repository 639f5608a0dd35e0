"""What is drawn: of every number of images, and of reads as in training."""

from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from ..states import Cache, Until
from ..vocabulary import OPERATIONS, of_operation


class Tables(NamedTuple):
    """What a figure is drawn of.

    Attributes:
        cells: summary.csv, without the control and what is superseded.
        singles: single_images.csv, without the control.
        forecast: forecast.csv; empty where nothing is foretold.
    """

    cells: pd.DataFrame
    singles: pd.DataFrame
    forecast: pd.DataFrame


@dataclass(frozen=True)
class Measure:
    """One thing that was measured.

    Attributes:
        operation: what was timed.
        cache: state of the page cache before a read.
        until: when the clock stopped.
        title: of a panel.
        name: of the figure that shows it alone, if there is one.
    """

    operation: str
    cache: Cache
    until: Until
    title: str
    name: str = ""

    @property
    def head(self) -> str:
        """What a narrow column is called, in lines."""
        state = "safe" if self.until == Until.DURABLE else str(self.until)
        if self.cache != Cache.NOT_APPLICABLE:
            state = str(self.cache)
        elif of_operation(self.operation).for_each_cutoff:
            state = f"until\n{state}"
        return f"{of_operation(self.operation).column},\n{state}"


NONE = Cache.NOT_APPLICABLE
CLOSED = Measure("store_many", NONE, Until.CLOSED, "Time to store, until closed", "store_times")
DURABLE = Measure(
    "store_many", NONE, Until.DURABLE, "Time to store, until safe on the device",
    "durable_store_times",
)  # fmt: skip
WARM = Measure(
    "read_many", Cache.WARM, Until.RETURNED, "Time to read, page cache warm", "read_times"
)
COLD = Measure(
    "read_many", Cache.COLD, Until.RETURNED, "Time to read, page cache cold", "cold_read_times"
)

MEASURES = [CLOSED, DURABLE, WARM, COLD]
"""Measured for every number of images."""

STATES = [(Cache.WARM, Until.RETURNED), (Cache.COLD, Until.RETURNED)]
SINGLES = [
    *(
        Measure("store_single", NONE, until, of_operation("store_single").title)
        for until in (Until.CLOSED, Until.DURABLE)
    ),
    *(Measure("read_single", *state, of_operation("read_single").title) for state in STATES),
]

ACCESS = [
    Measure(name, *state, words.title)
    for name, words in OPERATIONS.items()
    if name not in ("store_many", "read_many", "store_single", "read_single")
    for state in STATES
]
"""Reads as in training; these exist for one store each, whatever its number of images."""


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
