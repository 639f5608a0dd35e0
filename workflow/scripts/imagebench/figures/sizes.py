"""Figures of what stores take on disk, and of single images."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from .. import wording
from ..evidence.traits import are_lossy
from ..sizes import readable_bytes
from ..states import BASELINE
from . import MOST_LINES, style
from .captions import caption
from .locations import in_words
from .many import LINE, first_location, labels_of, name_lines, note
from .measures import Tables

FIGURES = {
    "disk_use": {
        "category": "Disk use", "scale": "logarithmic", "applies": "always", "place": 90,
        "caption": "What each store takes on disk, and as a multiple of plain bytes. The bars are "
        "the bytes of all allocated blocks, folders included; the grey marks are the apparent "
        "size, the sum of the files' lengths. Small files fill up whole blocks, so that bars of "
        "many small files reach beyond their marks. Of more than a dozen formats, only those with "
        "most images are shown, each as bytes an image.",
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


def disk_use(summary: pd.DataFrame) -> Figure:
    """Draw the bytes that each store takes on disk: a group of bars for each number of images."""
    part = summary[summary["operation"] == "store_many"]
    part = part.drop_duplicates(["location", "backend", "images"])
    if part["backend"].nunique() > MOST_LINES:
        return disk_use_of_many(part)
    places = [of for _, of in part.groupby("location", sort=False)]
    counts = sorted(part["images"].unique())
    lines = len(counts) * max(part["backend"].nunique(), 3)
    figure = Figure(figsize=(5.6, 1.6 + 0.21 * lines * len(places)))
    panels = figure.subplots(len(places), 1, squeeze=False, sharex=True)[:, 0]
    for axes, place in zip(panels, places, strict=True):
        draw_sizes(axes, place, counts)
        axes.set_title(
            f"Disk use in {in_words(place)}"
            if len(places) > 1
            else "Disk use: allocated bytes, folders included"
        )
    # Room for the words right of the longest bar, on a scale that starts with a page.
    longest = part["bytes_allocated"].max()
    axes.set_xlim(1024, longest * (longest / 1024) ** 0.35)
    # Ticks at whole units, since powers of ten bytes are no round number of KiB.
    axes.xaxis.set_major_locator(LogLocator(base=1024))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: readable_bytes(value)))
    axes.set_xlabel("on disk, logarithmic; × as a multiple of the baseline")
    figure.legend(*axes.get_legend_handles_labels(), loc="outside upper center", ncols=2)
    caption(figure, part)
    return figure


def disk_use_of_many(part: pd.DataFrame) -> Figure:
    """Draw a bar a format, the smallest first: what an image takes with most images."""
    here = first_location(part)
    here = here[here["images"] == here["images"].max()].sort_values("bytes_allocated")
    figure = Figure(figsize=(8.6, 1.8 + 1.1 * LINE * len(here)))
    axes = figure.subplots()
    axes.set_title("Disk use: allocated bytes an image, folders included")
    each = here["bytes_allocated"] / here["images"]
    colours = [style.OF_BASELINE["color"] if name == BASELINE else BAR for name in here["backend"]]
    lossy = are_lossy(here)
    drawn = axes.barh(
        range(len(here)), each, edgecolor=colours,
        color=["white" if is_lossy else of for is_lossy, of in zip(lossy, colours, strict=True)],
    )  # fmt: skip
    words = [
        f"{size:,.0f} B{times_baseline(multiple)}"
        for size, multiple in zip(each, here["bytes_multiple_of_limit"], strict=True)
    ]
    axes.bar_label(drawn, words, fontsize=8, padding=4)
    axes.set_xlim(0, 1.22 * each.max())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    hollow = "; hollow: lossy" if lossy.any() else ""
    axes.set_xlabel(f"bytes; × as a multiple of the baseline{hollow}")
    name_lines(axes, here["backend"].tolist(), labels_of(here))
    axes.grid(axis="y", visible=False)
    note(figure, part, here, f"{here['images'].iloc[0]:,} images")
    return figure


def draw_sizes(axes: Axes, part: pd.DataFrame, counts: list[int]) -> None:
    """Draw the bars of one location."""
    backends = list(part.groupby("backend_label", sort=False))
    look = style.by_backend(part["backend"].unique())
    height = 0.84 / len(backends)
    axes.set_xscale("log")
    for position, (label, bars) in enumerate(backends):
        sizes = bars.set_index("images").reindex(counts)
        places = np.arange(len(counts)) + (position - (len(backends) - 1) / 2) * height
        drawn = axes.barh(
            places, sizes["bytes_allocated"], height * 0.9, label=label,
            color=look[bars["backend"].iloc[0]]["color"],
        )  # fmt: skip
        axes.scatter(
            sizes["bytes_logical"], places, marker="|", color="#888888", zorder=3,
            s=900 * height**2, label="apparent size" if position == 0 else None,
        )  # fmt: skip
        words = [
            readable_bytes(size) + (f"  {multiple:.2f}×" if multiple > 0 else "")
            for size, multiple in zip(
                sizes["bytes_allocated"], sizes["bytes_multiple_of_limit"], strict=True
            )
        ]
        axes.bar_label(drawn, words, fontsize=7, padding=8)
    axes.set_yticks(range(len(counts)), [f"{count:,}" for count in counts])
    axes.invert_yaxis()
    axes.grid(axis="y", visible=False)
    axes.set_ylabel("images")


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
    figure = Figure(figsize=(12.4, 1.0 + 0.31 * len(rows)))
    axes = figure.subplots()
    axes.set_axis_off()
    axes.set_title(
        "One image at a time: median (fastest to slowest block), multiple of the baseline"
    )
    table = axes.table(
        cellText=rows, colLabels=heads, loc="upper center", cellLoc="right", edges="horizontal",
        colWidths=[0.18, 0.28, 0.28, 0.08, 0.13, 0.05],
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
