"""What a reader must know before believing a page: the facts of each caution, the gravest first."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import pandas as pd

from ..evidence.noise import BLOCK, disturbed_blocks, too_noisy
from ..evidence.statistics import FEWEST_BLOCKS
from ..states import Cache, Verdict
from .questions import Row, records, shown

CHANGED = " with changes"
"""At the end of a commit: the code was not clean."""


class Kind(StrEnum):
    """What is to be said; the page has a paragraph for each."""

    NOISE = "noise"
    CONTROL = "control"
    FEW_BLOCKS = "few_blocks"
    FEW_PROVEN = "few_proven"
    UNPROVEN = "unproven"
    REMARKS = "remarks"
    SPLIT_BLOCKS = "split_blocks"
    KEPT_APART = "kept_apart"
    CHANGED_CODE = "changed_code"


@dataclass(frozen=True)
class Caution:
    """One caution.

    Attributes:
        kind: what it is about.
        count: how many cases there are.
        total: among how many.
        ratio: the largest that was met; not-a-number where none was.
        names: what it concerns: backends, file systems or commits; none where it concerns all.
        items: single cases, as rows of a table or as sentences.
    """

    kind: Kind
    count: int = 0
    total: int = 0
    ratio: float = math.nan
    names: tuple[str, ...] = ()
    items: Sequence[Row | str] = ()


def find(
    measures: pd.DataFrame,
    summary: pd.DataFrame,
    comparisons: pd.DataFrame,
    disturbed: pd.DataFrame,
    *,
    is_too_noisy: bool,
    apart: Sequence[str],
    split: int = 0,
) -> list[Caution]:
    """List what must be said, the gravest first.

    Args:
        measures: samples in the long form, as ``pooling.measures`` makes it.
        summary: one row a cell.
        comparisons: one row a pair in a cell.
        disturbed: blocks that noise makes untrustworthy, as ``noise.disturbed_blocks`` lists them.
        is_too_noisy: whether they are too many.
        apart: sentences that say which samples were not pooled with the others.
        split: how many blocks several hosts of a cluster have shared.
    """
    noise = Caution(Kind.NOISE, len(disturbed), items=records(disturbed)) if is_too_noisy else None
    cautions = [
        noise,
        control(comparisons),
        few_blocks(summary),
        unproven(measures),
        remarks(measures),
        Caution(Kind.SPLIT_BLOCKS, split) if split else None,
        Caution(Kind.KEPT_APART, items=apart) if apart else None,
        changed_code(measures),
    ]
    return [caution for caution in cautions if caution is not None]


def of_answers(timings: pd.DataFrame, comparisons: pd.DataFrame) -> list[dict[str, Any]]:
    """List what must be known before an answer is believed, as answer.json has it."""
    disturbed = disturbed_blocks(timings)
    blocks = len(timings.drop_duplicates(BLOCK))
    is_too_noisy = too_noisy(timings, disturbed)
    noise = Caution(Kind.NOISE, len(disturbed), blocks) if is_too_noisy else None
    found = [caution for caution in (noise, control(comparisons)) if caution]
    return [{"kind": of.kind, "count": of.count, "total": of.total} for of in found]


def control(comparisons: pd.DataFrame) -> Caution | None:
    """Warn if the same code under two names came out as different."""
    pairs = controls(comparisons)
    different = pairs[pairs["verdict"] == Verdict.FASTER]
    if different.empty:
        return None
    return Caution(Kind.CONTROL, len(different), len(pairs), float(different["ratio"].max()))


def controls(comparisons: pd.DataFrame) -> pd.DataFrame:
    """The comparisons of the baseline with itself."""
    rows = shown(comparisons)
    return rows[rows["control"].astype(bool)]


def few_blocks(summary: pd.DataFrame) -> Caution | None:
    """Warn where there can be no interval."""
    rows = shown(summary)
    rows = rows[rows["cache"] != Cache.UNKNOWN]  # what no verdict rests on
    few = rows[rows["blocks"] < FEWEST_BLOCKS]
    if few.empty:
        return None
    most = int(rows["blocks"].max())
    kind = Kind.FEW_PROVEN if most >= FEWEST_BLOCKS else Kind.FEW_BLOCKS
    names = () if len(few) == len(rows) else tuple(few["backend"].unique())
    return Caution(kind, most, names=names)


def unproven(measures: pd.DataFrame) -> Caution | None:
    """Warn of reads that should have been cold and may not have been."""
    rows = shown(measures)
    # A read that should have been warm has no share, since nothing was emptied before it.
    tried = rows[rows["resident_share"].notna() | (rows["cache"] == Cache.COLD)]
    if rows["resident_share"].isna().all():
        tried = rows[rows["cache"].isin([Cache.COLD, Cache.UNKNOWN])]
    unknown = tried[tried["cache"] == Cache.UNKNOWN]
    if unknown.empty:
        return None
    kinds = tuple(kind for kind in unknown["filesystem"].unique() if kind)
    tried = tried[tried["cache"].isin([Cache.COLD, Cache.UNKNOWN])]
    return Caution(Kind.UNPROVEN, len(unknown), len(tried), names=kinds)


def remarks(measures: pd.DataFrame) -> Caution | None:
    """Warn of formats that were kept where they should not be."""
    rows = shown(measures)
    rows = rows[rows["remark"] != ""]
    found = rows[["backend", "location", "filesystem", "remark"]].drop_duplicates()
    return None if found.empty else Caution(Kind.REMARKS, items=records(found))


def changed_code(measures: pd.DataFrame) -> Caution | None:
    """Warn of code that nobody else can have."""
    commits = shown(measures)["commit"].unique()
    changed = tuple(commit.removesuffix(CHANGED) for commit in commits if commit.endswith(CHANGED))
    return Caution(Kind.CHANGED_CODE, names=changed) if changed else None
