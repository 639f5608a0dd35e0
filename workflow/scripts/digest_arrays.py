"""Digest each image of an array, and give each a label, for a data set that is two .npy files."""

from pathlib import Path

import numpy as np
from imagebench import files, made_with, processes
from imagebench.images.source import write_digests


def write_labels(images: Path, labels: Path | None, target: Path) -> None:
    """Copy the labels as int64, or write zeros where there are none."""
    count = len(np.load(images, mmap_mode="r"))
    found = np.zeros(count) if labels is None else np.load(labels)
    with files.published_file(target) as partial, open(partial, "wb") as file:
        np.save(file, found.astype(np.int64))


if __name__ == "__main__":
    with processes.in_one_line(snakemake.log[0]):
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
        made_with.write(snakemake.output.made_with, dict(snakemake.params.items()))
