"""Read images in one of the ways that training does, and time it; verify every one."""

from pathlib import Path
from typing import Any

import numpy as np
from imagebench import formats, operations, processes
from imagebench.measuring import encoding
from imagebench.measuring.records import job_of, recorded_block
from imagebench.operations import accessing
from imagebench.operations.base import Target


def read_access(
    images: Path,
    labels: Path,
    store: Path,
    record: Path,
    job: dict[str, Any],
) -> None:
    """Store images, read them, and record what reading took.

    Args:
        images: all images.
        labels: of these.
        store: a folder to be made, and removed at the end.
        record: to be made.
        job: see ``recorded_block``; its settings are ``seed``, and what else of the config the
            operation has named.
    """
    cell, settings = job["cell"], job["settings"]
    backend = formats.load(cell["backend"])
    with recorded_block(record, store, backend, job) as block:
        some_images = np.array(np.load(images, mmap_mode="r")[: cell["stored_images"]])
        some_labels = np.array(np.load(labels, mmap_mode="r")[: cell["stored_images"]])
        back = backend.as_read(some_images)
        block.facts["psnr_db"] = encoding.signal_to_noise(some_images, back)
        block.samples = accessing.measure(
            operations.load(cell["operation"]),
            Target(cell["backend"], formats.load, store, some_images.shape, settings),
            some_images,
            some_labels,
            # The same orders for every backend, other ones in each block.
            np.random.default_rng([settings["seed"], cell["block"]]),
        )


if __name__ == "__main__":
    processes.supervised(
        lambda: read_access(
            Path(snakemake.input.images),
            Path(snakemake.input.labels),
            Path(snakemake.params.store),
            Path(snakemake.output.record),
            job_of(snakemake.params),
        ),
        snakemake.log[0],
        what=snakemake.params.store,
    )
