"""Read a whole store, and time it; prove that it brings back what was stored."""

from pathlib import Path
from typing import Any

from imagebench import backends, failures
from imagebench.measurement import experiments
from imagebench.measurement.machine import conditions
from imagebench.measurement.records import read_record, write_record


def read_many(store: Path, stored_record: Path, record: Path, cell: dict[str, Any]) -> None:
    """Read what ``store_many`` left, verify it, and record what it took."""
    stored = read_record(stored_record)
    backend = backends.load(cell["backend"])
    environment = conditions(store, backend.libraries)
    experiments.require_complete(store, stored["samples"][-1])
    samples = experiments.read_many(backend, store, tuple(stored["shape"]), stored["digest"])
    write_record(
        record,
        samples,
        **cell,
        backend_label=backend.label,
        cache="warm",
        digest=stored["digest"],
        conditions=environment,
    )


if __name__ == "__main__":
    with failures.in_one_line(snakemake.log[0]):
        read_many(
            Path(snakemake.input.store),
            Path(snakemake.input.record),
            Path(snakemake.output.record),
            snakemake.params.cell,
        )
