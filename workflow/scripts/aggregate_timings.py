"""Join the records of all jobs into timings.csv, one row a sample."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
from imagebench import files, keys, processes
from imagebench.digests import digest_of
from imagebench.errors import BenchmarkError
from imagebench.evidence.tables import rows_of, write_table
from imagebench.measuring.record import forget_failed, read_record
from imagebench.pieces import Digests
from imagebench.states import RESERVED
from imagebench.wording import reasons_of

NEEDED = (*RESERVED, "in_place")
"""Backends with which others are compared."""


def aggregate_timings(
    records: Iterable[Path],
    names: Mapping[str, str],
    source: Mapping[str, str],
    table: Path,
    failures: Path,
) -> None:
    """Write one row a sample, in the order of the records.

    A record counts only if its name says with what it was made, and if what was stored or read then
    are the images of the data set as it is now. Of a backend that failed anywhere, no row is
    written: what is left would be compared with other cells than those of the others.

    Args:
        records: paths of all planned records.
        names: what figures call each backend.
        source: ``digests`` of the data set's images, or the ``index`` of a folder and the ``order``
            of its images.
        table: to be made.
        failures: to be made: JSON of why backends failed, by their names.

    Raises:
        BenchmarkError: naming the first record that does not belong; or why backends failed, if
            those that others are compared with did, or all others.
    """
    found = {path: read_record(path) for path in records}
    cells = {path: record["made_with"]["cell"] for path, record in found.items()}
    failed: dict[str, str] = {}
    for path, record in found.items():
        if "failed" in record:
            failed.setdefault(cells[path]["backend"], record["failed"])
    left = {cell["backend"] for cell in cells.values()} - failed.keys()
    if failed and (left <= set(NEEDED) or not failed.keys().isdisjoint(NEEDED)):
        forget_failed(found)
        raise BenchmarkError(f"{reasons_of(failed)}. Too little is left to compare")
    counted = {cell["stored_images"] for cell in cells.values()}
    expected = {count: digest_of(first_digests(source, count)) for count in counted}
    rows = []
    for path, record in found.items():
        if cells[path]["backend"] in failed:
            continue
        count = cells[path]["stored_images"]
        # Of single images, each sample is of another one; the first is the data set's first.
        samples = record["samples"][: 1 if count == 1 else None]
        if {sample["source_digest"] for sample in samples} != {expected[count]}:
            raise BenchmarkError(
                f"the record {path} was measured with other images than the data set has now: "
                "delete it and run again"
            )
        rows.extend(rows_of(record, names[cells[path]["backend"]]))
    with files.published_file(table) as partial:
        write_table(rows, partial)
    files.publish_json(failures, failed)


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
            map(Path, snakemake.input.records),
            snakemake.params.names,
            dict(snakemake.input.items()),
            Path(snakemake.output.table),
            Path(snakemake.output.failures),
        )
        keys.settle(snakemake.input.stamp)
