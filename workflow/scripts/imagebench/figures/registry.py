"""Every figure there is: its name, what it is about, when it applies, and how it is drawn.

A figure is made by a file of this folder that has a table ``FIGURES``, read here without running
the file, and a function ``draw``. For each name the table has:

- ``category``, ``scale``: under which heading of Snakemake's report it is, and what sets it apart;
- ``caption``: what is said below it there and on the page;
- ``applies``: "always", to "few" formats at several numbers of images, to "many" formats or where
  there is one number of images, or to "several locations";
- ``place``: its place among the figures on the page; without one, it is not there.
"""

import importlib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import discover
from ..errors import BenchmarkError
from . import MOST_LINES

if TYPE_CHECKING:  # whoever asks for names alone need not wait for these to be imported
    import pandas as pd
    from matplotlib.figure import Figure

FOLDER = Path(__file__).parent


def every() -> dict[str, dict[str, Any]]:
    """Give the facts of every figure by its name, with the file that draws it as ``drawn_by``."""
    return {
        name: {**facts, "drawn_by": file}
        for file in discover.stems(FOLDER)
        for name, facts in discover.constants(FOLDER / f"{file}.py").get("FIGURES", {}).items()
    }


def that_apply(backends: int, locations: int, counts: int = 2) -> dict[str, dict[str, Any]]:
    """Give the figures that can be read with so many backends, locations and numbers of images.

    With fewer of each than these they can be read, too.
    """
    applying = {"always", "few" if backends <= MOST_LINES and counts > 1 else "many"}
    if locations > 1:
        applying.add("several locations")
    return {name: facts for name, facts in every().items() if facts["applies"] in applying}


def on_page(figures: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Name those of some figures that the page shows, in its order."""
    placed = [name for name, facts in figures.items() if "place" in facts]
    return sorted(placed, key=lambda name: (figures[name]["place"], name))


def draw_all(
    summary: "pd.DataFrame",
    singles: "pd.DataFrame",
    names: Collection[str] | None = None,
    forecast: "pd.DataFrame | None" = None,
) -> dict[str, "Figure"]:
    """Draw figures.

    Args:
        summary: one row a cell, as ``summaries.summarize`` makes it.
        singles: one row a backend, as ``summaries.single_images`` makes it.
        names: of the figures that are wanted; if none are given, all that apply.
        forecast: one row for each time that is foretold, as ``answer_uses`` makes it.

    Returns:
        Figures by the name of their file.

    Raises:
        BenchmarkError: if there is nothing to draw.
    """
    import pandas as pd

    from ..evidence.pooling import shown
    from ..states import CONTROL
    from . import style
    from .measures import Tables

    cells = shown(summary)
    if names is None:
        counts = cells.loc[cells["operation"] == "store_many", "images"].nunique()
        names = that_apply(cells["backend"].nunique(), cells["location"].nunique(), counts)
    # The control is the baseline once more: it belongs into tables, and hides it in a figure.
    cells = cells[cells["backend"] != CONTROL]
    singles = singles[singles["backend"] != CONTROL]
    if cells.empty or singles.empty:
        raise BenchmarkError("summary.csv holds no cells, so that there is nothing to draw")
    style.apply()
    if forecast is None:
        forecast = pd.DataFrame(columns=[*cells.columns, "refused"])
    tables = Tables(cells, singles, forecast)
    files = {name: facts["drawn_by"] for name, facts in every().items()}
    return {
        name: importlib.import_module(f"{__package__}.{files[name]}").draw(name, tables)
        for name in names
    }


def save(figure: "Figure", path: Path, file_type: str) -> None:
    """Write a figure as png or svg; the same figure always gives the same bytes.

    ``Figure.savefig`` would draw everything twice, and lay it out for each file.
    """
    from matplotlib import rcParams
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    engine = figure.get_layout_engine()
    if isinstance(engine, ConstrainedLayoutEngine):
        engine.execute(figure)
        figure.set_layout_engine("none")
    figure.dpi = rcParams["savefig.dpi"]
    if file_type == "svg":
        FigureCanvasSVG(figure).print_svg(path, metadata={"Date": None})  # type: ignore[no-untyped-call]
    else:
        FigureCanvasAgg(figure).print_png(path, metadata={"Software": None})  # type: ignore[no-untyped-call]
