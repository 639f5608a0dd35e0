"""Repeat the data set until it has as many images as the config asks for, and digest each.

The tutorial doubles it, which is done here too. Further copies are not written: ``ArraySource``
makes them while they are stored.
"""

from pathlib import Path

from imagebench import files, keys, processes
from imagebench.images.arrays import repeat_array
from imagebench.images.source import write_digests


def repeated(source: Path, target: Path, image_count: int) -> None:
    """Repeat one array, of images or of labels, at most twice."""
    with files.published_file(target) as partial:
        repeat_array(source, partial, image_count, most_times=2)


def write_all() -> None:
    """Repeat images and labels, and digest them."""
    count = snakemake.params.image_count
    seed = snakemake.params.get("copies", {}).get("seed", 0)
    arrays = [Path(snakemake.output[name]) for name in ("images", "labels")]
    for name, target in zip(("images", "labels"), arrays, strict=True):
        repeated(Path(snakemake.input[name]), target, count)
    write_digests(*arrays, count, seed, Path(snakemake.output.digests))
    keys.settle(snakemake.input.stamp)


if __name__ == "__main__":
    processes.supervised(write_all, snakemake.log[0], what=snakemake.output.images)
