"""Store one image at a time, and time it."""

from pathlib import Path
from typing import Any

import numpy as np
from imagebench import formats, processes
from imagebench.measuring.clock import MOST_CALLS
from imagebench.measuring.records import job_of, recorded_block
from imagebench.operations import storing


def store_single(
    images: Path,
    labels: Path,
    store: Path,
    record: Path,
    job: dict[str, Any],
) -> None:
    """Store the first images of a data set each by itself, and record what it took."""
    backend = formats.load(job["cell"]["backend"])
    with recorded_block(record, store, backend, job) as block:
        some_images = np.array(np.load(images, mmap_mode="r")[:MOST_CALLS])
        some_labels = np.array(np.load(labels, mmap_mode="r")[:MOST_CALLS])
        block.facts["shape"] = some_images.shape[1:]
        block.samples = storing.store_single(backend, some_images, some_labels, store)


if __name__ == "__main__":
    processes.supervised(
        lambda: store_single(
            Path(snakemake.input.images),
            Path(snakemake.input.labels),
            Path(snakemake.output.store),
            Path(snakemake.output.record),
            job_of(snakemake.params),
        ),
        snakemake.log[0],
        what=snakemake.output.store,
    )
