"""Download the archive of CIFAR-10 and check its hash."""

from pathlib import Path

from imagebench import keys, processes
from imagebench.images.download import fetch_archive

if __name__ == "__main__":
    with processes.in_one_line(snakemake.log[0]):
        fetch_archive(
            snakemake.params.url,
            snakemake.params.md5,
            Path(snakemake.output.archive),
        )
        keys.settle(snakemake.input.stamp)
