"""Bytes on disk against the speed of reading, and which formats no other beats in both."""

import math
import re
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MultipleLocator

from ..evidence.traits import TUTORIAL, are_lossy, labels_of, use_threads
from ..states import BASELINE, CONTROL
from . import many, style
from .label_places import Label, place_labels
from .measures import WARM, Tables, with_most_images

FIGURES = {
    "size_against_speed": {
        "category": "Size against speed", "scale": "logarithmic", "applies": "always", "place": 60,
        "caption": "What an image takes on disk, against how many are read in a second, in order "
        "and with a warm page cache. No other lossless format of one thread is both smaller and "
        "faster than those on the black line; where lossy formats or all cores do better, the "
        "dashed grey line is the best of all. Hollow dots are lossy. Dots that lie over each "
        "other have one name; names that find no room are left out, and are in the table. Of "
        "several locations, the first.",
    },
}  # fmt: skip
"""See ``registry``."""


LOSSLESS, ALL = "#000000", "#8a8a8a"
KEPT = "formats that keep the files"


def draw(name: str, tables: Tables) -> Figure:
    """Draw a dot a format: further left is smaller, further up is faster."""
    here = many.first_location(tables.cells)
    part = with_most_images(here, WARM)
    part = part[part["backend"] != CONTROL]
    figure = Figure(figsize=(8.6, 6.8))
    axes = figure.subplots()
    axes.set_title("Size on disk against warm reading in order")
    if part.empty:
        many.say_instead(axes, here, WARM)
        many.note(figure, tables.cells, here, "")
        return figure
    part = part.assign(size=part["bytes_allocated"] / part["images"])
    look = many.look_of(part)
    for row in part.to_dict(orient="records"):
        shape: dict[str, Any] = {"color": "#000000", "marker": "*", "markersize": 10}
        if row["backend"] != BASELINE:
            shape = {**look[row["backend"]], "markersize": 6}
        axes.plot(row["size"], row["images_per_second"], linestyle="none", **shape)
    set_scales(axes, part)
    frontiers = draw_frontiers(axes, many.formats_of(part))
    handles = [*many.explain(look), *frontiers]
    if (part["backend"] == BASELINE).any():
        handles.append(style.entry("the baseline", color="#000000", marker="*"))
    style.legend_above(figure, handles)
    images = part["images"].iloc[0]
    words = f"{images:,} images; further up is faster, further left is smaller"
    many.note(figure, tables.cells, part, words)
    place_labels(axes, labels_by_weight(part), frontiers)
    return figure


def set_scales(axes: Axes, part: pd.DataFrame) -> None:
    """Leave room around the dots for words."""
    axes.set_yscale("log")
    low, high = part["images_per_second"].min(), part["images_per_second"].max()
    room = max(high / low, 2) ** 0.14
    axes.set_ylim(low / room, high * room)
    many.logarithmic(axes.yaxis, *axes.get_ylim())
    small, large = part["size"].min(), part["size"].max()
    if large > 8 * small:
        axes.set_xscale("log", base=2)
        axes.set_xlim(small / (large / small) ** 0.15, large * (large / small) ** 0.25)
    else:
        room = max(large - small, 0.1 * large)
        axes.set_xlim(small - 0.15 * room, large + 0.3 * room)
        # A round number of KiB, and no more than nine of them.
        step = 2.0 ** math.ceil(math.log2(1.45 * room / 9))
        axes.xaxis.set_major_locator(MultipleLocator(step))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value / 1024:.4g}"))
    axes.set_xlabel("KiB on disk an image, folders included")
    axes.set_ylabel("images read a second, logarithmic")


def frontier(part: pd.DataFrame) -> pd.DataFrame:
    """Leave the formats that no other beats, the smallest first.

    Another beats one if it is as small and as fast, and smaller or faster.

    Args:
        part: with the columns ``size`` and ``images_per_second``, one row a format.
    """
    ordered = part.sort_values(["size", "images_per_second"], ascending=[True, False])
    fastest_so_far = ordered["images_per_second"].cummax().shift(fill_value=-1.0)
    return ordered[ordered["images_per_second"] > fastest_so_far]


def draw_frontiers(axes: Axes, part: pd.DataFrame) -> list[Line2D]:
    """Draw the frontier of lossless formats of one thread, and that of all if it is another.

    Returns:
        What the legend says of them.
    """
    strict = part[~are_lossy(part) & ~use_threads(part)]
    drawn = [(strict, LOSSLESS, "-", "best: lossless, one thread")]
    if set(frontier(part)["backend"]) != set(frontier(strict)["backend"]):
        drawn.append((part, ALL, "--", "best of all"))
    handles = []
    for some, colour, dashes, words in drawn:
        best = frontier(some)
        if best.empty:
            continue
        (line,) = axes.step(
            [*best["size"], axes.get_xlim()[1]],
            [*best["images_per_second"], best["images_per_second"].iloc[-1]],
            where="post", color=colour, linestyle=dashes, linewidth=1.2, zorder=1.5, label=words,
        )  # fmt: skip
        handles.append(line)
    return handles


def labels_by_weight(part: pd.DataFrame) -> list[Label]:
    """List what is to be named, the most important first; others are named where there is room."""
    formats, names = many.formats_of(part), labels_of(part)
    strict = formats[~are_lossy(formats) & ~use_threads(formats)]
    must = {*frontier(formats)["backend"], *frontier(strict)["backend"], BASELINE, *TUTORIAL}
    labels = [
        Label(
            names[row["backend"]],
            float(row["size"]),
            float(row["images_per_second"]),
            row["backend"] in must,
            "bold" if row["backend"] in TUTORIAL else "normal",
            "#000000" if row["backend"] in must else many.PLAIN,
            KEPT if re.search("in_place|original", row["backend"]) else "",
            row["backend"] == BASELINE,
        )
        for row in part.to_dict(orient="records")
    ]
    return sorted(labels, key=lambda label: (not label.must, -label.y))
