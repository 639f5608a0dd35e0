"""Draw every figure from summary.csv and single_images.csv."""

from pathlib import Path

import pandas as pd
from imagebench import failures, files
from imagebench.analysis import figures


def plot_figures(summary: Path, singles: Path, targets: list[Path]) -> None:
    """Draw the figures that are named, each as the file type that its ending says.

    Args:
        summary: summary.csv.
        singles: single_images.csv.
        targets: the files to make, each called after its figure, such as disk_use.svg.
    """
    drawn = figures.draw_all(pd.read_csv(summary), pd.read_csv(singles))
    for target in targets:
        with files.published_file(target) as partial:
            figures.save(drawn[target.stem], partial, target.suffix.lstrip("."))


if __name__ == "__main__":
    with failures.in_one_line(snakemake.log[0]):
        plot_figures(
            Path(snakemake.input.summary),
            Path(snakemake.input.singles),
            [Path(figure) for figure in snakemake.output],
        )
