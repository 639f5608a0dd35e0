"""The heat map: how many times as long as the baseline each format takes in each operation."""

import math

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from ..evidence.traits import labels_of
from .many import first_location, multiples, name_lines, note, say_nothing
from .measures import ACCESS, MEASURES, SINGLES, Tables

FIGURES = {
    "heat_map": {
        "category": "Every operation", "scale": "table", "applies": "always", "place": 50,
        "caption": "How many times as long as the baseline, the same bytes in one flat file, each "
        "format takes in each operation: light is fast, dark is slow, on a logarithmic scale. The "
        "first line is best overall, by the geometric mean of its line; an operation that was not "
        "measured, or not proven to be cold, is hatched. Of several locations, the first.",
    },
}  # fmt: skip
"""See ``registry``."""


COLOURS = "cividis_r"
"""From light to dark, also in grey; the colour-blind see the same (Nunez et al., PLOS ONE 2018)."""

LINE, COLUMN = 0.2, 0.56
"""Inches of a line and of a column."""


def draw(name: str, tables: Tables) -> Figure:
    """Draw a line a format and a column an operation, with the number in each cell."""
    here = first_location(tables.cells)
    measures = [*MEASURES, *SINGLES, *ACCESS]
    table, of_baseline = multiples(here, measures)
    table = table.dropna(how="all")
    if table.empty:
        figure = Figure(figsize=(6, 3))
        say_nothing(figure.subplots(), "No format was measured.")
        note(figure, tables.cells, here, "")
        return figure
    values = table.to_numpy(dtype=np.float64)
    down, across = max(len(table), 4), max(len(table.columns), 5)
    figure = Figure(figsize=(3.4 + COLUMN * across, 2.1 + LINE * down))
    axes = figure.subplots()
    scale = LogNorm(min(np.nanmin(values, initial=1), 1), max(np.nanmax(values, initial=10), 10))
    image = axes.imshow(values, COLOURS, scale, aspect="auto")
    write_numbers(axes, values, scale)
    axes.xaxis.tick_top()
    heads = [measures[int(place)].head for place in table.columns]
    axes.set_xticks(range(len(heads)), heads, fontsize=7)
    name_lines(axes, table.index.tolist(), labels_of(here))
    axes.set_ylim(len(table) - 0.5, -0.5)
    axes.tick_params(length=0)
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
    bar = figure.colorbar(image, ax=axes, pad=0.01, aspect=40)
    bar.ax.yaxis.set_major_locator(LogLocator(10))
    bar.ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.4g}×"))
    bar.ax.yaxis.set_minor_formatter(NullFormatter())
    bar.outline.set_visible(False)
    reference = "the baseline" if of_baseline else "the fastest in each column"
    figure.suptitle(f"Multiple of {reference}", x=0.01, ha="left", fontsize=11, weight="bold")
    words = "with most images; best at the top, by the geometric mean of its line; –: not measured"
    note(figure, tables.cells, here, words)
    return figure


def write_numbers(axes: Axes, values: np.ndarray, scale: LogNorm) -> None:
    """Write each number in black or white, whichever stands out; hatch what is not there."""
    colours = colormaps[COLOURS]
    for (line, column), value in np.ndenumerate(values):
        ink = "#555555"
        if math.isnan(value):
            axes.add_patch(
                Rectangle(
                    (column - 0.5, line - 0.5), 1, 1, facecolor="#f4f4f4", edgecolor="#d0d0d0",
                    hatch="////", linewidth=0,
                )
            )  # fmt: skip
        else:
            red, green, blue, _ = colours(float(scale(value)))
            ink = "black" if 0.3 * red + 0.59 * green + 0.11 * blue > 0.5 else "white"
        axes.text(
            column, line, short_multiple(value), ha="center", va="center", fontsize=7, color=ink
        )


def short_multiple(value: float) -> str:
    """A multiple in at most four characters, such as "0.94", "1.2", "38", "910" or "12k"."""
    if math.isnan(value):
        return "–"
    for limit, form in ((0.995, "{:.2f}"), (9.95, "{:.1f}"), (999.5, "{:.0f}")):
        if value < limit:
            return form.format(value)
    return f"{value / 1000:.1f}k" if value < 9950 else f"{value / 1000:.0f}k"
