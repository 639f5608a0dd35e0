"""The record that a timed job leaves: its samples, and all that they hold under."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from .. import made_with
from ..code_digest import digest_of_all, require_unchanged
from ..contract import Backend
from ..errors import BenchmarkError
from ..files import published_file
from . import own_memory
from .disturbance import Counters, calibrate
from .lock import JOB, machine_lock
from .machine import NETWORK, conditions
from .memory import peak_memory_bytes
from .samples import Sample


@dataclass
class Block:
    """What a timed job measures, to be filled in while the machine is its own."""

    samples: list[Sample] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)


PARTS = ("cell", "images", "settings", "code", "versions")
"""Of a job: all that decides what it measures, and which its record keeps."""


def job_of(params: Any) -> dict[str, Any]:
    """Take the parts of a job out of what Snakemake hands to a script."""
    return {name: params[name] for name in PARTS}


@contextmanager
def recorded_block(
    path: Path, store: Path, backend: Backend, job: Mapping[str, Any]
) -> Iterator[Block]:
    """Give the body the machine to itself, and write what it measured as JSON, whole or not at all.

    Around the body a calibration loop runs, and what else went on meanwhile is recorded.

    Args:
        path: the record to make.
        store: the store that is measured, whose file system is described.
        backend: what is timed.
        job: all that decides what is measured: ``cell``, what the record is of (data set,
            location, backend, operation, images, block); ``images``, which ones; ``settings`` of
            the operation; ``code``, the digest of each file that runs, as Snakemake knew it when
            it planned the run; ``versions`` of libraries.

    Raises:
        BenchmarkError: if the code is no longer what Snakemake took it for.
    """
    require_unchanged(job["code"])
    store.parent.mkdir(parents=True, exist_ok=True)
    with machine_lock(JOB):
        environment = conditions(store.parent, backend.libraries)
        calibration_before = calibrate()
        started, counters = now(), Counters.now()
        block = Block()
        own_memory.forget()
        yield block
        shares, finished = Counters.now().shares_since(counters), now()
        calibration_after = calibrate()
    on_network = environment["filesystem"] in NETWORK
    record = {
        **made_with.described(job),
        "remark": backend.not_for_network if on_network else None,
        "lossless": backend.lossless,
        "threads": backend.threads,
        "code": digest_of_all(job["code"]),
        **block.facts,
        "started": started,
        "finished": finished,
        "peak_memory_bytes": peak_memory_bytes(),
        "own_memory_bytes": own_memory.peak_bytes(),
        "conditions": environment,
        "surroundings": {
            "calibration_before_seconds": calibration_before,
            "calibration_after_seconds": calibration_after,
            **shares,
        },
        "samples": [asdict(sample) for sample in block.samples],
    }
    with published_file(path) as partial:
        partial.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


def now() -> str:
    """Give the time in universal time, with milliseconds."""
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds")


def read_record(path: Path) -> dict[str, Any]:
    """Read one record.

    Raises:
        BenchmarkError: if it is not the JSON object that ``recorded_block`` writes.
    """
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        if not record["samples"] or not record["made_with"]["cell"]:
            raise ValueError("no samples")
    except (ValueError, KeyError, TypeError) as error:
        raise BenchmarkError(
            f"the record {path} is damaged ({error}): delete it and run again"
        ) from error
    return dict(record)
