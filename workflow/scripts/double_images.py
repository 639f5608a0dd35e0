"""Repeat the data set until it has as many images as the config asks for, and digest each.

The tutorial doubles it, which is done here too. Further copies are not written: ``ArraySource``
makes them while they are stored.
"""

from pathlib import Path

import numpy as np
from imagebench import files, made_with, processes
from imagebench.digests import DIGEST_BYTES, image_digests
from imagebench.images.arrays import repeat_array, save_parts
from imagebench.images.source import ArraySource


def repeated(source: Path, target: Path, image_count: int) -> None:
    """Repeat one array, of images or of labels, at most twice."""
    with files.published_file(target) as partial:
        repeat_array(source, partial, image_count, most_times=2)


def write_digests(images: Path, labels: Path, count: int, seed: int, target: Path) -> None:
    """Digest each of so many images, and write an array of shape (count, 32), uint8.

    Args:
        images: that are repeated.
        labels: of these.
        count: how many images there are to be.
        seed: of how copies are changed.
        target: the .npy file to make.
    """
    none_yet = np.broadcast_to(np.uint8(0), (count, DIGEST_BYTES))
    source = ArraySource(np.load(images, mmap_mode="r"), np.load(labels), none_yet, seed)
    with files.published_file(target) as partial:
        parts = (image_digests(*piece) for piece in source.pieces())
        save_parts(partial, none_yet.shape, parts)


if __name__ == "__main__":
    with processes.in_one_line(snakemake.log[0]):
        count = snakemake.params.image_count
        seed = snakemake.params.get("copies", {}).get("seed", 0)
        arrays = [Path(snakemake.output[name]) for name in ("images", "labels")]
        for name, target in zip(("images", "labels"), arrays, strict=True):
            repeated(Path(snakemake.input[name]), target, count)
        write_digests(*arrays, count, seed, Path(snakemake.output.digests))
        made_with.write(snakemake.output.made_with, dict(snakemake.params.items()))
