"""Turn an archive of pickled batches into one array of images and one of labels."""

from pathlib import Path

from imagebench import failures, files
from imagebench.datasets.arrays import join_batches
from imagebench.datasets.batches import read_archive


def unpickle_batches(archive: Path, images: Path, labels: Path) -> None:
    """Read every batch in its natural order, and write the arrays."""
    batches = read_archive(archive)
    with files.published_file(images) as new_images, files.published_file(labels) as new_labels:
        join_batches(batches, new_images, new_labels)


if __name__ == "__main__":
    with failures.in_one_line(snakemake.log[0]):
        unpickle_batches(
            Path(snakemake.input.archive),
            Path(snakemake.output.images),
            Path(snakemake.output.labels),
        )
