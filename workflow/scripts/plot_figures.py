"""Draw every figure from summary.csv, single_images.csv and forecast.csv."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from pathlib import Path

from imagebench import files, keys, processes
from imagebench.evidence.tables import read_table
from imagebench.figures import registry
from matplotlib.figure import Figure

DRAWN: dict[str, Figure] = {}
"""Filled before processes are forked, which then have it without its being handed over."""


def plot_figures(
    summary: Path, singles: Path, forecast: Path, targets: list[Path], processes: int
) -> None:
    """Draw the figures that are named, each as the file type that its ending says.

    Args:
        summary: summary.csv.
        singles: single_images.csv.
        forecast: forecast.csv.
        targets: the files to make, each called after its figure, such as disk_use.svg.
        processes: how many save at once, where processes can be forked.
    """
    names = dict.fromkeys(target.stem for target in targets)
    tables = (read_table(path) for path in (summary, singles))
    DRAWN.update(registry.draw_all(*tables, names, read_table(forecast)))
    if "fork" not in multiprocessing.get_all_start_methods():
        for name in DRAWN:
            save_figure(name, targets)
        return
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        list(pool.map(save_figure, DRAWN, repeat(targets)))


def save_figure(name: str, targets: list[Path]) -> None:
    """Write the files of one figure."""
    for target in targets:
        if target.stem == name:
            with files.published_file(target) as partial:
                registry.save(DRAWN[name], partial, target.suffix.lstrip("."))


if __name__ == "__main__":
    with processes.in_one_line(snakemake.log[0]):
        plot_figures(
            Path(snakemake.input.summary),
            Path(snakemake.input.singles),
            Path(snakemake.input.forecast),
            [Path(figure) for figure in snakemake.output.figures],
            snakemake.threads,
        )
        keys.settle(snakemake.input.stamp)
