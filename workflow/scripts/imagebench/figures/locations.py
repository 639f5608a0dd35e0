"""The figure that sets locations side by side, and what locations are called in all others."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from .. import wording
from ..evidence.traits import labels_of
from . import MOST_LINES, style
from .captions import caption
from .measures import MEASURES, Tables, of_measure

FIGURES = {
    "locations": {
        "category": "Locations", "scale": "logarithmic", "applies": "several locations",
        "place": 100,
        "caption": "What each format takes with most images in each location, the folders that "
        "the config names. Dots are medians over blocks, bars 95 % intervals. A read that could "
        "not be proven to be cold or warm is not shown.",
    },
}  # fmt: skip
"""See ``registry``."""


def in_words(cells: pd.DataFrame) -> str:
    """Name the location of some cells, and its file system where that is known."""
    first = cells.iloc[0]
    kind = first["filesystem"]
    return f"{first['location']} ({kind})" if isinstance(kind, str) and kind else first["location"]


SHORT, LETTER = 36, 0.07
"""Letters of a name that there is room for, and inches of each more."""


def draw(name: str, tables: Tables) -> Figure:
    """Draw for most images what each format takes in each location, a panel for each measure."""
    cells = tables.cells
    most = cells[cells["operation"].isin(["store_many", "read_many"])]["images"].max()
    cells = cells[cells["images"] == most]
    labels = labels_of(cells)
    places = [of for _, of in cells.groupby("location", sort=False)]
    row = (0.22 * len(places) + 0.18) * (1.0 if len(labels) <= MOST_LINES else 0.6)
    longest = max(map(len, labels.values()))
    width = 10.8 + LETTER * max(longest - SHORT, 0)
    figure = Figure(figsize=(width, 2.0 + 2 * row * len(labels)))
    panels = figure.subplots(2, 2, sharey=True).flat
    for axes, measure in zip(panels, MEASURES, strict=True):
        for position, part in enumerate(places):
            offset = (position - (len(places) - 1) / 2) * 0.8 / len(places)
            look = style.of(position)
            found = of_measure(part, measure).set_index("backend").reindex(list(labels))
            draw_dots(axes, found, offset, look, f"not proven {measure.cache}")
        axes.set_title(measure.title)
        axes.set_xscale("log")
        axes.set_yticks(range(len(labels)), list(labels.values()), fontsize=8)
        axes.set_ylim(len(labels) - 0.5, -0.5)
        axes.xaxis.set_major_formatter(
            FuncFormatter(lambda value, _: wording.readable_seconds(value))
        )
        axes.xaxis.set_minor_formatter(FuncFormatter(lambda value, _: ""))
        axes.set_xlabel("logarithmic")
    # An entry for each location, also where nothing was proven.
    entries = [
        style.entry(in_words(part), **{**style.of(position), "linestyle": "none"})
        for position, part in enumerate(places)
    ]
    style.legend_above(figure, entries)
    caption(figure, cells, f"{most:,} images; bars: 95 % interval")
    return figure


def draw_dots(
    axes: Axes, cells: pd.DataFrame, offset: float, look: Mapping[str, str], nothing: str
) -> None:
    """Draw one location into one panel.

    Args:
        axes: where to draw.
        cells: one row a line of the panel; not-a-number where nothing was measured.
        offset: from the middle of each line.
        look: colour and marker of the location.
        nothing: the words for where nothing was measured.
    """
    for line, (_, cell) in enumerate(cells.iterrows()):
        middle = cell["median_seconds"]
        if np.isnan(middle):
            axes.annotate(
                nothing, (0.01, line + offset), xycoords=("axes fraction", "data"), fontsize=7,
                color=look["color"], va="center",
            )  # fmt: skip
            continue
        bounds = np.array([[cell["low_seconds"]], [cell["high_seconds"]]], dtype=np.float64)
        axes.errorbar(
            [middle], [line + offset], xerr=np.nan_to_num(np.abs(bounds - middle)),
            color=look["color"], marker=look["marker"], markersize=5, capsize=2, linestyle="none",
        )  # fmt: skip
