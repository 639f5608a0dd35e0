"""Reduce timings.csv to one row a cell, and to a table of single images."""

from pathlib import Path

from imagebench import failures, files
from imagebench.analysis.tables import read_timings, single_images, summarize, write_table


def summarize_timings(timings: Path, summary: Path, singles: Path) -> None:
    """Write summary.csv and single_images.csv."""
    cells = summarize(read_timings(timings))
    with files.published_file(summary) as partial:
        write_table(cells, partial)
    with files.published_file(singles) as partial:
        write_table(single_images(cells), partial)


if __name__ == "__main__":
    with failures.in_one_line(snakemake.log[0]):
        summarize_timings(
            Path(snakemake.input.timings),
            Path(snakemake.output.summary),
            Path(snakemake.output.singles),
        )
