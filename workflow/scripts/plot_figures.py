"""Draw every figure from summary.csv, single_images.csv and forecast.csv."""

import multiprocessing
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import matplotlib.figure  # noqa: F401 - here, so that forked processes have it
import pandas as pd
from imagebench import files, keys, processes
from imagebench.evidence.tables import read_table
from imagebench.figures import registry


def plot_figures(
    summary: Path, singles: Path, forecast: Path, targets: list[Path], processes: int
) -> None:
    """Draw the figures that are named, each as the file type that its ending says.

    Args:
        summary: summary.csv.
        singles: single_images.csv.
        forecast: forecast.csv.
        targets: the files to make, each called after its figure, such as disk_use.svg.
        processes: how many draw at once. They are forked, so that they import nothing themselves.
    """
    tables = [read_table(path) for path in (summary, singles, forecast)]
    names = dict.fromkeys(target.stem for target in targets)
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        list(pool.map(partial(plot_figure, tables, targets), names))


def plot_figure(tables: Sequence[pd.DataFrame], targets: list[Path], name: str) -> None:
    """Draw one figure, and write its files."""
    summary, singles, forecast = tables
    figure = registry.draw_all(summary, singles, [name], forecast)[name]
    for target in targets:
        if target.stem == name:
            with files.published_file(target) as partial_file:
                registry.save(figure, partial_file, target.suffix.lstrip("."))


def write_captions(targets: list[Path]) -> None:
    """Write what is said below each figure, for Snakemake's report."""
    facts = registry.every()
    for target in targets:
        with files.published_file(target) as partial_file:
            partial_file.write_text(facts[target.stem]["caption"] + "\n", encoding="utf-8")


if __name__ == "__main__":
    with processes.in_one_line(snakemake.log[0]):
        plot_figures(
            Path(snakemake.input.summary),
            Path(snakemake.input.singles),
            Path(snakemake.input.forecast),
            [Path(figure) for figure in snakemake.output.figures],
            snakemake.threads,
        )
        write_captions([Path(caption) for caption in snakemake.output.captions])
        keys.settle(snakemake.input.stamp)
