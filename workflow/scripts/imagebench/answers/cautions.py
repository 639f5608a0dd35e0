"""What a reader must know before believing a report: each caution with its meaning and way out."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from .. import wording
from ..evidence.statistics import FASTER, FEWEST_BLOCKS
from .questions import Row, records, shown

CHANGED = " with changes"
"""At the end of a commit: the code was not clean."""

OPERATIONS = {
    "store_many": "store",
    "read_many": "read",
    "store_single": "store one image",
    "read_single": "read one image",
    "read_random": "read single images at random",
    "read_batches": "read in shuffled batches",
    "read_subset": "read a shuffled tenth",
    "read_first": "open and read the first image",
    "read_workers_forked": "read with several forked workers",
    "read_workers_spawned": "read with several spawned workers",
}

MOST_NAMED = 6
"""Of more formats than these, the title of a caution tells the number."""


@dataclass(frozen=True)
class Caution:
    """One warning.

    Attributes:
        title: what is wrong, in one sentence.
        meaning: what follows from it for a reader.
        way_out: what to do about it.
        items: single cases.
    """

    title: str
    meaning: str
    way_out: str
    items: tuple[str, ...] = ()


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
    cautions = [
        noise(disturbed) if is_too_noisy else None,
        control(comparisons),
        few_blocks(summary),
        unproven(measures),
        remarks(measures),
        split_blocks(split),
        kept_apart(apart),
        changed_code(measures),
    ]
    return [caution for caution in cautions if caution is not None]


def noise(disturbed: pd.DataFrame) -> Caution:
    """Warn of a machine that did other things meanwhile."""
    return Caution(
        "This run was too noisy to trust.",
        f"Something else kept the machine busy in {wording.counted(len(disturbed), 'block')}, so "
        "that times may be off by more than their intervals say.",
        "Stop what else is running, delete the records of these blocks, in records/ beside this "
        "page, and run again: only they are measured anew.",
        tuple(map(block_in_words, records(disturbed))),
    )


def block_in_words(row: Row) -> str:
    """Name a disturbed block, and what disturbed it."""
    words = [str(row["backend_label"]), str(OPERATIONS.get(row["operation"], row["operation"]))]
    if not row["operation"].endswith("_single"):
        words.append(wording.counted(int(row["images"]), "image"))
    return f"{', '.join(words)}, block {row['block']}: {row['reasons']}"


def control(comparisons: pd.DataFrame) -> Caution | None:
    """Warn if the same code under two names came out as different."""
    pairs = controls(comparisons)
    different = pairs[pairs["verdict"] == FASTER]
    if different.empty:
        return None
    widest = wording.ratio(float(different["ratio"].max()))
    return Caution(
        "The control came out as a difference.",
        f"The same code, measured twice under two names, differs in {len(different)} of "
        f"{wording.counted(len(pairs), 'comparison')}, by up to {widest} times. Differences "
        "between formats that are no larger may not be real either.",
        "Repeat the run on a quieter machine, or with more blocks.",
    )


def controls(comparisons: pd.DataFrame) -> pd.DataFrame:
    """The comparisons of the limit with itself."""
    rows = shown(comparisons)
    return rows[rows["control"].astype(bool)]


def few_blocks(summary: pd.DataFrame) -> Caution | None:
    """Warn where there can be no interval."""
    rows = shown(summary)
    rows = rows[rows["cache"] != "unknown"]  # what no verdict rests on
    few = rows[rows["blocks"] < FEWEST_BLOCKS]
    if few.empty:
        return None
    labels = few["backend_label"].unique()
    named = labels if len(labels) <= MOST_NAMED else [f"{len(labels)} formats"]
    where = "" if len(few) == len(rows) else f" for {wording.listed(named)}"
    most = int(rows["blocks"].max())
    if most >= FEWEST_BLOCKS:
        return Caution(
            f"Fewer than three blocks count{where}.",
            "In the others no read was proven to be what it should have been, cold or warm, since "
            "the system dropped or kept pages of its own accord. What is left has no interval, "
            "and no verdict on speed.",
            f"Set “blocks: {most + 1}” or more and run again: only the new blocks are measured.",
        )
    return Caution(
        f"There are fewer than three blocks{where}.",
        "One or two repeats say nothing of how much times vary: there is no interval, and no "
        "verdict on speed.",
        f"Set “blocks: {FEWEST_BLOCKS}” or more and run again: only the new blocks are measured.",
    )


def unproven(measures: pd.DataFrame) -> Caution | None:
    """Warn of reads that should have been cold and may not have been."""
    rows = shown(measures)
    tried = rows[rows["cache"].isin(["cold", "unknown"])]
    if "resident_share" in rows.columns:
        # A read that should have been warm has no share, since nothing was emptied before it.
        tried = tried[tried["resident_share"].notna() | (tried["cache"] == "cold")]
    unknown = tried[tried["cache"] == "unknown"]
    if unknown.empty:
        return None
    kinds = [
        str(kind) for kind in unknown.get("filesystem", pd.Series(dtype=str)).dropna().unique()
    ]
    where = f" on {wording.listed(kinds)}" if kinds else ""
    return Caution(
        f"{len(unknown):,} of {len(tried):,} reads could not be proven to be cold{where}.",
        "At least 1 % of the store was still in memory right before them, or that could not be "
        "seen. They are labelled “unknown”, and no verdict on cold reads rests on them.",
        "Keep the results on a local disk with ext4, XFS or Btrfs, on Linux, and run again. A file "
        "system in memory (tmpfs) can never be read cold.",
    )


def remarks(measures: pd.DataFrame) -> Caution | None:
    """Warn of formats that were kept where they should not be."""
    rows = shown(measures)
    if "remark" not in rows.columns:
        return None
    rows = rows[rows["remark"].notna()]
    if rows.empty:
        return None
    found = rows[["backend_label", "location", "filesystem", "remark"]].drop_duplicates()
    return Caution(
        "A format was measured on a file system that it is not made for.",
        "Its times are what they are, but its data may not be safe there.",
        "Keep it on a local disk, or take another format for this file system.",
        tuple(
            f"{row['backend_label']} in {row['location']} ({row['filesystem']}): {row['remark']}"
            for row in records(found)
        ),
    )


def split_blocks(split: int) -> Caution | None:
    """Warn of blocks that several hosts have shared, so that less could be compared."""
    if not split:
        return None
    return Caution(
        f"{wording.counted(split, 'block')} ran on more than one host.",
        "Only what one host measured in one block is compared, since hosts differ. So there are "
        "fewer blocks behind the verdicts than were measured.",
        "Set “pack: block” in the config, so that a whole block is one job of the cluster.",
    )


def kept_apart(apart: Sequence[str]) -> Caution | None:
    """Warn of samples that belong to another machine, library or code."""
    if not apart:
        return None
    return Caution(
        "Some samples are kept apart from the others.",
        "Times of different machines, library versions or code are never mixed. The answers here "
        "are about the machine with most blocks and the newest code and libraries on it.",
        "The others are in summary.csv. To have everything side by side, measure all of it on one "
        "machine with one set of versions.",
        tuple(apart),
    )


def changed_code(measures: pd.DataFrame) -> Caution | None:
    """Warn of code that nobody else can have."""
    rows = shown(measures)
    if "commit" not in rows.columns:
        return None
    commits = [str(commit) for commit in rows["commit"].dropna().unique()]
    changed = [commit.removesuffix(CHANGED) for commit in commits if commit.endswith(CHANGED)]
    if not changed:
        return None
    return Caution(
        "The code had changes that were not committed.",
        f"Nobody else can run exactly this: it was commit {wording.listed(changed)}, changed.",
        "Commit the changes and run again before sharing the figures.",
    )
