"""The small line below each figure."""

import pandas as pd
from matplotlib.figure import Figure

from ..evidence.traits import DATASETS


def megapixels(table: pd.DataFrame) -> float | None:
    """Give the megapixels of an image on average, where sizes differ; None where all have one."""
    if "pixels" not in table:  # the table of single images has none
        return None
    each = (table["pixels"] / table["stored_images"]).dropna()
    return float(each.median()) / 1e6 if each.nunique() > 1 else None


def caption(figure: Figure, table: pd.DataFrame, more: str = "") -> None:
    """Say below a figure which data set it shows, and over how many blocks."""
    if table.empty:
        return
    blocks = sorted(table["blocks"].unique())
    counts = f"{blocks[0]}" if len(blocks) == 1 else f"{blocks[0]} to {blocks[-1]}"
    names = ", ".join(DATASETS.get(name, name) for name in table["dataset"].unique())
    size = megapixels(table)
    names += f", {size:.2g} megapixels on average" if size else ""
    first = f"{names}; median of {counts} block{'s' if counts != '1' else ''}"
    words = "\n".join(filter(None, [first, more]))
    figure.supxlabel(words, fontsize=8, color="#555555", x=0.01, ha="left")
