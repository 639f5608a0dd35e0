"""How figures look: colours, markers, sizes and the wording of numbers."""

from typing import Any

import matplotlib as mpl

# Okabe and Ito, "Color universal design" (2008): told apart by the colour-blind, and in print by
# the markers and dashes beside them.
COLOURS = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#000000"]
MARKERS = ["o", "s", "^", "D", "v", "P", "X"]
DASHES = ["-", "--", "-.", ":"]

SETTINGS: dict[str, Any] = {
    "figure.dpi": 100,
    "savefig.dpi": 160,
    "figure.constrained_layout.use": True,
    "font.size": 10,
    "axes.titlesize": 12,
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


def of(position: int) -> dict[str, str]:
    """Colour, marker and dashes of the backend at a position in the config."""
    return {
        "color": COLOURS[position % len(COLOURS)],
        "marker": MARKERS[position % len(MARKERS)],
        "linestyle": DASHES[position % len(DASHES)],
    }


def readable_bytes(size: float) -> str:
    """Bytes with a binary unit and three digits at most, such as "4.0 KiB"."""
    for unit in ("B", "KiB", "MiB", "GiB", "TiB"):
        if size < 1000 or unit == "TiB":
            break
        size /= 1024
    return f"{size:.0f} {unit}" if size >= 10 or unit == "B" else f"{size:.1f} {unit}"


def readable_seconds(seconds: float) -> str:
    """Seconds with a unit that keeps the number short, such as "0.41 ms"."""
    for unit, factor in (("s", 1), ("ms", 1e3), ("µs", 1e6)):
        if seconds * factor >= 0.1 or unit == "µs":
            break
    return f"{seconds * factor:.3g} {unit}"
