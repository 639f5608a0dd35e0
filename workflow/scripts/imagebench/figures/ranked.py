"""Formats one below the other, as dots: ranked in the main measures, and in every operation."""

import math
from itertools import groupby
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from ..evidence.traits import labels_of
from ..states import BASELINE
from ..vocabulary import of_operation
from . import many, measures, style
from .measures import ACCESS, CLOSED, DURABLE, MEASURES, SINGLES, Measure, Tables

FIGURES = {
    "ranked": {
        "category": "Formats ranked", "scale": "logarithmic", "applies": "many", "place": 10,
        "caption": "Formats ranked by how many images they store, read in order and read as in "
        "training in a second, each with most images; further right is faster. Bars are "
        "95 % intervals, the dashed line is the baseline: the same bytes in one flat file. The "
        "tutorial's formats are blue, hollow dots are lossy, squares use all cores. Of several "
        "locations, the first.",
    },
    "by_operation": {
        "category": "Every operation", "scale": "logarithmic", "applies": "many", "place": 70,
        "caption": "Every format in every operation, in images a second, on a logarithmic scale "
        "of its own for each operation; further right is faster, and lines are the baseline. The "
        "order is that of the heat map. Of several locations, the first.",
    },
}  # fmt: skip
"""See ``registry``."""


def draw(name: str, tables: Tables) -> Figure:
    """Draw one of the two figures of this file."""
    return ranked(tables.cells) if name == "ranked" else by_operation(tables.cells)


BATCHES = next(one for one in ACCESS if (one.operation, one.cache) == ("read_batches", "warm"))
PANELS_IN_A_ROW = 5
STATES = {"closed": "#0072B2", "warm": "#0072B2", "durable": "#D55E00", "cold": "#D55E00"}
"""Colours of what a panel compares; the second has another marker as well."""


def ranked(cells: pd.DataFrame) -> Figure:
    """Draw images a second in four measures, in each the fastest format first."""
    here = many.first_location(cells)
    store = CLOSED if measures.of_measure(here, DURABLE).empty else DURABLE
    wanted = {
        f"Store, until {'closed' if store is CLOSED else 'safe on the device'}": store,
        "Read in order, warm": measures.WARM,
        "Read in order, cold": measures.COLD,
        **way_as_in_training(here),
    }
    count = max(many.formats_of(here)["backend"].nunique(), 5)
    figure = Figure(figsize=(11.6, 1.7 + 2 * (0.75 + many.LINE * count)))
    look = many.look_of(here)
    parts = []
    for axes, (title, measure) in zip(figure.subplots(2, 2).flat, wanted.items(), strict=True):
        part = measures.with_most_images(here, measure)
        axes.set_title(title)
        if many.formats_of(part).empty:
            many.say_instead(axes, here, measure)
            continue
        parts.append(part)
        draw_ranks(axes, part, look)
    baseline = style.entry("the baseline", color="#000000", linestyle="--")
    style.legend_above(figure, [*many.explain(look), baseline])
    shown = pd.concat(parts) if parts else here
    many.note(figure, cells, shown, "bars: 95 % interval; further right is faster")
    return figure


def way_as_in_training(cells: pd.DataFrame) -> dict[str, Measure]:
    """Return the way of access that is ranked, with its title: shuffled batches if measured."""
    warm = [one for one in ACCESS if one.cache == BATCHES.cache]
    measured = (
        one
        for one in [BATCHES, *warm]
        if not many.formats_of(measures.with_most_images(cells, one)).empty
    )
    way = next(measured, BATCHES)
    verb = of_operation(way.operation).verb
    return {f"{verb[0].upper()}{verb[1:]}, warm": way}


def draw_ranks(axes: Axes, part: pd.DataFrame, look: dict[str, dict[str, Any]]) -> None:
    """Draw one panel: a line a format, the fastest at the top."""
    ordered = many.formats_of(part).sort_values("median_seconds", kind="stable")
    images = ordered["images"].iloc[0]
    for line, row in enumerate(ordered.to_dict(orient="records")):
        ends = [row["high_seconds"], row["low_seconds"]]
        rate = images / row["median_seconds"]
        bars = np.nan_to_num(np.abs(images / np.array(ends, dtype=np.float64) - rate))
        axes.errorbar(
            [rate], [line], xerr=bars[:, np.newaxis], capsize=2, markersize=5, linestyle="none",
            **look[row["backend"]],
        )  # fmt: skip
    axes.set_xscale("log")
    for seconds in part.loc[part["backend"] == BASELINE, "median_seconds"]:
        axes.axvline(images / seconds, color="#000000", linestyle="--", linewidth=1)
    axes.set_xlabel(f"images a second, of {images:,}" if images > 1 else "images a second")
    many.logarithmic(axes.xaxis, *axes.get_xlim())
    many.name_lines(axes, ordered["backend"].tolist(), labels_of(part))
    axes.grid(axis="x", visible=True)


def by_operation(cells: pd.DataFrame) -> Figure:
    """Draw a panel for each operation, with a line for each format in one order throughout."""
    here = many.first_location(cells)
    measured = [
        measure
        for measure in [*MEASURES, *SINGLES, *ACCESS]
        if not many.formats_of(measures.with_most_images(here, measure)).empty
    ]
    groups = [list(of) for _, of in groupby(measured, key=lambda measure: measure.operation)]
    order = list(many.multiples(here, measured)[0].index)
    across = min(len(groups), PANELS_IN_A_ROW)
    down = math.ceil(len(groups) / max(across, 1))
    size = 2.6 + 2.0 * across, 1.7 + down * (0.75 + many.LINE * max(len(order), 5))
    figure = Figure(figsize=size)
    panels = figure.subplots(down, across, squeeze=False)
    lossy = {name for name, of in many.look_of(here).items() if of["markerfacecolor"] == "white"}
    for axes, group in zip(panels.flat, groups, strict=False):
        for measure in group:
            draw_states(axes, measures.with_most_images(here, measure), measure, order, lossy)
        axes.set_xscale("log")
        axes.set_title(operation_title(group[0]), fontsize=9)
        axes.tick_params(axis="x", labelsize=8)
        many.logarithmic(axes.xaxis, *axes.get_xlim())
        many.name_lines(axes, order, labels_of(here) if axes in panels[:, 0] else None)
    for axes in panels.flat[len(groups) :]:
        axes.set_axis_off()
    style.legend_above(figure, explain_states(measured, lossy))
    words = "images a second, logarithmic: further right is faster\n"
    words += "from top to bottom by the geometric mean of the multiples of the baseline"
    many.note(figure, cells, here, words)
    return figure


def operation_title(measure: Measure) -> str:
    """Name an operation in few words."""
    names = {"store_many": "Store", "read_many": "Read in order"}
    return names.get(measure.operation, measure.title.replace(", opening included", ""))


def is_second(measure: Measure) -> bool:
    """Whether it is drawn with the second of both markers."""
    return "cold" in measure.cache or measure.until == "durable"


def draw_states(
    axes: Axes, part: pd.DataFrame, measure: Measure, order: list[str], lossy: set[str]
) -> None:
    """Draw the dots of one measure, and its baseline as a line."""
    colour = STATES[measure.cache if measure.cache in STATES else measure.until]
    marker = "D" if is_second(measure) else "o"
    lines = {name: line for line, name in enumerate(order)}
    found = many.formats_of(part)
    for is_lossy in (False, True):
        some = found[found["backend"].isin(lossy) == is_lossy]
        axes.plot(
            some["images_per_second"], some["backend"].map(lines), linestyle="none", color=colour,
            marker=marker, markersize=4, markerfacecolor="white" if is_lossy else colour,
        )  # fmt: skip
    for rate in part.loc[part["backend"] == BASELINE, "images_per_second"]:
        axes.axvline(rate, color=colour, linestyle=":" if is_second(measure) else "--", linewidth=1)


def explain_states(measured: list[Measure], lossy: set[str]) -> list[Line2D]:
    """Make the entries of the legend for the states that are drawn."""
    first = "warm read, or store until closed"
    second = "cold read, or store until safe"
    entries = [
        (first, STATES["warm"], "o", "--", any(not is_second(one) for one in measured)),
        (second, STATES["cold"], "D", ":", any(is_second(one) for one in measured)),
    ]
    handles = [
        style.entry(f"{words}; baseline", color=colour, marker=marker, linestyle=dashes)
        for words, colour, marker, dashes, is_used in entries
        if is_used
    ]
    hollow = style.entry("hollow: lossy", color="#555555", marker="o", markerfacecolor="white")
    return [*handles, *([hollow] if lossy else [])]
