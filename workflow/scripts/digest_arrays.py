"""Digest each image of an array, and give each a label, for a data set that is two .npy files."""

from pathlib import Path

import numpy as np
from imagebench import files, keys, processes
from imagebench.images.arrays import save_parts
from imagebench.images.source import write_digests
from imagebench.pieces import spans

LABELS_TOGETHER = 1 << 20
"""So many labels are copied at once, so that a hundred million take little memory."""


def write_labels(images: Path, labels: Path | None, target: Path) -> None:
    """Copy the labels as int64, or write zeros where there are none."""
    count = len(np.load(images, mmap_mode="r"))
    found = (
        np.broadcast_to(np.int64(0), (count,)) if labels is None else np.load(labels, mmap_mode="r")
    )
    parts = (found[span].astype(np.int64) for span in spans(count, LABELS_TOGETHER))
    with files.published_file(target) as partial:
        save_parts(partial, (count,), parts, np.dtype(np.int64))


def write_all() -> None:
    """Write labels and digests."""
    images = Path(snakemake.input.images)
    given = snakemake.input.get("labels")
    write_labels(images, Path(given) if given else None, Path(snakemake.output.labels))
    write_digests(
        images,
        Path(snakemake.output.labels),
        snakemake.params.image_count,
        snakemake.params.get("copies", {}).get("seed", 0),
        Path(snakemake.output.digests),
    )
    keys.settle(snakemake.input.stamp)


if __name__ == "__main__":
    processes.supervised(write_all, snakemake.log[0], what=snakemake.input.images)
