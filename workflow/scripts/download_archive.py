"""Download the archive of CIFAR-10 and check its hash."""

from pathlib import Path

from imagebench import failures
from imagebench.datasets.download import fetch_archive

if __name__ == "__main__":
    with failures.in_one_line(snakemake.log[0]):
        fetch_archive(
            snakemake.params.source["url"],
            snakemake.params.source["md5"],
            Path(snakemake.output.archive),
        )
