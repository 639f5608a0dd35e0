"""Read a whole store, and time it; prove that it brings back what was stored."""

from pathlib import Path
from typing import Any

from imagebench import formats, processes
from imagebench.measuring.records import job_of, read_record, recorded_block
from imagebench.operations import reading


def read_many(store: Path, stored_record: Path, record: Path, job: dict[str, Any]) -> None:
    """Read what ``store_many`` left, verify it, and record what it took."""
    stored = read_record(stored_record)
    backend = formats.load(job["cell"]["backend"])
    with recorded_block(record, store, backend, job) as block:
        block.samples = reading.read_many(
            backend, store, tuple(stored["shape"]), stored["samples"][-1]
        )
        block.facts["psnr_db"] = stored["psnr_db"]
        block.facts["codec_seconds"] = stored["decode_seconds"]


if __name__ == "__main__":
    processes.supervised(
        lambda: read_many(
            Path(snakemake.input.store),
            Path(snakemake.input.record),
            Path(snakemake.output.record),
            job_of(snakemake.params),
        ),
        snakemake.log[0],
        what=snakemake.input.store,
    )
