"""Repeat the data set until it has as many images as the config asks for."""

from pathlib import Path

from imagebench import files, made_with, processes
from imagebench.images.arrays import repeat_array


def double_images(source: Path, target: Path, image_count: int) -> None:
    """Repeat one array, of images or of labels."""
    with files.published_file(target) as partial:
        repeat_array(source, partial, image_count)


if __name__ == "__main__":
    with processes.in_one_line(snakemake.log[0]):
        for array in ("images", "labels"):
            double_images(
                Path(snakemake.input[array]),
                Path(snakemake.output[array]),
                snakemake.params.image_count,
            )
        made_with.write(snakemake.output.made_with, dict(snakemake.params.items()))
