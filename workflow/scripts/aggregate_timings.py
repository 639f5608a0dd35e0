"""Join the records of all jobs into timings.csv, one row a sample."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from imagebench import files, made_with, processes
from imagebench.digests import digest_of
from imagebench.errors import BenchmarkError
from imagebench.evidence.tables import rows_of, write_table
from imagebench.measuring.record import read_record
from imagebench.pieces import Digests


def aggregate_timings(
    records: Mapping[Path, str], names: Mapping[str, str], source: Mapping[str, str], table: Path
) -> None:
    """Write one row a sample, in the order of the records.

    A record counts only if it was made with what the plan says, and if what was stored or read then
    are the images of the data set as it is now.

    Args:
        records: the fingerprint that each must have, by its path.
        names: what figures call each backend.
        source: ``digests`` of the data set's images, or the ``index`` of a folder and the ``order``
            of its images.
        table: to be made.

    Raises:
        BenchmarkError: naming the first record that does not belong.
    """
    found = {path: read_record(path) for path in records}
    counts = {path: record["made_with"]["cell"]["stored_images"] for path, record in found.items()}
    expected = {count: digest_of(first_digests(source, count)) for count in set(counts.values())}
    rows = []
    for path, record in found.items():
        if made_with.fingerprint(record["made_with"]) != records[path]:
            raise BenchmarkError(
                f"the record {path} was made with something else than the config, the code and the "
                "libraries of now: delete it and run again"
            )
        # Of single images, each sample is of another one; the first is the data set's first.
        samples = record["samples"][: 1 if counts[path] == 1 else None]
        if {sample["source_digest"] for sample in samples} != {expected[counts[path]]}:
            raise BenchmarkError(
                f"the record {path} was measured with other images than the data set has now: "
                "delete it and run again"
            )
        rows.extend(rows_of(record, names[record["made_with"]["cell"]["backend"]]))
    with files.published_file(table) as partial:
        write_table(rows, partial)


def first_digests(source: Mapping[str, str], count: int) -> Digests:
    """Give the digests of so many images, in the order in which they are stored."""
    if "digests" in source:
        digests: Digests = np.load(source["digests"], mmap_mode="r")[:count]
        return digests
    rows = np.load(source["index"])
    pixels: Digests = rows["pixels"][np.sort(np.load(source["order"])[:count])]
    return pixels


if __name__ == "__main__":
    with processes.in_one_line(snakemake.log[0]):
        aggregate_timings(
            {Path(record): digest for record, digest in snakemake.params.plan.items()},
            snakemake.params.names,
            dict(snakemake.input.items()),
            Path(snakemake.output.table),
        )
        made_with.write(snakemake.output.made_with, dict(snakemake.params.items()))
