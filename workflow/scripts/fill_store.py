"""Store images for the ways of access to read."""

from pathlib import Path
from typing import Any

import numpy as np
from imagebench import backends, failures
from imagebench.measurement import encoding, storing
from imagebench.measurement.records import recorded_block


def fill_store(
    images: Path,
    labels: Path,
    store: Path,
    record: Path,
    *,
    cell: dict[str, Any],
    code: dict[str, str],
) -> None:
    """Store the first images of a data set, and record what they are; it is timed for no table."""
    backend = backends.load(cell["backend"])
    with recorded_block(record, store, backend, cell, code) as block:
        some_images = np.array(np.load(images, mmap_mode="r")[: cell["images"]])
        some_labels = np.array(np.load(labels, mmap_mode="r")[: cell["images"]])
        block.samples = [storing.fill(backend, some_images, some_labels, store)]
        block.facts["shape"] = some_images.shape
        block.facts["psnr_db"] = encoding.signal_to_noise(some_images, backend.as_read(some_images))


if __name__ == "__main__":
    failures.supervised(
        lambda: fill_store(
            Path(snakemake.input.images),
            Path(snakemake.input.labels),
            Path(snakemake.output.store),
            Path(snakemake.output.record),
            cell=snakemake.params.cell,
            code=snakemake.params.code,
        ),
        snakemake.log[0],
        what=snakemake.output.store,
    )
