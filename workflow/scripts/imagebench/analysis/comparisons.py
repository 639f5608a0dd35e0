"""Every backend against every other, in every cell that both were measured in: comparisons.csv."""

from itertools import combinations

import numpy as np
import pandas as pd

from .planning import blocks_to_settle
from .statistics import MARGIN, Floats, adjust, compare
from .tables import CONTROL, REFERENCE

EXPERIMENT = ["dataset", "location", "machine", "operation", "images", "cache", "until"]
"""The columns in which two backends must agree to be compared."""

PAGE = ["dataset", "machine"]
"""What is compared within these makes a page, and is corrected together: a reader sees all of it.

The pairs of the control are corrected apart from the others; see `statistics.adjust`.
"""

UNKNOWN = "unknown"
"""The state of the page cache of reads that were proven to be neither cold nor warm."""

COLUMNS = [
    "dataset", "location", "machine", "host", "operation", "images", "cache", "until",
    "backend", "backend_label", "other", "other_label",
    "ratio", "low", "high", "blocks", "adjusted_p", "verdict", "blocks_to_settle", "control",
]  # fmt: skip
"""Of comparisons.csv, in this order."""


def compare_all(measures: pd.DataFrame, margin: float = MARGIN) -> pd.DataFrame:
    """Compare all pairs of backends in each cell, corrected for how many they are.

    Times are compared within blocks of the same number, which ran near each other in time, so that
    what slowed down both cancels. A block counts once, by the median of its iterations. The control
    is compared with the reference alone. Reads in an unknown state of the page cache are compared
    with nothing: two of them need not have met the same.

    Args:
        measures: one row a sample, with the columns of EXPERIMENT and `superseded` (rows other
            than 0 are left out), `backend`, `backend_label`, `host`, `block` and `seconds`.
        margin: what makes a practical difference, 0.05 for 5 %.

    Returns:
        One row a pair and cell in which both have a block in common, with COLUMNS, in the order in
        which cells and backends appear; no rows where there is nothing to compare. `ratio` says
        how many times as long `other` takes as `backend`, and is at least 1. `low` and `high` are
        NaN, as is `adjusted_p`, below three blocks; `blocks_to_settle` is missing where there is a
        verdict.
    """
    current = measures[(measures["superseded"] == 0) & (measures["cache"] != UNKNOWN)]
    rows, log_ratios = _pairs(current)
    if not rows:
        return pd.DataFrame(columns=COLUMNS)
    widest = max(len(ratios) for ratios in log_ratios)
    padded = np.array(
        [np.pad(ratios, (0, widest - len(ratios)), constant_values=np.nan) for ratios in log_ratios]
    )
    table = pd.DataFrame(rows)
    judged = []
    for index in table.groupby(PAGE, sort=False, dropna=False).indices.values():
        control = table["control"].to_numpy(dtype=np.bool_)[index]
        page = compare(padded[index], margin)
        adjusted = adjust(page.p_value, control)
        verdicts = page.verdicts(adjusted)
        columns = {
            "ratio": np.maximum(page.ratio, 1.0),  # rounding, where a pair is exactly equal
            "low": page.low,
            "high": page.high,
            "blocks": page.blocks,
            "adjusted_p": adjusted,
            "verdict": verdicts,
            "blocks_to_settle": blocks_to_settle(page, verdicts, control),
        }
        judged.append(pd.DataFrame(columns, index=index))
    table = table.join(pd.concat(judged))
    table["blocks_to_settle"] = table["blocks_to_settle"].astype("Int64")
    return table[COLUMNS]


def _pairs(current: pd.DataFrame) -> tuple[list[dict[str, object]], list[Floats]]:
    """List the pairs with something in common, and their log-ratios, one a common block."""
    appearance = {backend: place for place, backend in enumerate(current["backend"].unique())}
    cells = current.groupby([*EXPERIMENT, "backend"], sort=False, dropna=False)
    by_experiment: dict[object, dict[str, pd.DataFrame]] = {}
    for (*experiment, backend), samples in cells:
        by_experiment.setdefault(tuple(experiment), {})[str(backend)] = samples
    rows: list[dict[str, object]] = []
    log_ratios = []
    for backends in by_experiment.values():
        logarithms = {
            backend: np.log(samples.groupby("block")["seconds"].median())
            for backend, samples in backends.items()
        }
        for one, two in combinations(sorted(backends, key=appearance.__getitem__), 2):
            control = CONTROL in (one, two)
            if control and REFERENCE not in (one, two):
                continue
            ratios = (logarithms[two] - logarithms[one]).dropna().to_numpy(dtype=np.float64)
            if not len(ratios):
                continue
            backend, other = (one, two) if ratios.mean() >= 0 else (two, one)
            first, second = backends[backend].iloc[-1], backends[other].iloc[-1]
            shared = {name: first[name] for name in [*EXPERIMENT, "host"]}
            rows.append(
                shared
                | {"backend": backend, "backend_label": first["backend_label"]}
                | {"other": other, "other_label": second["backend_label"], "control": control}
            )
            log_ratios.append(ratios if backend == one else -ratios)
    return rows, log_ratios
