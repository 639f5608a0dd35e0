"""A table of timings so plain that every number that follows from it can be worked out by hand."""

import pandas as pd
from imagebench.evidence import tables


def timings(**changes):
    """Three blocks of two samples each for one backend, and ten times as long for another."""
    rows = []
    for factor, backend in ((1, "fast"), (10, "slow")):
        for operation in ("store_single", "read_single", "store_many", "read_many"):
            for block, seconds in ((1, (1.0, 1.2)), (2, (2.0, 2.2)), (3, (1.4, 1.6))):
                for iteration, value in enumerate(seconds):
                    rows.append({
                        "dataset": "lookalike", "location": "default", "backend": backend,
                        "operation": operation, "images": 1 if "single" in operation else 100,
                        "block": block, "iteration": iteration,
                        "cache": "warm" if "read" in operation else "not_applicable",
                        "seconds": value * factor, "bytes_logical": 100, "bytes_allocated": 4096,
                        "files": 2, "host": "here", **changes,
                    })  # fmt: skip
    return pd.DataFrame(rows)


def read(frame, folder):
    """Write a table and read it, as a run does."""
    path = folder / "timings.csv"
    frame.to_csv(path, index=False)
    return tables.read_timings(path)
