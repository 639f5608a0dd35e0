"""What each format costs for a use, out of what was measured."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from ..evidence.statistics import Floats
from ..states import RESERVED, Cache, Until
from .uses import Option, Options, Use, what_is_there


def options_from(
    blocks: pd.DataFrame, traits: Mapping[str, Mapping[str, bool]], location: str
) -> tuple[int, Options]:
    """Make what gives the options of a use out of what was measured.

    Args:
        blocks: one row a block, as ``summaries.block_times`` gives it, with ``memory``.
        traits: of each backend; see ``Option``.
        location: where stores are kept.

    Returns:
        How many images were measured at once, and the function.
    """
    rows = blocks[(blocks["location"] == location) & ~blocks["backend"].isin(RESERVED)]
    stored = largest(rows, "store_many", Cache.NOT_APPLICABLE, Until.DURABLE)
    if stored.empty:  # a table from elsewhere need not say when a store was safe
        stored = largest(rows, "store_many", Cache.NOT_APPLICABLE, Until.CLOSED)
    measured = 0 if stored.empty else int(stored["images"].max())

    def options_of(use: Use) -> list[Option]:
        read = largest(rows, use.access, use.cache, Until.RETURNED)
        repeats = stored.set_index(REPEAT).index.unique()
        found = []
        for name, own in stored.groupby("backend", sort=False):
            reads = read[read["backend"] == name]
            if reads.empty:
                continue
            each = reads["seconds"] / reads["images"]
            files, factor = own["files"].median(), use.images / measured
            option = Option(
                str(name),
                str(own["backend_label"].iloc[0]),
                in_repeats(own, own["seconds"] * factor, repeats),
                in_repeats(reads, each * use.images, repeats),
                int(own["bytes_allocated"].median() * factor),
                math.ceil(files * factor if files >= measured else files),
                float(reads["memory"].max()),
                traits[str(name)],
                int(reads["images"].iloc[0]),
                bend_of(rows[rows["backend"] == name], use.cache),
            )
            if np.isfinite(option.total(use)).any():
                found.append(option)
        return with_decoding(found)

    return measured, options_of


def bend_of(rows: pd.DataFrame, cache: str) -> float:
    """Say how much longer an image takes among most images than among the next fewer.

    Of storing until safe and reading in order, it is the larger one; 1 if neither tells.
    """
    found = [1.0]
    for operation, until, state in (
        ("store_many", Until.DURABLE, Cache.NOT_APPLICABLE),
        ("read_many", Until.RETURNED, cache),
    ):
        own = rows[(rows["operation"] == operation) & (rows["until"] == until)]
        own = own[own["cache"] == state]
        each = (own["seconds"] / own["images"]).groupby(own["images"]).median().sort_index()
        if len(each) > 1:
            found.append(float(each.iloc[-1] / each.iloc[-2]))
    return max(found)


def with_decoding(options: Sequence[Option]) -> list[Option]:
    """Add to the time to convert what decoding the files once takes, where they are decoded.

    It is as long as an epoch of the files where they are: a store is timed with images in memory.
    """
    stay = what_is_there(options)
    if stay is None:
        return list(options)
    return [
        of if of.traits["keeps_files"] else replace(of, convert=of.convert + stay.epoch)
        for of in options
    ]


REPEAT = ["host", "block"]
"""What was measured near each other in time."""


def in_repeats(rows: pd.DataFrame, seconds: pd.Series, repeats: Any) -> Floats:
    """Put one value a block in the order of all blocks; not-a-number where there is none."""
    values = pd.Series(seconds.to_numpy(), index=rows.set_index(REPEAT).index)
    found: Floats = values.reindex(repeats).to_numpy(dtype=np.float64)
    return found


def largest(rows: pd.DataFrame, operation: str, cache: str, until: str) -> pd.DataFrame:
    """Pick the rows of an operation with most images."""
    found = rows[
        (rows["operation"] == operation) & (rows["cache"] == cache) & (rows["until"] == until)
    ]
    picked: pd.DataFrame = found[found["images"] == found["images"].max()]
    return picked
