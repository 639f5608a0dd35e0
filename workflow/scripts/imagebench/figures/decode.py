"""What a codec takes by itself of the time to read and to store."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from .. import wording
from ..evidence.traits import labels_of
from .many import LINE, first_location, formats_of, name_lines, note, say_nothing
from .measures import CLOSED, WARM, Measure, Tables, with_most_images
from .style import legend_above

FIGURES = {
    "decode_share": {
        "category": "Codecs", "scale": "share", "applies": "many", "place": 80,
        "caption": "How much of the time to read from a warm page cache, and to store, a codec "
        "takes by itself in memory; the rest is what the container, the file system and copying "
        "take. A format whose bar is blue throughout becomes faster by another codec or by more "
        "cores, one whose bar is grey by another container. The words at the end of a bar are the "
        "time of one image.",
    },
}  # fmt: skip
"""See ``registry``."""


CODEC, REST = "#0072B2", "#cfcfcf"


def draw(name: str, tables: Tables) -> Figure:
    """Draw a bar a format with a codec: its share of the time, and that of all the rest."""
    here = first_location(tables.cells)
    parts = {
        "Decoding, of a warm read": coded(here, WARM),
        "Encoding, of a store until closed": coded(here, CLOSED),
    }
    count = max(4, *(len(part) for part in parts.values()))
    figure = Figure(figsize=(11.6, 1.8 + LINE * 1.1 * count))
    for axes, (title, part) in zip(figure.subplots(1, 2), parts.items(), strict=True):
        axes.set_title(title)
        if part.empty:
            say_nothing(axes, "No codec was timed by itself.")
            continue
        draw_shares(axes, part)
    handles = [
        Patch(color=CODEC, label="the codec by itself, in memory"),
        Patch(color=REST, label="all the rest: container and device"),
    ]
    legend_above(figure, handles)
    shown = pd.concat(list(parts.values()))
    words = "fastest at the top; with most images; the time at a bar's end is that of one image"
    note(figure, tables.cells, here if shown.empty else shown, words)
    return figure


def coded(cells: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    """Pick the formats of a measure that have a codec, the fastest first, with its share."""
    part = formats_of(with_most_images(cells, measure))
    part = part[part["codec_seconds"].notna()].sort_values("median_seconds", kind="stable")
    # By itself a codec may take longer than the store did, by chance: that is all of it.
    return part.assign(share=(part["codec_seconds"] / part["median_seconds"]).clip(upper=1))


def draw_shares(axes: Axes, part: pd.DataFrame) -> None:
    """Draw the bars of one panel."""
    lines = range(len(part))
    shares = 100 * part["share"].to_numpy()
    axes.barh(lines, shares, 0.78, color=CODEC)
    rest = axes.barh(lines, 100 - shares, 0.78, left=shares, color=REST)
    each = part["median_seconds"] / part["images"]
    axes.bar_label(rest, [wording.readable_seconds(time) for time in each], fontsize=8, padding=4)
    axes.set_xlim(0, 118)
    axes.set_xticks(range(0, 101, 25), [f"{share} %" for share in range(0, 101, 25)])
    axes.set_xlabel("share of the time")
    name_lines(axes, part["backend"].tolist(), labels_of(part))
    axes.grid(axis="y", visible=False)
