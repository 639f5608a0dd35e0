"""What the figures of many formats share: which cells they show, in which order, and their look."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import (
    FuncFormatter,
    LogLocator,
    MaxNLocator,
    MultipleLocator,
    NullFormatter,
)

from ..evidence.traits import TUTORIAL, are_lossy, use_threads
from ..sizes import readable_bytes
from ..states import BASELINE, CONTROL
from . import style
from .captions import caption
from .locations import in_words
from .measures import Measure, with_most_images

PLAIN, KNOWN = "#3d3d3d", "#0072B2"
"""Colours of a format, and of one that the tutorial has."""

LINE = 0.175
"""Inches of a line for one format."""


def first_location(cells: pd.DataFrame) -> pd.DataFrame:
    """Leave the cells of the first location: figures of many formats have no room for more."""
    found: pd.DataFrame = cells[cells["location"] == cells["location"].iloc[0]]
    return found


def formats_of(cells: pd.DataFrame) -> pd.DataFrame:
    """Leave out the baseline, and the baseline under its other name."""
    return cells[~cells["backend"].isin([BASELINE, CONTROL])]


def multiples(cells: pd.DataFrame, measures: Iterable[Measure]) -> tuple[pd.DataFrame, bool]:
    """Set multiples of the baseline side by side, at the largest number of images.

    Args:
        cells: of one location.
        measures: what is wanted; those without any multiple are left out.

    Returns:
        A row a format, a column a measure (by its place among ``measures``), the best first by the
        geometric mean of what each has; and whether the multiples are of the baseline. Without one
        they are multiples of the fastest.
    """
    parts = {
        place: formats_of(with_most_images(cells, measure)).set_index("backend")
        for place, measure in enumerate(measures)
    }
    of_baseline = {place: part["multiple_of_limit"] for place, part in parts.items()}
    known = any(column.notna().any() for column in of_baseline.values())
    seconds = {place: part["median_seconds"] for place, part in parts.items()}
    of_fastest = {place: column / column.min() for place, column in seconds.items()}
    index = formats_of(cells)["backend"].unique()
    table = pd.DataFrame(of_baseline if known else of_fastest, index).dropna(axis=1, how="all")
    order = np.log(table).mean(axis=1).sort_values(kind="stable", na_position="last").index
    return table.loc[order], known


def look_of(cells: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """Give the marker of each format: hollow if it is lossy, square if it uses all cores."""
    lossy, threads = are_lossy(cells), use_threads(cells)
    look = {}
    for name in cells["backend"].unique():
        rows = cells["backend"] == name
        colour = KNOWN if name in TUTORIAL else PLAIN
        look[str(name)] = {
            "color": colour,
            "marker": "s" if threads[rows].any() else "o",
            "markerfacecolor": "white" if lossy[rows].any() else colour,
        }
    return look


def explain(look: dict[str, dict[str, Any]]) -> list[Line2D]:
    """Make the entries of a legend for the markers that are used."""
    used = list(look.items())
    entries = [
        ("the tutorial's", KNOWN, "o", KNOWN, any(name in TUTORIAL for name, _ in used)),
        ("lossy", PLAIN, "o", "white", any(of["markerfacecolor"] == "white" for _, of in used)),
        ("all cores", PLAIN, "s", PLAIN, any(of["marker"] == "s" for _, of in used)),
    ]
    return [
        style.entry(words, color=colour, marker=marker, markerfacecolor=face)
        for words, colour, marker, face, is_used in entries
        if is_used
    ]


def name_lines(axes: Axes, backends: Sequence[str], labels: Mapping[str, str] | None) -> None:
    """Make a line for each format, with its name if there are labels; the tutorial's in bold."""
    words = [labels[name] if labels else "" for name in backends]
    axes.set_yticks(range(len(backends)), words, fontsize=8)
    for tick, name in zip(axes.get_yticklabels(), backends, strict=True):
        if name in TUTORIAL:
            tick.set(weight="bold", color=KNOWN)
    axes.set_ylim(max(len(backends), 1) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)


def logarithmic(axis: Axis, low: float, high: float) -> None:
    """Number a logarithmic axis with powers of ten, and with more between them if it is short."""
    between = [(300, (1.0,)), (20, (1.0, 3.0)), (4, (1.0, 2.0, 5.0))]
    steps = next((some for least, some in between if high > least * low), None)
    axis.set_major_locator(LogLocator(10, steps, numticks=12) if steps else MaxNLocator(4))
    axis.set_major_formatter(FuncFormatter(lambda value, _: readable_count(value)))
    axis.set_minor_formatter(NullFormatter())


def in_bytes(axis: Axis, span: float, most: int) -> None:
    """Number a linear axis of bytes at powers of two, with no more numbers than fit."""
    axis.set_major_locator(MultipleLocator(2.0 ** math.ceil(math.log2(max(span, 1) / most))))
    axis.set_major_formatter(FuncFormatter(lambda value, _: readable_bytes(value)))


def readable_count(value: float) -> str:
    """A number in few characters: "0.3", "300", "30k", "1M"."""
    for unit, size in (("M", 1e6), ("k", 1e3)):
        if value >= size:
            return f"{value / size:.3g}{unit}"
    return f"{value:.3g}"


def say_instead(axes: Axes, cells: pd.DataFrame, measure: Measure) -> None:
    """Say in an empty panel why it is empty."""
    was_tried = (cells["operation"] == measure.operation).any()
    unproven = f"No read could be proven to be\nwith a {measure.cache} page cache."
    say_nothing(axes, unproven if was_tried else "This was not measured.")


def say_nothing(axes: Axes, words: str) -> None:
    """Write words in the middle of a panel that has nothing else."""
    axes.set_axis_off()
    axes.text(0.5, 0.5, words, ha="center", va="center", transform=axes.transAxes, color="#555555")


def note(figure: Figure, cells: pd.DataFrame, shown: pd.DataFrame, words: str) -> None:
    """Say below a figure what it shows, and of which location if there are several.

    Args:
        figure: above the words.
        cells: of all locations.
        shown: what is drawn.
        words: what else is to be said, in lines.
    """
    count = cells["location"].nunique()
    if count > 1:
        words += f"\nin {in_words(first_location(cells))}, the first of {count} locations"
    caption(figure, shown, words)
