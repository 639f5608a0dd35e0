"""Read one image at a time, and time it; prove that each comes back as it was stored."""

from pathlib import Path
from typing import Any

from imagebench import backends, failures
from imagebench.measurement import experiments
from imagebench.measurement.machine import conditions
from imagebench.measurement.records import read_record, write_record


def read_single(store: Path, stored_record: Path, record: Path, cell: dict[str, Any]) -> None:
    """Read what ``store_single`` left, verify it, and record what it took."""
    stored = read_record(stored_record)
    backend = backends.load(cell["backend"])
    environment = conditions(store, backend.libraries)
    for sample in stored["samples"]:
        experiments.require_complete(store / str(sample["iteration"]), sample)
    samples = experiments.read_single(backend, store, tuple(stored["shape"]), stored["digests"])
    write_record(
        record,
        samples,
        **cell,
        backend_label=backend.label,
        cache="warm",
        digests=stored["digests"],
        conditions=environment,
    )


if __name__ == "__main__":
    with failures.in_one_line(snakemake.log[0]):
        read_single(
            Path(snakemake.input.store),
            Path(snakemake.input.record),
            Path(snakemake.output.record),
            snakemake.params.cell,
        )
