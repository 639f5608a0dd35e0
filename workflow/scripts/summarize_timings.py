"""Reduce timings.csv to one row a cell and one row a pair, and to a table of single images."""

from pathlib import Path

from imagebench import files, keys, processes
from imagebench.evidence.comparisons import compare_all
from imagebench.evidence.pooling import measures
from imagebench.evidence.summaries import single_images, summarize
from imagebench.evidence.tables import read_timings, write_table


def summarize_timings(timings: Path, summary: Path, comparisons: Path, singles: Path) -> None:
    """Write summary.csv, comparisons.csv and single_images.csv."""
    samples = read_timings(timings)
    cells = summarize(samples)
    tables = {
        summary: cells,
        comparisons: compare_all(measures(samples)),
        singles: single_images(cells),
    }
    for path, table in tables.items():
        with files.published_file(path) as partial:
            write_table(table, partial)


if __name__ == "__main__":
    with processes.in_one_line(snakemake.log[0]):
        summarize_timings(
            Path(snakemake.input.timings),
            Path(snakemake.output.summary),
            Path(snakemake.output.comparisons),
            Path(snakemake.output.singles),
        )
        keys.settle(snakemake.input.stamp)
