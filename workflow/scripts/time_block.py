"""Time one block of one operation with one backend, verify it, and record what it took."""

from pathlib import Path
from typing import Any

import numpy as np
from imagebench import formats, operations, processes
from imagebench.measuring.record import job_of, read_record, recorded_block
from imagebench.operations.base import Target, Work


def time_block(
    store: Path,
    record: Path,
    job: dict[str, Any],
    *,
    images: Path | None = None,
    labels: Path | None = None,
    stored_record: Path | None = None,
) -> None:
    """Store images or read them, and write what that took.

    Args:
        store: the folder to be made, or to be read.
        record: to be made.
        job: all that decides what is measured; see ``recorded_block``.
        images: of the data set, where a store is made.
        labels: of these.
        stored_record: what was recorded when the store was made, where it is there.
    """
    cell, settings = job["cell"], job["settings"]
    operation = operations.load(cell["operation"])
    stored = read_record(stored_record) if stored_record else {}
    wanted = operation.wanted(cell["stored_images"])
    backend = formats.load(cell["backend"])
    with recorded_block(record, store, backend, job) as block:
        work = Work(
            Target(cell["backend"], formats.load, store, settings),
            first_of(images, wanted),
            first_of(labels, wanted),
            stored,
            # The same orders for every backend, other ones in each block.
            np.random.default_rng([settings.get("seed", 0), cell["block"]]),
        )
        block.samples = operation.measure(work)
        block.facts = work.facts


def first_of(array: Path | None, count: int) -> np.ndarray[Any, Any]:
    """Copy the first entries of an array out of its file: the clock starts with them in memory."""
    return np.array(np.load(array, mmap_mode="r")[:count]) if array else np.empty(0, np.uint8)


if __name__ == "__main__":
    inputs = {name: Path(path) for name, path in snakemake.input.items() if name != "store"}
    processes.supervised(
        lambda: time_block(
            Path(snakemake.params.store),
            Path(snakemake.output.record),
            job_of(snakemake.params),
            **inputs,
        ),
        snakemake.log[0],
        what=snakemake.params.store,
    )
