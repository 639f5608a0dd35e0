"""Backends against each other in one place, and places against each other: comparisons.csv."""

from itertools import combinations

import numpy as np
import pandas as pd

from .planning import blocks_to_settle
from .statistics import MARGIN, Floats, adjust, compare
from .tables import CONTROL, REFERENCE

EXPERIMENT = ["dataset", "machine", "operation", "images", "cache", "until"]
"""The columns in which two measurements must agree to be compared; of location and backend, they
must agree in one."""

Subject = tuple[str, str]
"""What is compared: a location, and a backend."""

PAGE = ["dataset", "machine"]
"""What is compared within these makes a page, and is corrected together: a reader sees all of it.

The pairs of the control are corrected apart from the others; see `statistics.adjust`.
"""

UNKNOWN = "unknown"
"""The state of the page cache of reads that were proven to be neither cold nor warm."""

COLUMNS = [
    "dataset", "location", "machine", "operation", "images", "cache", "until",
    "backend", "backend_label", "other", "other_label", "other_location",
    "ratio", "low", "high", "blocks", "adjusted_p", "verdict", "blocks_to_settle", "control",
]  # fmt: skip
"""Of comparisons.csv, in this order."""


def compare_all(measures: pd.DataFrame, margin: float = MARGIN) -> pd.DataFrame:
    """Compare all pairs of backends and of locations in each cell, corrected for how many they are.

    Times are compared within blocks of the same number and host, which ran near each other in time,
    so that what slowed down both cancels. A block counts once, by the median of its iterations. The
    control is compared with the reference alone, and not between locations. Reads in an unknown
    state of the page cache are compared with nothing: two of them need not have met the same.

    Args:
        measures: one row a sample, with the columns of EXPERIMENT and `superseded` (rows other
            than 0 are left out), `backend`, `backend_label`, `host`, `block` and `seconds`.
        margin: what makes a practical difference, 0.05 for 5 %.

    Returns:
        One row a pair and cell in which both have a block in common, with COLUMNS, in the order in
        which cells, locations and backends appear; no rows where there is nothing to compare.
        `ratio` says how many times as long `other` in `other_location` takes as `backend` in
        `location`, and is at least 1. `low` and `high` are
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
    known = current.assign(host=current["host"].fillna("unknown"))
    appearance = {
        name: {value: place for place, value in enumerate(known[name].unique())}
        for name in ("location", "backend")
    }
    cells = known.groupby([*EXPERIMENT, "location", "backend"], sort=False, dropna=False)
    by_experiment: dict[object, dict[Subject, pd.DataFrame]] = {}
    for (*experiment, location, backend), samples in cells:
        by_experiment.setdefault(tuple(experiment), {})[str(location), str(backend)] = samples
    rows: list[dict[str, object]] = []
    log_ratios = []
    for subjects in by_experiment.values():
        logarithms = {
            subject: np.log(samples.groupby(["block", "host"])["seconds"].median())
            for subject, samples in subjects.items()
        }
        order = sorted(
            subjects,
            key=lambda subject: (
                appearance["location"][subject[0]],
                appearance["backend"][subject[1]],
            ),
        )
        for one, two in combinations(order, 2):
            if not _comparable(one, two):
                continue
            ratios = (logarithms[two] - logarithms[one]).dropna().to_numpy(dtype=np.float64)
            if not len(ratios):
                continue
            first, second = (one, two) if ratios.mean() >= 0 else (two, one)
            of_first, of_second = subjects[first].iloc[-1], subjects[second].iloc[-1]
            rows.append(
                {name: of_first[name] for name in [*EXPERIMENT, "location"]}
                | {"backend": first[1], "backend_label": of_first["backend_label"]}
                | {"other": second[1], "other_label": of_second["backend_label"]}
                | {"other_location": of_second["location"], "control": CONTROL in (one[1], two[1])}
            )
            log_ratios.append(ratios if first == one else -ratios)
    return rows, log_ratios


def _comparable(one: Subject, two: Subject) -> bool:
    """Whether two measurements differ in one thing alone, and in one that is asked about."""
    names = {one[1], two[1]}
    if one[0] != two[0]:
        return names != {CONTROL} and len(names) == 1
    return CONTROL not in names or REFERENCE in names


def blocks_on_different_hosts(measures: pd.DataFrame) -> int:
    """Count the blocks that could not be compared whole, since hosts of a cluster shared them."""
    current = measures[(measures["superseded"] == 0) & (measures["machine"] == 1)]
    return int((current.groupby("block")["host"].nunique() > 1).sum())
