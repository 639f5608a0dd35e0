"""Join the records of all jobs into timings.csv, one row a sample."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from imagebench import failures, files
from imagebench.analysis.tables import rows_of, write_table
from imagebench.failures import BenchmarkError
from imagebench.measurement.digests import digest
from imagebench.measurement.records import read_record


def aggregate_timings(
    records: Sequence[Path], plan: Sequence[dict[str, Any]], images: Path, labels: Path, table: Path
) -> None:
    """Write one row a sample, in the order of the plan.

    A record counts only if it is of the cell that the plan has in its place, and if what was stored
    or read then are the images of the data set as it is now.

    Raises:
        BenchmarkError: naming the first record that does not belong.
    """
    digests = prefix_digests(images, labels, {cell["stored_images"] for cell in plan})
    rows = []
    for path, cell in zip(records, plan, strict=True):
        record = read_record(path)
        wrong = [name for name, value in cell.items() if record.get(name) != value]
        if wrong:
            raise BenchmarkError(
                f"the record {path} is of another {wrong[0]} ({record.get(wrong[0])!r}, not "
                f"{cell[wrong[0]]!r}): delete it and run again"
            )
        # Of single images, each sample is of another one; the first is the data set's first.
        samples = record["samples"][: 1 if cell["stored_images"] == 1 else None]
        found = {sample.get("source_digest") for sample in samples}
        if found != {digests[cell["stored_images"]]}:
            raise BenchmarkError(
                f"the record {path} was measured with other images than the data set has now: "
                "delete it and run again"
            )
        rows.extend(rows_of(record))
    with files.published_file(table) as partial:
        write_table(rows, partial)


def prefix_digests(images: Path, labels: Path, counts: set[int]) -> dict[int, str]:
    """Digest the first images and labels of the data set, for each number of images."""
    all_images, all_labels = np.load(images, mmap_mode="r"), np.load(labels, mmap_mode="r")
    return {count: digest(all_images[:count], all_labels[:count]) for count in counts}


if __name__ == "__main__":
    with failures.in_one_line(snakemake.log[0]):
        aggregate_timings(
            [Path(record) for record in snakemake.input.records],
            snakemake.params.plan["cells"],
            Path(snakemake.input.images),
            Path(snakemake.input.labels),
            Path(snakemake.output.table),
        )
