"""Store many images at once, and time it."""

from pathlib import Path
from typing import Any

import numpy as np
from imagebench import formats, processes
from imagebench.measuring import encoding
from imagebench.measuring.records import job_of, recorded_block
from imagebench.operations import storing


def store_many(
    images: Path,
    labels: Path,
    store: Path,
    record: Path,
    job: dict[str, Any],
) -> None:
    """Store the first images of a data set, and record what it took."""
    backend = formats.load(job["cell"]["backend"])
    with recorded_block(record, store, backend, job) as block:
        # Copied out of the file: what is stored must be in memory before the clock starts.
        some_images = np.array(np.load(images, mmap_mode="r")[: job["cell"]["images"]])
        some_labels = np.array(np.load(labels, mmap_mode="r")[: job["cell"]["images"]])
        block.facts["shape"] = some_images.shape
        block.samples = storing.store_many(backend, some_images, some_labels, store)
        block.facts |= encoding.codec_facts(backend, some_images)
        block.facts["codec_seconds"] = block.facts["encode_seconds"]


if __name__ == "__main__":
    processes.supervised(
        lambda: store_many(
            Path(snakemake.input.images),
            Path(snakemake.input.labels),
            Path(snakemake.output.store),
            Path(snakemake.output.record),
            job_of(snakemake.params),
        ),
        snakemake.log[0],
        what=snakemake.output.store,
    )
