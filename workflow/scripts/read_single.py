"""Read one image at a time, and time it; prove that each comes back as it was stored."""

from pathlib import Path
from typing import Any

from imagebench import formats, processes
from imagebench.measuring.records import job_of, read_record, recorded_block
from imagebench.operations import reading


def read_single(store: Path, stored_record: Path, record: Path, job: dict[str, Any]) -> None:
    """Read what ``store_single`` left, verify it, and record what it took."""
    stored = read_record(stored_record)
    backend = formats.load(job["cell"]["backend"])
    with recorded_block(record, store, backend, job) as block:
        block.samples = reading.read_single(
            backend, store, tuple(stored["shape"]), stored["samples"]
        )


if __name__ == "__main__":
    processes.supervised(
        lambda: read_single(
            Path(snakemake.input.store),
            Path(snakemake.input.record),
            Path(snakemake.output.record),
            job_of(snakemake.params),
        ),
        snakemake.log[0],
        what=snakemake.input.store,
    )
