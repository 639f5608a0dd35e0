"""How figures look: colours, markers and sizes."""

from collections.abc import Iterable
from typing import Any

import matplotlib as mpl
from matplotlib.lines import Line2D

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
    """Colour, marker and dashes of the backend at a position in the config."""
    return {
        "color": COLOURS[position % len(COLOURS)],
        "marker": MARKERS[position % len(MARKERS)],
        "linestyle": DASHES[position % len(DASHES)],
    }


def entry(words: str, **look: Any) -> Line2D:
    """Make an entry of a legend, without a line unless the look has one."""
    return Line2D([], [], **{"linestyle": "none", **look}, label=words)
