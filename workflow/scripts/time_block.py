"""Time one block of one operation with one backend, verify it, and record what it took."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from imagebench import files, formats, operations, processes
from imagebench.digests import DIGEST_BYTES
from imagebench.images.prepared import source_of
from imagebench.keys import require_key
from imagebench.measuring import locations
from imagebench.measuring.own_memory import watch
from imagebench.measuring.record import publish, read_record, recorded_block
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


def failed(error: str, record: Path, job: dict[str, Any]) -> None:
    """Write a record that says why a block could not be measured.

    A failure is a result: other formats are measured, and the last rule of a run names it.
    """
    if not record.exists():
        publish(record, {"made_with": job, "failed": error})


def measure() -> None:
    """Measure the block that Snakemake asks for, or record why that failed."""
    job, log = snakemake.params.job, Path(snakemake.log[0])
    store, record = Path(snakemake.params.store), Path(snakemake.output.record)
    inputs = {name: Path(path) for name, path in snakemake.input.items() if name != "store"}
    digests = snakemake.output.get("digests")
    cell = job["cell"]
    with processes.in_one_line(log):
        require_key(job, snakemake.wildcards.key, record)
        locations.link(cell["location"], cell["folder"], snakemake.wildcards.name)
        locations.make_ready(cell["location"], cell["folder"], snakemake.wildcards.name)
    if "stored_record" in inputs and (reason := read_record(inputs["stored_record"]).get("failed")):
        failed(reason, record, job)  # it was told when the store was made
        return
    try:
        processes.supervised(
            lambda: time_block(store, record, job, inputs, digests and Path(digests)),
            log,
            what=str(store),
            watch=watch,
        )
    except processes.Interrupted:
        raise
    except SystemExit:
        lines = log.read_text(encoding="utf-8").splitlines()
        failed(lines[-1].removeprefix("error: "), record, job)
        if digests:  # its reader fails with the same words
            store.mkdir(parents=True, exist_ok=True)
            np.save(digests, np.empty((0, DIGEST_BYTES), np.uint8))


if __name__ == "__main__":
    measure()
