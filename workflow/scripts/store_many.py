"""Store many images at once, and time it."""

from pathlib import Path
from typing import Any

import numpy as np
from imagebench import backends, failures
from imagebench.measurement import experiments
from imagebench.measurement.digests import digest
from imagebench.measurement.machine import conditions
from imagebench.measurement.records import write_record


def store_many(images: Path, labels: Path, store: Path, record: Path, cell: dict[str, Any]) -> None:
    """Store the first images of a data set, and record what it took."""
    backend = backends.load(cell["backend"])
    # Copied out of the file: what is stored must be in memory before the clock starts.
    some_images = np.array(np.load(images, mmap_mode="r")[: cell["images"]])
    some_labels = np.array(np.load(labels, mmap_mode="r")[: cell["images"]])
    environment = conditions(store.parent, backend.libraries)
    samples = experiments.store_many(backend, some_images, some_labels, store)
    write_record(
        record,
        samples,
        **cell,
        backend_label=backend.label,
        shape=some_images.shape,
        cache="not_applicable",
        digest=digest(some_images, some_labels),
        conditions=environment,
    )


if __name__ == "__main__":
    with failures.in_one_line(snakemake.log[0]):
        store_many(
            Path(snakemake.input.images),
            Path(snakemake.input.labels),
            Path(snakemake.output.store),
            Path(snakemake.output.record),
            snakemake.params.cell,
        )
