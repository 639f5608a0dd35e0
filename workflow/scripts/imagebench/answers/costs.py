"""What each format costs for a use, out of what was measured."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from ..states import RESERVED, Cache, Until
from .outlook import REPEAT, Limits, bytes_of, files_of, memory_of, picked
from .uses import Option, Options, Use, what_is_there


def options_from(
    blocks: pd.DataFrame,
    traits: Mapping[str, Mapping[str, bool]],
    location: str,
    limits: Limits,
) -> tuple[int, Options]:
    """Make what gives the options of a use out of what was measured.

    Args:
        blocks: one row a block, as ``summaries.block_times`` gives it, with ``memory``.
        traits: of each backend; see ``Option``.
        location: where stores are kept.
        limits: of that.

    Returns:
        How many images were measured at once, and the function.
    """
    rows = blocks[(blocks["location"] == location) & ~blocks["backend"].isin(RESERVED)]
    stores = picked(rows, "store_many", Cache.NOT_APPLICABLE, Until.DURABLE)
    if stores.empty:  # a table from elsewhere need not say when a store was safe
        stores = picked(rows, "store_many", Cache.NOT_APPLICABLE, Until.CLOSED)
    measured = 0 if stores.empty else int(stores["images"].max())
    repeats = stores[stores["images"] == measured].set_index(REPEAT).index.unique()

    def options_of(use: Use) -> list[Option]:
        read = picked(rows, use.access, use.cache, Until.RETURNED)
        found = []
        for name, own in stores.groupby("backend", sort=False):
            reads = read[read["backend"] == name]
            if reads.empty:
                continue
            convert, epoch = (limits.foretell(of, use.images, repeats) for of in (own, reads))
            by = "file_amount" if traits[str(name)]["keeps_files"] else "amount"
            size, files = bytes_of(own, use.images, by), files_of(own, use.images)
            option = Option(
                str(name),
                str(own["backend_label"].iloc[0]),
                convert.values,
                epoch.values,
                size,
                files,
                memory_of(reads, use.images, limits),
                traits[str(name)],
                (convert.deviation, epoch.deviation),
                convert.refused or epoch.refused or limits.crossed(own, size[0], files[0]),
            )
            if np.isfinite(option.total(use)).any():
                found.append(option)
        return with_decoding(found)

    return measured, options_of


def with_decoding(options: Sequence[Option]) -> list[Option]:
    """Add to the time to convert what decoding the files once takes, where they are decoded.

    It is as long as an epoch of the files where they are: a store is timed with images in memory.
    """
    stay = what_is_there(options)
    if stay is None:
        return list(options)
    return [of if of.traits["keeps_files"] else decoded(of, stay) for of in options]


def decoded(option: Option, files: Option) -> Option:
    """Add to a format's time to convert what an epoch of the files takes."""
    convert = option.convert + files.epoch
    shares = np.array([np.nanmean(option.convert), np.nanmean(files.epoch)]) / np.nanmean(convert)
    deviation = float(shares @ (option.deviations[0], files.deviations[1]))
    return replace(
        option,
        convert=convert,
        deviations=(deviation, option.deviations[1]),
        refused=option.refused or files.refused,
    )
