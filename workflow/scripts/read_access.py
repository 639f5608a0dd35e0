"""Read a store in one of the ways that training does, and time it; verify every image."""

from pathlib import Path
from typing import Any

import numpy as np
from imagebench import backends, failures
from imagebench.measurement import access, accessing
from imagebench.measurement.access.base import Target
from imagebench.measurement.records import read_record, recorded_block


def read_access(
    images: Path,
    labels: Path,
    store: Path,
    stored_record: Path,
    record: Path,
    *,
    cell: dict[str, Any],
    settings: dict[str, Any],
    code: dict[str, str],
) -> None:
    """Read what ``fill_store`` left, and record what it took.

    Args:
        images: all images, from which the store was made.
        labels: of these.
        store: what is read.
        stored_record: of ``fill_store``.
        record: to be made.
        cell: what it is of.
        settings: ``seed``, and what else of the config the operation has named.
        code: see ``recorded_block``.
    """
    stored = read_record(stored_record)
    shape = tuple(stored["shape"])
    backend = backends.load(cell["backend"])
    with recorded_block(record, store, backend, cell, code) as block:
        block.facts["psnr_db"] = stored["psnr_db"]
        block.samples = accessing.measure(
            access.load(cell["operation"]),
            Target(cell["backend"], backends.load, store, shape, settings),
            np.array(np.load(images, mmap_mode="r")[: shape[0]]),
            np.array(np.load(labels, mmap_mode="r")[: shape[0]]),
            stored=stored["samples"][-1],
            # The same orders for every backend, other ones in each block.
            generator=np.random.default_rng([settings["seed"], cell["block"]]),
        )


if __name__ == "__main__":
    failures.supervised(
        lambda: read_access(
            Path(snakemake.input.images),
            Path(snakemake.input.labels),
            Path(snakemake.input.store),
            Path(snakemake.input.record),
            Path(snakemake.output.record),
            cell=snakemake.params.cell,
            settings=snakemake.params.settings,
            code=snakemake.params.code,
        ),
        snakemake.log[0],
        what=snakemake.input.store,
    )
