"""Turn an archive of pickled batches into one array of images and one of labels."""

from pathlib import Path

from imagebench import files, keys, processes
from imagebench.images.arrays import join_batches, save_parts
from imagebench.images.batches import CIFAR10, LAYOUTS, Layout, read_archive


def unpickle_batches(
    archive: Path, images: Path, labels: Path, threads: int, layout: Layout = CIFAR10
) -> None:
    """Read every batch in its natural order, and write the arrays."""
    arrays = join_batches(read_archive(archive, layout), threads)
    for path, array in zip((images, labels), arrays, strict=True):
        with files.published_file(path) as partial:
            save_parts(partial, array.shape, [array])


def write_all() -> None:
    """Unpickle the batches."""
    unpickle_batches(
        Path(snakemake.input.archive),
        Path(snakemake.output.images),
        Path(snakemake.output.labels),
        snakemake.threads,
        LAYOUTS.get(snakemake.params.dataset, CIFAR10),
    )
    keys.settle(snakemake.input.stamp)


if __name__ == "__main__":
    processes.supervised(write_all, snakemake.log[0], what=snakemake.input.archive)
