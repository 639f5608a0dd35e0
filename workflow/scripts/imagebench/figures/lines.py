"""The figures: the tutorial's, drawn from measured medians, and each beside the limit."""

from collections.abc import Callable, Collection, Iterable
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from ..errors import BenchmarkError
from ..evidence.pooling import shown
from ..evidence.tables import CONTROL, REFERENCE
from . import style
from .captions import caption
from .decode import decode_share
from .heat_map import heat_map
from .locations import compare_locations, in_words
from .measures import MEASURES, Measure, of_measure
from .ranked import by_operation, ranked
from .size_speed import size_against_speed
from .sizes import disk_use, single_image_table

NARROW = 5.6
"""Inches of a single panel: narrow enough for the words to be read on a phone."""

HEIGHT = 6.6

TOGETHER = [MEASURES[0], MEASURES[2]]
"""Set side by side as the tutorial does."""


MOST_LINES = 12
"""Of more backends than these, the limit and its control included, no lines are drawn."""

Table = pd.DataFrame
ALWAYS: dict[str, Callable[[Table, Table], Figure]] = {
    "disk_use": lambda cells, _: disk_use(cells),
    "single_images": lambda _, singles: single_image_table(singles),
    "heat_map": lambda cells, _: heat_map(cells),
    "size_against_speed": lambda cells, _: size_against_speed(cells),
}
OF_FEW: dict[str, Callable[[Table, Table], Figure]] = {
    f"{name}_{scale}": partial(lambda few, how, cells, _: times(cells, few, how), few, scale)
    for scale in ("linear", "log")
    for name, few in {
        **{measure.name: [measure] for measure in MEASURES},
        "store_and_read_times": TOGETHER,
    }.items()
}
OF_MANY: dict[str, Callable[[Table, Table], Figure]] = {
    "ranked": lambda cells, _: ranked(cells),
    "by_operation": lambda cells, _: by_operation(cells),
    "decode_share": lambda cells, _: decode_share(cells),
}
OF_LOCATIONS: dict[str, Callable[[Table, Table], Figure]] = {
    "locations": lambda cells, _: compare_locations(cells, MEASURES),
}
EVERY = {**OF_FEW, **ALWAYS, **OF_MANY, **OF_LOCATIONS}
"""What draws each figure, from the cells and from the table of single images."""


def draw_all(
    summary: pd.DataFrame, singles: pd.DataFrame, names: Collection[str] | None = None
) -> dict[str, Figure]:
    """Draw every figure.

    Args:
        summary: one row a cell, as ``summaries.summarize`` makes it.
        singles: one row a backend, as ``summaries.single_images`` makes it.
        names: of the figures that are wanted; if none are given, all that can be read with so many
            backends and locations.

    Returns:
        Figures by the name of their file.

    Raises:
        BenchmarkError: if there is nothing to draw.
    """
    cells = shown(summary)
    if names is None:
        is_few = cells["backend"].nunique() <= MOST_LINES
        several = cells["location"].nunique() > 1
        names = [*(OF_FEW if is_few else OF_MANY), *ALWAYS, *(OF_LOCATIONS if several else [])]
    # The control is the limit once more: it belongs into tables, and hides the limit in a figure.
    cells = cells[cells["backend"] != CONTROL]
    singles = singles[singles["backend"] != CONTROL]
    if cells.empty or singles.empty:
        raise BenchmarkError("summary.csv holds no cells, so that there is nothing to draw")
    style.apply()
    return {name: EVERY[name](cells, singles) for name in names}


def save(figure: Figure, path: Path, file_type: str) -> None:
    """Write a figure as png or svg; the same figure always gives the same bytes."""
    metadata = {"Date": None} if file_type == "svg" else {"Software": None}
    if figure.get_layout_engine() is not None:
        # Laid out once, and not again for each file.
        figure.draw_without_rendering()
        figure.set_layout_engine("none")
    figure.savefig(path, format=file_type, metadata=metadata)


def times(summary: pd.DataFrame, measures: list[Measure], scale: str) -> Figure:
    """Draw seconds against number of images, and below how many times as long as the limit.

    A column for each location and measure, a line for each backend.
    """
    places = {str(name): of for name, of in summary.groupby("location", sort=False)}
    columns = [(place, measure) for place in places for measure in measures]
    figure = Figure(figsize=(NARROW if len(columns) == 1 else 5.4 * len(columns), HEIGHT))
    panels = figure.subplots(
        2, len(columns), squeeze=False, sharex="col", sharey="row", height_ratios=[3, 2]
    )
    parts = [of_measure(places[place], measure) for place, measure in columns]
    for (above, below), (place, measure), part in zip(panels.T, columns, parts, strict=True):
        where = f"\n{in_words(places[place])}" if len(places) > 1 else ""
        above.set_title(measure.title + where)
        if part.empty:
            say_nothing_was_proven(above, measure)
            say_nothing_was_proven(below, measure)
            continue
        draw_lines(above, part, ("median", "fastest_block", "slowest_block"), "_seconds")
        if part["multiple_of_limit"].notna().any():
            draw_lines(below, part, ("multiple_of_limit", "multiple_low", "multiple_high"))
        below.set(yscale="log", xlabel="images")
        if scale == "log":
            above.set(xscale="log", yscale="log")
        else:
            above.set(xlim=(0, None), ylim=(0, None))
        below.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
        below.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.6g}×"))
    panels[0][0].set_ylabel("seconds, logarithmic" if scale == "log" else "seconds")
    panels[1][0].set_ylabel("multiple of the limit")
    # The panel with most lines: in some, nothing may have been proven.
    fullest = max(
        (panel.get_legend_handles_labels() for panel in panels[0]), key=lambda found: len(found[0])
    )
    if fullest[0]:
        figure.legend(*fullest, loc="outside upper center", ncols=2 if len(columns) == 1 else 4)
    words = "bars: fastest to slowest block above, 95 % interval below"
    caption(figure, pd.concat(parts), words)
    return figure


def draw_lines(axes: Axes, part: pd.DataFrame, names: Iterable[str], ending: str = "") -> None:
    """Draw a line for each backend, with bars from a lower to an upper bound where there are any.

    Args:
        axes: where to draw.
        part: cells of one measure.
        names: columns of the middle, the lower and the upper bound.
        ending: of those columns.
    """
    middle, lower, upper = (f"{name}{ending}" for name in names)
    look = style.by_backend(part["backend"].unique(), REFERENCE)
    for label, cells in part.groupby("backend_label", sort=False):
        line = cells.sort_values("images")
        middles, *bounds = line[[middle, lower, upper]].to_numpy(dtype=np.float64).T
        spread = np.nan_to_num(np.abs(np.array(bounds) - middles))
        axes.errorbar(
            line["images"], middles, yerr=spread, label=label, capsize=3, markersize=5,
            **look[cells["backend"].iloc[0]],
        )  # fmt: skip


def say_nothing_was_proven(axes: Axes, measure: Measure) -> None:
    """Say in an empty panel why it is empty."""
    axes.set_axis_off()
    axes.text(
        0.5, 0.5, f"No read could be proven to be\nwith a {measure.cache} page cache.",
        ha="center", va="center", transform=axes.transAxes, color="#555555",
    )  # fmt: skip
