"""Time one block of one operation with one backend, verify it, and record what it took."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from imagebench import files, formats, operations, processes
from imagebench.images.source import ArraySource
from imagebench.measuring.record import job_of, read_record, recorded_block
from imagebench.operations.base import Target, Work
from imagebench.pieces import PIECE_BYTES


def time_block(
    store: Path,
    record: Path,
    job: dict[str, Any],
    inputs: Mapping[str, Path],
    digests: Path | None = None,
) -> None:
    """Store images or read them, and write what that took.

    Args:
        store: the folder to be made, or to be read.
        record: to be made.
        job: all that decides what is measured; see ``recorded_block``.
        inputs: ``images``, ``labels`` and ``digests`` of the data set, where a store is made;
            ``stored_record`` and the ``digests`` that were left with it, where one is there.
        digests: to be made: of what must come back from the store.
    """
    cell, settings = job["cell"], job["settings"]
    operation = operations.load(cell["operation"])
    backend = formats.load(cell["backend"])
    source, stored, expected = None, {}, np.load(inputs["digests"], mmap_mode="r")
    if "stored_record" in inputs:
        stored = read_record(inputs["stored_record"])
    else:
        source = ArraySource(
            np.load(inputs["images"], mmap_mode="r"),
            np.load(inputs["labels"]),
            expected[: operation.wanted(cell["stored_images"])],
            job["images"].get("copies", {}).get("seed", 0),
            settings.get("piece_bytes", PIECE_BYTES),
        )
    with recorded_block(record, store, backend, job) as block:
        work = Work(
            Target(cell["backend"], formats.load, store, settings),
            source,
            stored,
            expected,
            # The same orders for every backend, other ones in each block.
            np.random.default_rng([settings.get("seed", 0), cell["block"]]),
        )
        block.samples = operation.measure(work)
        block.facts = work.facts
    if digests:
        with files.published_file(digests) as partial, open(partial, "wb") as file:
            np.save(file, work.digests)


if __name__ == "__main__":
    inputs = {name: Path(path) for name, path in snakemake.input.items() if name != "store"}
    outputs = {name: Path(path) for name, path in snakemake.output.items() if name != "store"}
    processes.supervised(
        lambda: time_block(
            Path(snakemake.params.store), job=job_of(snakemake.params), inputs=inputs, **outputs
        ),
        snakemake.log[0],
        what=snakemake.params.store,
    )
