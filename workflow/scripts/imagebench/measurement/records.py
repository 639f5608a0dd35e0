"""The record that a timed job leaves: its samples, and all that they hold under."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from ..failures import BenchmarkError
from ..files import published_file
from .experiments import Sample
from .memory import peak_memory_bytes


def write_record(path: Path, samples: Sequence[Sample], **facts: Any) -> None:
    """Write the samples of one block as JSON, whole or not at all.

    Args:
        path: the file to make.
        samples: at least one timed call.
        facts: what all the samples have in common, such as the backend, the operation, the number
            of images and the machine.
    """
    record = {
        **facts,
        "finished": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "peak_memory_bytes": peak_memory_bytes(),
        "samples": [asdict(sample) for sample in samples],
    }
    with published_file(path) as partial:
        partial.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


def read_record(path: Path) -> dict[str, Any]:
    """Read one record.

    Raises:
        BenchmarkError: if it is not the JSON object that ``write_record`` writes.
    """
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        if not record["samples"]:
            raise ValueError("no samples")
    except (ValueError, KeyError, TypeError) as error:
        raise BenchmarkError(
            f"the record {path} is damaged ({error}): delete it and run again"
        ) from error
    return dict(record)
