"""Time one block of one operation with one backend, verify it, and record what it took."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from imagebench import files, formats, operations, processes
from imagebench.images.prepared import source_of
from imagebench.measuring.own_memory import watch
from imagebench.measuring.record import job_of, read_record, recorded_block
from imagebench.operations.base import Target, Work
from imagebench.pieces import Source


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
        inputs: of the data set, where a store is made: ``images``, ``labels`` and ``digests``, or
            the ``index`` of a folder and the ``order`` of its images; ``stored_record`` and the
            ``digests`` that were left with it, where one is there.
        digests: to be made: of what must come back from the store.
    """
    cell, settings = job["cell"], job["settings"]
    operation = operations.load(cell["operation"])
    backend = formats.load(cell["backend"])
    source, stored = None, {}
    if "stored_record" in inputs:
        stored, expected = read_record(inputs["stored_record"]), np.load(inputs["digests"])
    else:
        source = source_of(inputs, operation.wanted(cell["stored_images"]), job)
        expected = source.digests
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
        block.facts = {**images_in(cell["stored_images"], source, stored), **work.facts}
    if digests:
        with files.published_file(digests) as partial, open(partial, "wb") as file:
            np.save(file, work.digests)


def images_in(count: int, source: Source | None, stored: Mapping[str, Any]) -> dict[str, Any]:
    """Say how many pixels a store of so many images has, and bytes of their files if they have any.

    Of single images, it is the mean of those that are stored.
    """
    if source is None:
        return {name: stored[name] for name in ("pixels", "bytes_original")}
    facts, share = source.facts, count / source.facts.count
    files = None if facts.file_bytes is None else round(share * int(facts.file_bytes.sum()))
    return {"pixels": round(share * facts.pixels), "bytes_original": files}


if __name__ == "__main__":
    inputs = {name: Path(path) for name, path in snakemake.input.items() if name != "store"}
    outputs = {name: Path(path) for name, path in snakemake.output.items() if name != "store"}
    processes.supervised(
        lambda: time_block(
            Path(snakemake.params.store), job=job_of(snakemake.params), inputs=inputs, **outputs
        ),
        snakemake.log[0],
        what=snakemake.params.store,
        watch=watch,
    )
