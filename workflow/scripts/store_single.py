"""Store one image at a time, and time it."""

from pathlib import Path
from typing import Any

import numpy as np
from imagebench import backends, failures
from imagebench.measurement import experiments
from imagebench.measurement.clock import MOST_CALLS
from imagebench.measurement.machine import conditions
from imagebench.measurement.records import write_record


def store_single(
    images: Path, labels: Path, store: Path, record: Path, cell: dict[str, Any]
) -> None:
    """Store the first images of a data set each by itself, and record what it took."""
    backend = backends.load(cell["backend"])
    some_images = np.array(np.load(images, mmap_mode="r")[:MOST_CALLS])
    some_labels = np.array(np.load(labels, mmap_mode="r")[:MOST_CALLS])
    environment = conditions(store.parent, backend.libraries)
    samples, digests = experiments.store_single(backend, some_images, some_labels, store)
    write_record(
        record,
        samples,
        **cell,
        backend_label=backend.label,
        shape=some_images.shape[1:],
        cache="not_applicable",
        digests=digests,
        conditions=environment,
    )


if __name__ == "__main__":
    with failures.in_one_line(snakemake.log[0]):
        store_single(
            Path(snakemake.input.images),
            Path(snakemake.input.labels),
            Path(snakemake.output.store),
            Path(snakemake.output.record),
            snakemake.params.cell,
        )
