"""Make images that are stored like CIFAR-10's, as an archive in its layout."""

from pathlib import Path

from imagebench import files, keys, processes
from imagebench.images.batches import BATCHES, write_archive
from imagebench.images.lookalike import CLASS_NAMES, make_images

MOST_IMAGES = 50_000
"""As many different images as CIFAR-10 has for training."""


def images_to_make(image_count: int) -> int:
    """No more than are asked for, no more than CIFAR-10 has, and batches of one size."""
    batches = len(BATCHES)
    return min(-(-image_count // batches) * batches, MOST_IMAGES)


def synthesize_archive(archive: Path, image_count: int, seed: int, threads: int) -> None:
    """Make enough images for ``image_count``, and write them."""
    images, labels = make_images(images_to_make(image_count), seed, threads)
    with files.published_file(archive) as partial:
        write_archive(partial, images, labels, CLASS_NAMES)


def write_all() -> None:
    """Make the archive."""
    synthesize_archive(
        Path(snakemake.output.archive),
        snakemake.params.images["image_count"],
        snakemake.params.images["seed"],
        snakemake.threads,
    )
    keys.settle(snakemake.input.stamp)


if __name__ == "__main__":
    processes.supervised(write_all, snakemake.log[0], what=snakemake.output.archive)
