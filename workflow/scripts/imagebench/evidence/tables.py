"""The door to the tables: behind it, every column is there and of its type.

The schema of timings.csv is the only list of its columns. A table that comes from elsewhere, and
has the stable ones alone, is completed here, so that nobody further on need ask what there is.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from ..errors import BenchmarkError

SCHEMA_FILE = Path(__file__).parents[1] / "schemas/timings.schema.yaml"
SCHEMA = yaml.safe_load(SCHEMA_FILE.read_text(encoding="utf-8"))

STABLE: list[str] = SCHEMA["required"]
"""Columns of timings.csv that others may rely on."""

COLUMNS: list[str] = list(SCHEMA["properties"])
"""Of timings.csv, in this order."""


def rows_of(record: Mapping[str, Any], label: str) -> list[dict[str, Any]]:
    """Turn one block's record into one row a sample, with the columns of timings.csv.

    Args:
        record: as ``measuring.record`` writes it.
        label: what figures call the backend.
    """
    libraries = record["conditions"]["libraries"].items()
    parts = [record["made_with"]["cell"], record, record["conditions"], record["surroundings"]]
    common = {name: part[name] for part in parts for name in COLUMNS if name in part}
    common["backend_label"] = label
    common["libraries"] = " ".join(f"{name}={version}" for name, version in libraries)
    settings = dict(record["made_with"]["settings"])
    common["seed"] = settings.pop("seed", record["made_with"]["images"].get("seed"))
    settings.pop("piece_bytes", None)  # which the column pieces says
    common["settings"] = " ".join(f"{name}={value}" for name, value in settings.items())
    return [
        {**common, **{name: sample[name] for name in COLUMNS if name in sample}}
        for sample in record["samples"]
    ]


def write_table(rows: Sequence[Mapping[str, Any]] | pd.DataFrame, path: Path) -> None:
    """Write a table as CSV in UTF-8 with one header row; floats have nanoseconds and more."""
    frame = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(rows, columns=COLUMNS)
    frame.to_csv(path, index=False, encoding="utf-8", lineterminator="\n", float_format="%.12g")


def read_table(path: Path) -> pd.DataFrame:
    """Read a table of this workflow; only an empty field is a missing one, whatever a name is."""
    return pd.read_csv(path, encoding="utf-8", keep_default_na=False, na_values=[""])


def read_timings(path: Path) -> pd.DataFrame:
    """Read a timings.csv, from here or from elsewhere; see ``completed``.

    Raises:
        BenchmarkError: naming a column that is missing, or a time that cannot be.
    """
    timings = read_table(path)
    missing = [name for name in STABLE if name not in timings.columns]
    if missing:
        raise BenchmarkError(f"{path} has no column {missing[0]!r}: it must have {STABLE}")
    if timings.empty:
        raise BenchmarkError(f"{path} holds no samples")
    if not (pd.to_numeric(timings["seconds"], errors="coerce") > 0).all():
        raise BenchmarkError(f"{path} has seconds that are no positive number")
    return completed(timings)


def completed(timings: pd.DataFrame) -> pd.DataFrame:
    """Give a table all columns of the schema, each of its type.

    Numbers that are not known are not-a-number, and texts are empty. Where it is not said, a
    format loses something if a loss was measured, and uses one thread.
    """
    frame = timings.reindex(columns=COLUMNS)
    for name, part in SCHEMA["properties"].items():
        kinds = [part["type"]] if isinstance(part["type"], str) else part["type"]
        if "string" in kinds:
            frame[name] = frame[name].astype(object).where(frame[name].notna(), "").astype(str)
        elif "boolean" not in kinds:
            frame[name] = pd.to_numeric(frame[name], errors="coerce")
    said = frame["lossless"].astype(str).str.lower()
    frame["lossless"] = said.eq("true") | (~said.eq("false") & frame["psnr_db"].isna())
    frame["threads"] = frame["threads"].fillna(1).astype(int)
    frame["stored_images"] = frame["stored_images"].fillna(frame["images"]).astype(int)
    frame["backend_label"] = frame["backend_label"].where(
        frame["backend_label"] != "", frame["backend"]
    )
    return frame
