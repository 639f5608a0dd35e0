"""The images of a folder that are measured: which, and in which order."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..pieces import Facts
from .index import DAMAGED, GOOD, Index, facts_of


@dataclass(frozen=True)
class Chosen:
    """The images of a folder that are measured.

    Attributes:
        index: of all files.
        order: numbers of the chosen rows; the first of them, however many, are a fair sample.
    """

    index: Index
    order: NDArray[np.int64]

    @property
    def all_facts(self) -> Facts:
        """The facts of all good images of the folder, of which a sample may be measured."""
        rows = self.index.rows
        return facts_of(rows[rows["state"] == GOOD], [], self.index.change)

    @property
    def known(self) -> NDArray[np.int64]:
        """Numbers of the rows of all that look like images, damaged or not."""
        return np.flatnonzero(np.isin(self.index.rows["state"], (GOOD, DAMAGED)))

    @property
    def identity(self) -> str:
        """Sixteen digits that are another for other files, other labels or another order.

        They are of all that there are to choose from, so that a larger sample, which begins with
        the same images, measures nothing anew; nor does one in which a damaged image is found. The
        pixels have digests of their own.
        """
        good, found = self.known, hashlib.sha256()
        for column in ("size", "height", "width", "label", "format", "mode"):
            found.update(np.ascontiguousarray(self.index.rows[column][good]).data)
        found.update(repr(tuple(self.index.change)).encode("ascii"))
        found.update(b"\0".join(self.index.names[number] for number in good.tolist()))
        return found.hexdigest()[:16]

    def digest_of(self, count: int) -> str:
        """Return a 16-digit hash of the first images, by what is in their files.

        It is of their bytes, pixels and labels, in both orders in which they are stored. Neither
        their times nor the place of the folder count.
        """
        found = hashlib.sha256()
        for numbers in (self.order[:count], np.sort(self.order[:count])):
            for column in ("bytes", "pixels"):
                found.update(np.ascontiguousarray(self.index.rows[column][numbers]).data)
        found.update(repr(tuple(self.index.change)).encode("ascii"))
        return found.hexdigest()[:16]

    @property
    def good(self) -> int:
        """How many there are to choose from."""
        return int((self.index.rows["state"] == GOOD).sum())


def load(folder: Path) -> Chosen | None:
    """Read what ``ready`` has left in a folder of results; None if there is nothing."""
    index = Index.load(folder)
    if index is None or not (folder / "order.npy").exists():
        return None
    return Chosen(index, np.load(folder / "order.npy"))


def is_equal(one: Chosen, other: Chosen) -> bool:
    """Whether two are the same, so that nothing needs to be written."""
    return (
        one.index.names == other.index.names
        and np.array_equal(one.index.rows, other.index.rows)
        and one.index.reasons == other.index.reasons
        and one.index.classes == other.index.classes
        and one.index.change == other.index.change
        and one.index.notes == other.index.notes
        and np.array_equal(one.order, other.order)
    )


def in_order(rows: NDArray[Any], seed: int) -> NDArray[np.int64]:
    """Order all good files so that the first of them, however many, are a fair sample.

    They are sorted by class, format and size, and taken in the order of the van der Corput
    sequence, which spreads any number of first ones evenly; the seed decides between alike ones.
    Damaged ones have a place in it too, and are left out of it: so one that is found later moves no
    other.

    Returns:
        Numbers of rows.
    """
    good = np.flatnonzero(np.isin(rows["state"], (GOOD, DAMAGED)))
    some = rows[good]
    pixels = np.log2(np.maximum(some["height"].astype(np.float64) * some["width"], 1)).astype(int)
    chance = np.random.default_rng(seed).permutation(len(good))
    in_strata = good[np.lexsort((chance, pixels, some["format"], some["label"]))]
    bits = max(int(len(good) - 1).bit_length(), 1)
    places = np.arange(len(good))
    reversed_bits = sum((places >> bit & 1) << (bits - 1 - bit) for bit in range(bits))
    ordered = in_strata[np.argsort(reversed_bits, kind="stable")]
    chosen: NDArray[np.int64] = ordered[rows[ordered]["state"] == GOOD]
    return chosen
