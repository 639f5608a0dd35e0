"""The table of all samples, timings.csv: its columns, how it is written and how it is read."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from ..errors import BenchmarkError

STABLE = [
    "dataset", "location", "backend", "operation", "images", "block", "iteration", "cache",
    "seconds", "bytes_logical", "bytes_allocated", "files", "host",
]  # fmt: skip
"""Columns of timings.csv that others may rely on."""

COLUMNS = [
    *STABLE,
    "backend_label", "seconds_durable", "cpu_user_seconds", "cpu_system_seconds",
    "peak_memory_bytes", "bytes_read", "bytes_written", "resident_share", "started", "finished",
    "digest", "folder", "filesystem", "mount_options", "block_bytes", "free_bytes", "free_files",
    "remark", "cluster", "cluster_job", "cpu", "cores", "kernel", "python", "libraries",
    "code", "commit", "load", "calibration_before_seconds", "calibration_after_seconds",
    "steal_share", "other_cpu_share", "cpu_pressure_share", "io_pressure_share",
    "memory_pressure_share", "stored_images", "threads", "lossless", "psnr_db", "codec_seconds",
    "settings", "seed",
]  # fmt: skip
"""Of timings.csv, in this order."""

REFERENCE = "raw"
"""The backend that is the limit: everything is given as a multiple of it."""

CONTROL = "control"
"""The reference under another name: it must not come out as different."""


def rows_of(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Turn one block's record into one row a sample, with the columns of timings.csv."""
    libraries = record["conditions"]["libraries"].items()
    parts = [record["made_with"]["cell"], record, record["conditions"], record["surroundings"]]
    common = {name: part[name] for part in parts for name in COLUMNS if name in part}
    common["libraries"] = " ".join(f"{name}={version}" for name, version in libraries)
    settings = dict(record["made_with"]["settings"])
    common["seed"] = settings.pop("seed", record["made_with"]["images"].get("seed"))
    common["settings"] = " ".join(f"{name}={value}" for name, value in settings.items())
    return [
        {**common, **{name: sample[name] for name in COLUMNS if name in sample}}
        for sample in record["samples"]
    ]


def write_table(rows: Sequence[Mapping[str, Any]] | pd.DataFrame, path: Path) -> None:
    """Write a table as CSV in UTF-8 with one header row; floats have nanoseconds and more."""
    frame = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(rows, columns=COLUMNS)
    frame.to_csv(path, index=False, encoding="utf-8", lineterminator="\n", float_format="%.12g")


def read_timings(path: Path) -> pd.DataFrame:
    """Read a timings.csv, from here or from elsewhere.

    Raises:
        BenchmarkError: naming a column that is missing, or a time that cannot be.
    """
    timings = pd.read_csv(path, encoding="utf-8", keep_default_na=False, na_values=[""])
    missing = [name for name in STABLE if name not in timings.columns]
    if missing:
        raise BenchmarkError(f"{path} has no column {missing[0]!r}: it must have {STABLE}")
    if timings.empty:
        raise BenchmarkError(f"{path} holds no samples")
    if not (pd.to_numeric(timings["seconds"], errors="coerce") > 0).all():
        raise BenchmarkError(f"{path} has seconds that are no positive number")
    if "backend_label" not in timings.columns:
        timings["backend_label"] = timings["backend"]
    return timings
