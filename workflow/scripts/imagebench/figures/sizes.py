"""Figures of what stores take on disk, and of single images."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from .. import wording
from ..evidence.traits import are_lossy, labels_of
from ..sizes import readable_bytes
from ..states import BASELINE
from . import MOST_LINES, style
from .captions import caption
from .locations import in_words
from .many import LINE, first_location, in_bytes, name_lines, note
from .measures import Tables

FIGURES = {
    "disk_use": {
        "category": "Disk use", "scale": "linear", "applies": "always", "place": 90,
        "caption": "What each store takes on disk, the smallest at the top, and as a multiple of "
        "plain bytes. The bars are the bytes of all allocated blocks, folders included; the grey "
        "marks are the apparent size, the sum of the files' lengths. Small files fill up whole "
        "blocks, so that bars of many small files reach beyond their marks. Each number of images "
        "has an axis of its own; of more than a dozen formats, the first location and the most "
        "images are shown.",
    },
    "single_images": {
        "category": "Single images", "scale": "table", "applies": "always",
        "caption": "One image at a time: time to store a single image into a new store, until it "
        "is closed, and to read it back from a warm page cache, opening and closing included, and "
        "what it takes on disk; each with its multiple of the baseline. Each block stores at "
        "least 20 different images, and counts as the median of them.",
    },
}  # fmt: skip
"""See ``registry``."""


def draw(name: str, tables: Tables) -> Figure:
    """Draw one of the two figures of this file."""
    return disk_use(tables.cells) if name == "disk_use" else single_image_table(tables.singles)


BAR = "#56B4E9"
PANEL = 0.6
"""Inches of what a panel has besides its bars."""

WORDS = 1.4
"""How much longer the axis is than the longest bar, whose end has words."""


def disk_use(summary: pd.DataFrame) -> Figure:
    """Draw the bytes that each store takes: a panel for each location and number of images.

    Of many formats, only the first location and most images.
    """
    part = summary[summary["operation"] == "store_many"]
    part = part.drop_duplicates(["location", "backend", "images"])
    drawn = part
    if part["backend"].nunique() > MOST_LINES:
        drawn = first_location(part)
        drawn = drawn[drawn["images"] == drawn["images"].max()]
    stores = [
        of.sort_values("bytes_allocated", kind="stable")
        for _, place in drawn.groupby("location", sort=False)
        for _, of in place.groupby("images")
    ]
    lines = [max(len(of), 3) for of in stores]
    longest = max(map(len, labels_of(drawn).values()))
    height = 0.9 + PANEL * len(stores) + 1.1 * LINE * sum(lines)
    figure = Figure(figsize=(5.6 if longest <= LONG else 8.6, height))
    panels = figure.subplots(len(stores), 1, squeeze=False, height_ratios=lines)[:, 0]
    colours = colours_of(list(drawn["backend"].unique()))
    for axes, of in zip(panels, stores, strict=True):
        draw_sizes(axes, of, colours)
        where = f" in {in_words(of)}" if drawn["location"].nunique() > 1 else ""
        axes.set_title(f"{wording.counted(of['images'].iloc[0], 'image')}{where}", fontsize=9)
    figure.suptitle(
        "Disk use: allocated bytes, folders included", x=0.01, ha="left", fontsize=11, weight="bold"
    )
    words = "×: multiple of the baseline; grey mark: apparent size"
    words += "; hollow: lossy" if are_lossy(drawn).any() else ""
    if drawn is part:
        caption(figure, drawn, words)
    else:
        note(figure, part, drawn, words)
    return figure


LONG = 24
"""Letters of a name from which on a figure must be wider than a phone."""


def colours_of(backends: Sequence[str]) -> dict[str, str]:
    """Give each backend the colour that lines have, or if these are too few, one to all."""
    look = style.by_backend(backends)
    if len(look) - 1 > len(style.COLOURS):
        look = {name: {"color": BAR} for name in backends} | {BASELINE: style.OF_BASELINE}
    return {name: of["color"] for name, of in look.items()}


def draw_sizes(axes: Axes, stores: pd.DataFrame, colours: Mapping[str, str]) -> None:
    """Draw a bar a format on a linear axis from zero, with its name, bytes and multiple."""
    lines = range(len(stores))
    edges = [colours[name] for name in stores["backend"]]
    faces = np.where(are_lossy(stores), "white", edges)
    bars = axes.barh(lines, stores["bytes_allocated"], 0.78, color=faces, edgecolor=edges)
    axes.scatter(stores["bytes_logical"], lines, marker="|", color="#888888", zorder=3, s=60)
    words = [
        f"{readable_bytes(size, 1000)}{times_baseline(multiple)}"
        for size, multiple in zip(
            stores["bytes_allocated"], stores["bytes_multiple_of_limit"], strict=True
        )
    ]
    axes.bar_label(bars, words, fontsize=8, padding=6)
    longest = WORDS * max(stores["bytes_allocated"].max(), stores["bytes_logical"].max())
    axes.set_xlim(0, longest)
    in_bytes(axes.xaxis, longest, 5)
    axes.tick_params(axis="x", labelsize=8)
    name_lines(axes, stores["backend"].tolist(), labels_of(stores))
    axes.grid(axis="y", visible=False)


LETTER = 0.083
"""Inches of a letter in the table."""


def single_image_table(singles: pd.DataFrame) -> Figure:
    """Draw times and sizes of single images as a table that can be shown as a picture."""
    several = singles["location"].nunique() > 1
    heads = ["", "store one", "read one", "apparent", "on disk", "files"]
    rows = [
        [
            f"{row.backend_label}, {row.location}" if several else str(row.backend_label),
            with_spread(row, "store_single"),
            with_spread(row, "read_single"),
            f"{row.bytes_logical:,.0f} B",
            f"{row.bytes_allocated:,.0f} B{times_baseline(row.bytes_multiple_of_limit)}",
            f"{row.files:,.0f}",
        ]
        for row in singles.itertuples()
    ]
    letters = [max(map(len, column)) + 3 for column in zip(heads, *rows, strict=True)]
    figure = Figure(figsize=(LETTER * sum(letters), 1.0 + 0.31 * len(rows)))
    axes = figure.subplots()
    axes.set_axis_off()
    axes.set_title(
        "One image at a time: median (fastest to slowest block), multiple of the baseline"
    )
    table = axes.table(
        cellText=rows, colLabels=heads, loc="upper center", cellLoc="right", edges="horizontal",
        colWidths=[count / sum(letters) for count in letters],
    )  # fmt: skip
    table.auto_set_font_size(False)
    table.set_fontsize(10)
    table.scale(1, 1.7)
    for (row, column), cell in table.get_celld().items():
        cell.set_edgecolor("#bbbbbb")
        if column == 0:
            cell.set_text_props(ha="left")
        if row == 0 or column == 0:
            cell.set_text_props(weight="bold")
    caption(figure, singles)
    return figure


def with_spread(row: object, operation: str) -> str:
    """Put one median, with its spread over blocks and its multiple of the baseline, into words."""
    median, fastest, slowest = (
        wording.readable_seconds(getattr(row, f"{operation}_{name}_seconds"))
        for name in ("median", "fastest_block", "slowest_block")
    )
    multiple = times_baseline(getattr(row, f"{operation}_multiple_of_limit"))
    return f"{median} ({fastest} to {slowest}){multiple}"


def times_baseline(multiple: Any) -> str:
    """Write a multiple of the baseline to be put behind a number; nothing where there is none."""
    return f"  {multiple:.3g}×" if multiple > 0 else ""
