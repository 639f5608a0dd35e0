"""Backends against each other in one place, and places against each other: comparisons.csv."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..states import BASELINE, CONTROL, Cache
from .planning import blocks_to_settle
from .statistics import MARGIN, Floats, adjust, compare, moments

EXPERIMENT = ["dataset", "machine", "operation", "images", "cache", "until"]
"""The columns in which two measurements must agree to be compared; of location and backend, they
must agree in one."""

SUBJECT = ["location", "backend"]
"""What is compared."""

Indices = NDArray[np.intp]

PAGE = ["dataset", "machine"]
"""What is compared within these makes a page, and is corrected together: a reader sees all of it.

The pairs of the control are corrected apart from the others; see `statistics.adjust`.
"""

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
    current = measures[(measures["superseded"] == 0) & (measures["cache"] != Cache.UNKNOWN)]
    if current.empty:
        return pd.DataFrame(columns=COLUMNS)
    table, log_ratios = _pairs(current)
    if table.empty:
        return pd.DataFrame(columns=COLUMNS)
    judged = []
    for index in table.groupby(PAGE, sort=False, dropna=False).indices.values():
        control = table["control"].to_numpy(dtype=np.bool_)[index]
        page = compare(log_ratios[index], margin)
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


def _pairs(current: pd.DataFrame) -> tuple[pd.DataFrame, Floats]:
    """List the pairs with something in common, and their log-ratios, a row a pair.

    A run of many formats has tens of thousands of pairs, hence arrays of all of them at once.
    """
    cells = current.groupby([*EXPERIMENT, *SUBJECT], sort=False, dropna=False)
    subjects = cells["backend_label"].last().reset_index()
    block = current.groupby(["block", "host"], sort=False).ngroup()
    medians = current["seconds"].groupby([cells.ngroup(), block]).median()
    logarithms = np.full((len(subjects), block.max() + 1), np.nan)
    logarithms[tuple(medians.index.to_frame().to_numpy().T)] = np.log(medians)
    one, two = _couples(subjects, [list(current[name].unique()) for name in SUBJECT])
    ratios = logarithms[two] - logarithms[one]
    mean = moments(ratios)[1]
    in_common = np.isfinite(mean)
    is_swapped = (mean < 0)[in_common]
    one, two, ratios = one[in_common], two[in_common], ratios[in_common]
    ratios = np.where(is_swapped[:, np.newaxis], -ratios, ratios)
    first = subjects.loc[np.where(is_swapped, two, one)].reset_index(drop=True)
    second = subjects.loc[np.where(is_swapped, one, two)].reset_index(drop=True)
    table = first.assign(
        other=second["backend"],
        other_label=second["backend_label"],
        other_location=second["location"],
        control=(first["backend"] == CONTROL) | (second["backend"] == CONTROL),
    )
    return table, _without_gaps(ratios)


def _couples(subjects: pd.DataFrame, orders: list[list[str]]) -> tuple[Indices, Indices]:
    """List the rows of ``subjects`` to be compared with each other.

    They agree in their experiment, and differ in one thing alone, and in one that is asked about.

    Args:
        subjects: with the columns of EXPERIMENT and SUBJECT.
        orders: of the values of each of SUBJECT; the one before comes first in its pair.
    """
    places = [
        pd.Categorical(subjects[name], order).codes
        for name, order in zip(SUBJECT, orders, strict=True)
    ]
    experiment = subjects.groupby(EXPERIMENT, sort=False, dropna=False).ngroup().to_numpy()
    in_order = np.lexsort([*reversed(places), experiment])
    ends = np.flatnonzero(np.diff(experiment[in_order])) + 1
    couples = [
        members[np.array(np.triu_indices(len(members), 1))] for members in np.split(in_order, ends)
    ]
    one, two = np.concatenate(couples, axis=1)
    location, backend = (subjects[name].to_numpy() for name in SUBJECT)
    is_same = backend[one] == backend[two]
    controls, references = (
        (backend[one] == name) | (backend[two] == name) for name in (CONTROL, BASELINE)
    )
    comparable = np.where(
        location[one] == location[two], ~controls | references, is_same & ~controls
    )
    return one[comparable], two[comparable]


def _without_gaps(ratios: Floats) -> Floats:
    """Move the values of each row to its beginning; not-a-number is left at its end alone."""
    present = np.isfinite(ratios)
    order = np.argsort(~present, axis=1, kind="stable")
    return np.take_along_axis(ratios, order[:, : present.sum(axis=1).max(initial=0)], axis=1)


def blocks_on_different_hosts(measures: pd.DataFrame) -> int:
    """Count the blocks that could not be compared whole, since hosts of a cluster shared them."""
    current = measures[(measures["superseded"] == 0) & (measures["machine"] == 1)]
    return int((current.groupby("block")["host"].nunique() > 1).sum())
