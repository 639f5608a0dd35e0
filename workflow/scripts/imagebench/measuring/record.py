"""The record that a timed job leaves: its samples, and all that they hold under."""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from .. import keys
from ..code_digest import digest_of_all, require_unchanged
from ..contract import Backend
from ..errors import BenchmarkError
from ..files import published_file
from ..versions import library_versions
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
        job: everything that decides what is measured; see ``planning.jobs.Parts``.

    Raises:
        BenchmarkError: if code or libraries are no longer what they were when the run was planned.
    """
    require_unchanged(job["code"])
    store.parent.mkdir(parents=True, exist_ok=True)
    with machine_lock(JOB):
        environment = conditions(store.parent, backend.libraries)
        require_versions(job["versions"], library_versions(backend.libraries))
        calibration_before = calibrate()
        started, counters = now(), Counters.now()
        block = Block()
        own_memory.forget()
        yield block
        shares, finished = Counters.now().shares_since(counters), now()
        calibration_after = calibrate()
    on_network = environment["filesystem"] in NETWORK
    record = {
        "made_with": dict(job),
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
    require_unchanged(job["code"])
    publish(path, record)


def require_versions(planned: Mapping[str, str], installed: Mapping[str, str]) -> None:
    """Refuse to measure with a library of another version than the run was planned with.

    Raises:
        BenchmarkError: naming the library and both versions.
    """
    for name, version in installed.items():
        if planned.get(name, version) != version:
            raise BenchmarkError(
                f"{name} is {version} here, and was {planned[name]} when the run was planned: run "
                "again, with the same libraries on all nodes"
            )


def publish(path: Path, record: Mapping[str, Any]) -> None:
    """Write a record whole, under a name that ends with the key of what made it.

    A record that is there stays, unless it says that its job failed: a store may be made again only
    to be read.

    Raises:
        BenchmarkError: if the name has another key.
    """
    keys.require_key(record["made_with"], path.stem.rpartition("-")[2], path)
    if path.exists() and "failed" not in read_record(path):
        return
    with published_file(path) as partial:
        partial.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


def now() -> str:
    """Give the time in universal time, with milliseconds."""
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds")


def parts_of(path: Path) -> dict[str, Any]:
    """Return everything that decided what a record measured; nothing if the record is damaged."""
    try:
        return dict(json.loads(path.read_text(encoding="utf-8"))["made_with"])
    except (ValueError, KeyError, TypeError):
        return {}


def read_record(path: Path) -> dict[str, Any]:
    """Read one record: its samples, or ``failed``, why there are none.

    Raises:
        BenchmarkError: if it is not the JSON object that ``publish`` writes under this name.
    """
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        if not record["made_with"]["cell"] or not (record.get("failed") or record["samples"]):
            raise ValueError("no samples")
        keys.require_key(record["made_with"], path.stem.rpartition("-")[2], path)
    except (ValueError, KeyError, TypeError) as error:
        raise BenchmarkError(
            f"the record {path} is damaged ({error}): delete it and run again"
        ) from error
    except BenchmarkError as error:
        raise BenchmarkError(
            f"the record {path} was made with something else than its name says: delete it and run "
            "again"
        ) from error
    return dict(record)


def forget_failed(paths: Iterable[Path]) -> dict[Path, str]:
    """Delete the records that say why a job failed, so that the next run tries again.

    Returns:
        The reasons, by the paths of the records.
    """
    failed = {}
    for path in paths:
        record = read_record(path)
        if "failed" in record:
            failed[path] = record["failed"]
            path.unlink()
    return failed
