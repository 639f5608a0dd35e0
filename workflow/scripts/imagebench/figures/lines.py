"""Times against numbers of images, as the tutorial draws them, each beside the baseline."""

from collections.abc import Iterable
from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullFormatter

from ..evidence.traits import labels_of
from . import style
from .captions import caption, megapixels
from .locations import in_words
from .many import say_instead
from .measures import MEASURES, Measure, Tables, of_measure

FIGURES = {
    "store_times_log": {
        "category": "Time to store", "scale": "logarithmic", "applies": "few", "place": 10,
        "caption": "Time to store all images until the last file is closed; LMDB has forced its "
        "data to the device by then, PNG files and HDF5 have not, so compare them in the figure "
        "after this one too. Parallel lines differ by a constant factor, and the left end shows "
        "what each format costs to set up. Below, how many times as long as plain bytes in one "
        "file.",
    },
    "store_times_linear": {
        "category": "Time to store", "scale": "linear", "applies": "few",
        "caption": "Time to store all images at once until the last file is closed, on linear "
        "axes: what the largest data sets cost. Each point is the median over the blocks, and its "
        "bar reaches from the fastest block to the slowest.",
    },
    "durable_store_times_log": {
        "category": "Time to store", "scale": "logarithmic", "applies": "few", "place": 20,
        "caption": "Time to store all images until every file and folder is safe on the device, "
        "that is, until each has been synchronised: the measure by which stores can be compared "
        "fairly. Below, how many times as long as plain bytes in one file.",
    },
    "durable_store_times_linear": {
        "category": "Time to store", "scale": "linear", "applies": "few",
        "caption": "Time to store all images until every file and folder is safe on the device, "
        "on linear axes: what storing costs where a power cut must lose nothing.",
    },
    "read_times_log": {
        "category": "Time to read", "scale": "logarithmic", "applies": "few", "place": 30,
        "caption": "Time to read all images back into one array, in order, when the whole store "
        "is in the page cache, which is proven for each read. Every read was verified, outside "
        "the clock, against the digest of what was stored. Below, how many times as long as plain "
        "bytes in one file.",
    },
    "read_times_linear": {
        "category": "Time to read", "scale": "linear", "applies": "few",
        "caption": "Time to read all images back into one array, in order and with a warm page "
        "cache, on linear axes.",
    },
    "cold_read_times_log": {
        "category": "Time to read", "scale": "logarithmic", "applies": "few", "place": 40,
        "caption": "Time to read all images when no page of the store is in the page cache, which "
        "is proven before each read. Names and places of files are still known to the system: "
        "that much cannot be forgotten without being root. Below, how many times as long as plain "
        "bytes in one file.",
    },
    "cold_read_times_linear": {
        "category": "Time to read", "scale": "linear", "applies": "few",
        "caption": "Time to read all images when no page of the store is in the page cache, on "
        "linear axes: what the first reading of the day costs.",
    },
    "store_and_read_times_log": {
        "category": "Store and read together", "scale": "logarithmic", "applies": "few",
        "caption": "Storing and reading side by side on the same logarithmic axes.",
    },
    "store_and_read_times_linear": {
        "category": "Store and read together", "scale": "linear", "applies": "few",
        "caption": "Storing, until the files are closed, and reading, with a warm page cache, "
        "side by side on the same linear axes: a format that is slow to store can still be worth "
        "it when it is read many times.",
    },
}  # fmt: skip
"""See ``registry``."""


def draw(name: str, tables: Tables) -> Figure:
    """Draw one of the figures of this file: its name is that of its measures and of its scale."""
    measures, _, scale = name.rpartition("_")
    alone = [measure for measure in MEASURES if measure.name == measures]
    return times(tables, alone or TOGETHER, scale)


NARROW = 5.6
"""Inches of a single panel: narrow enough for the words to be read on a phone."""

HEIGHT = 6.6

NEAREST = 0.15
"""Share of a logarithmic axis that a number on it takes."""

TOGETHER = [MEASURES[0], MEASURES[2]]
"""Set side by side as the tutorial does."""


def times(tables: Tables, measures: list[Measure], scale: str) -> Figure:
    """Draw seconds against number of images, and below how many times as long as the baseline.

    A column for each location and measure, a line for each backend, dashed where it is foretold.
    """
    summary = tables.cells
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
            for axes in (above, below):
                say_instead(axes, places[place], measure)
            continue
        draw_lines(above, part, ("median", "fastest_block", "slowest_block"), "_seconds")
        if part["multiple_of_limit"].notna().any():
            draw_lines(below, part, ("multiple_of_limit", "multiple_low", "multiple_high"))
        size = megapixels(summary)
        below.set(yscale="log", xlabel="images, and megapixels of all" if size else "images")
        if scale == "log":
            above.set(xscale="log", yscale="log")
            forecast = of_measure(tables.forecast, measure)
            draw_forecasts(above, part, forecast)
            below.set_xticks(far_apart([*part["images"], *forecast["images"]]))
        else:
            above.set(xlim=(0, None), ylim=(0, None))
        for axis in (below.xaxis, below.yaxis, above.yaxis):
            if axis.get_scale() == "log":
                axis.set_minor_locator(style.TicksInView(subs=None))
        below.xaxis.set_major_formatter(FuncFormatter(partial(as_number, size=size)))
        below.xaxis.set_minor_formatter(NullFormatter())
        below.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.6g}×"))
    panels[0][0].set_ylabel("seconds, logarithmic" if scale == "log" else "seconds")
    panels[1][0].set_ylabel("multiple of the baseline")
    # The panel with most lines: in some, nothing may have been proven.
    fullest = max((panel.get_legend_handles_labels()[0] for panel in panels[0]), key=len)
    style.legend_above(figure, fullest, 2 if len(columns) == 1 else 4)
    words = "bars: fastest to slowest block above, 95 % interval below"
    if len(tables.forecast) and scale == "log":
        words += "\nbehind the last mark: foretold, with its 95 % interval"
    caption(figure, pd.concat(parts), words)
    return figure


def far_apart(counts: Iterable[int]) -> list[int]:
    """Leave numbers of images that do not crowd a logarithmic axis, the largest among them."""
    ordered = sorted(set(counts), reverse=True)
    least = (ordered[0] / ordered[-1]) ** NEAREST
    kept = ordered[:1]
    for count in ordered[1:]:
        if kept[-1] > least * count:
            kept.append(count)
    return kept[::-1]


def as_number(images: float, _: object, size: float | None) -> str:
    """Write a number of images, and below it their megapixels where these are given for one."""
    return f"{images:,.0f}" + (f"\n{readable(images * size)}" if size else "")


def readable(value: float) -> str:
    """Write a number with two digits, or all that it has before the point."""
    return f"{value:,.0f}" if value >= 10 else f"{value:.2g}"


def draw_lines(axes: Axes, part: pd.DataFrame, names: Iterable[str], ending: str = "") -> None:
    """Draw a line for each backend, with bars from a lower to an upper bound where there are any.

    Args:
        axes: where to draw.
        part: cells of one measure.
        names: columns of the middle, the lower and the upper bound.
        ending: of those columns.
    """
    middle, lower, upper = (f"{name}{ending}" for name in names)
    look = style.by_backend(part["backend"].unique())
    labels = labels_of(part)
    for name, cells in part.groupby("backend", sort=False):
        line = cells.sort_values("images")
        middles, *bounds = line[[middle, lower, upper]].to_numpy(dtype=np.float64).T
        spread = np.nan_to_num(np.abs(np.array(bounds) - middles))
        axes.errorbar(
            line["images"], middles, yerr=spread, label=labels[str(name)], capsize=3,
            markersize=5, **look[str(name)],
        )  # fmt: skip


def draw_forecasts(axes: Axes, part: pd.DataFrame, forecast: pd.DataFrame) -> None:
    """Draw a dashed line, with a band, from the last point of each line to what is foretold.

    Args:
        axes: where the lines are.
        part: cells of one measure, in one location.
        forecast: rows of that measure.
    """
    look = style.by_backend(part["backend"].unique())
    for name, cells in part.groupby("backend", sort=False):
        here = forecast["location"] == cells["location"].iloc[0]
        own = forecast[(forecast["backend"] == name) & here & forecast["refused"].isna()]
        images, seconds = cells.sort_values("images")[["images", "median_seconds"]].to_numpy()[-1]
        for row in own.to_dict(orient="records"):
            across = [images, row["images"]]
            color = look[str(name)]["color"]
            axes.plot(across, [seconds, row["seconds"]], color=color, linestyle="--")
            low, high = ([seconds, row[of]] for of in ("low_seconds", "high_seconds"))
            axes.fill_between(across, low, high, color=color, alpha=0.15, linewidth=0)
