"""How figures look: colours, markers and sizes."""

import math
from collections.abc import Iterable, Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import LogLocator

from ..states import BASELINE

# Okabe and Ito, "Color universal design" (2008): told apart by the colour-blind, and in print by
# the markers and dashes beside them.
COLOURS = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#8C6D31"]
MARKERS = ["o", "s", "^", "D", "v", "P", "X"]
DASHES = ["-", "--", "-.", ":"]

SETTINGS: dict[str, Any] = {
    "figure.dpi": 100,
    "savefig.dpi": 200,
    "figure.constrained_layout.use": True,
    "font.size": 10,
    "axes.titlesize": 11,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#dddddd",
    "grid.linewidth": 0.6,
    "legend.frameon": False,
    "svg.hashsalt": "imagebench",  # the same figure gives the same file
    "svg.fonttype": "none",
}


def apply() -> None:
    """Make these the settings of every figure that follows."""
    for name, value in SETTINGS.items():
        mpl.rcParams[name] = value  # type: ignore[index]


OF_BASELINE: dict[str, Any] = {"color": "#000000", "marker": ".", "linestyle": "--"}
"""Of the baseline that all is compared with: no colour of its own."""


def by_backend(names: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Give each backend its look, by its place among the others; the baseline has its own."""
    others = [name for name in names if name != BASELINE]
    return {BASELINE: OF_BASELINE} | {name: of(place) for place, name in enumerate(others)}


def of(position: int) -> dict[str, str]:
    """Colour, marker and dashes of the backend at a position in the config.

    A colour that comes again has another marker.
    """
    again = position // len(COLOURS)
    return {
        "color": COLOURS[position % len(COLOURS)],
        "marker": MARKERS[(position + again) % len(MARKERS)],
        "linestyle": DASHES[position % len(DASHES)],
    }


LEGEND_LINES, LEGEND_LINE = 2, 0.2
"""Lines of a legend that a figure has room for, and the inches that each further one takes."""


def legend_above(figure: Figure, handles: Sequence[Any], columns: int = 4) -> None:
    """Put a legend above the panels, in as many columns as the figure is wide enough for.

    The figure grows by what a long legend takes. Entries that are too wide by themselves get
    smaller letters.

    Args:
        figure: complete but for its legend.
        handles: of what is explained, each with its label; there may be none.
        columns: at most.
    """
    if not handles:
        return
    for count in range(min(columns, len(handles)), 0, -1):
        legend = figure.legend(handles=handles, loc="outside upper center", ncols=count)
        excess = legend.get_window_extent().width / figure.bbox.width
        if excess <= 1:
            break
        legend.remove()
    else:
        smaller = 0.98 * mpl.rcParams["font.size"] / excess
        figure.legend(handles=handles, loc="outside upper center", fontsize=smaller)
    lines = math.ceil(len(handles) / count)
    figure.set_figheight(figure.get_figheight() + LEGEND_LINE * max(lines - LEGEND_LINES, 0))


class TicksInView(LogLocator):
    """Minor ticks of a logarithmic axis, without those of the decades beyond its ends.

    Matplotlib makes these as well, and lays each of them out several times before it leaves it out.
    """

    def tick_values(self, vmin: float, vmax: float) -> Any:
        """Return the places of all ticks within the axis."""
        found = np.asarray(super().tick_values(vmin, vmax))
        low, high = (1 - 1e-9) * min(vmin, vmax), (1 + 1e-9) * max(vmin, vmax)
        return found[(found >= low) & (found <= high)]


def entry(words: str, **look: Any) -> Line2D:
    """Make an entry of a legend, without a line unless the look has one."""
    return Line2D([], [], **{"linestyle": "none", **look}, label=words)
