"""What is measured of a folder: which of its images, in which order, and what was left out."""

import hashlib
import os
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..changes import Change
from ..errors import BenchmarkError
from ..files import published_file
from .index import GOOD, NO_IMAGE, Index, in_order
from .looking import digest_chosen, headers
from .walking import files_below, labels_of

SECONDS_BETWEEN = 5
"""Of silence, while many files are looked at."""

TOLD = 3
"""So many files that were left out are named; all are in the index."""


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
    def identity(self) -> str:
        """Sixteen digits that are another for other files, other labels or another order.

        They are of all that there are to choose from, so that a larger sample, which begins with
        the same images, measures nothing anew. The pixels have digests of their own.
        """
        good = np.flatnonzero(self.index.rows["state"] == GOOD)
        found = hashlib.sha256()
        for column in ("size", "height", "width", "label", "format", "mode"):
            found.update(np.ascontiguousarray(self.index.rows[column][good]).data)
        found.update(repr(tuple(self.index.change)).encode("ascii"))
        found.update(b"\0".join(self.index.names[number] for number in good.tolist()))
        return found.hexdigest()[:16]

    @property
    def good(self) -> int:
        """How many there are to choose from."""
        return int((self.index.rows["state"] == GOOD).sum())

    def first(self, count: int) -> "Chosen":
        """Choose the first images alone."""
        return Chosen(self.index, self.order[:count])


def load(folder: Path) -> Chosen | None:
    """Read what ``ready`` has left in a folder of results; None if there is nothing."""
    index = Index.load(folder)
    if index is None or not (folder / "order.npy").exists():
        return None
    return Chosen(index, np.load(folder / "order.npy"))


def look(settings: Mapping[str, Any], seed: int, folder: Path, *, tell: bool = True) -> Chosen:
    """Bring the index of a folder up to date, and order its images.

    Args:
        settings: the part ``folder`` of a config.
        seed: decides between images that are alike.
        folder: where the index is kept, within the results.
        tell: whether progress is told.

    Raises:
        BenchmarkError: if there is no such folder, no image in it, or one that cannot be read and
            the config says to stop then.
    """
    root = checked_root(settings["path"])
    names, closed = [], {}
    for name, reason in files_below(root, [Path("results"), Path(".snakemake")]):
        if reason is None:
            names.append(name)
        else:
            closed[name] = reason
    told = Progress("looked at the headers of {:,} of {:,} files") if tell else nothing
    change = Change(settings["mode"], settings["resize"])
    most, before = settings["largest_pixels"], Index.load(folder)
    index = headers(root, names, before, largest_pixels=most, change=change, tell=told)
    index.reasons |= closed
    if (index.rows["state"] == GOOD).any():
        set_labels(index, settings["labels"])
    require_images(index, settings)
    return Chosen(index, in_order(index.rows, seed))


def ready(
    looked: Chosen,
    settings: Mapping[str, Any],
    count: int,
    seed: int,
    folder: Path,
    *,
    tell: bool = True,
) -> Chosen:
    """Take the digests of the images that are measured, and keep all that is known.

    What turns out to be damaged is left out, and others take its place.

    Args:
        looked: at all that there are.
        settings: the part ``folder`` of a config.
        count: how many are measured at most.
        seed: as for ``look``.
        folder: where the index is kept, within the results.
        tell: whether progress is told.

    Raises:
        BenchmarkError: as ``look`` does.
    """
    index, order = looked.index, looked.order[:count]
    told = Progress("looked at {:,} of {:,} images whole") if tell else nothing
    while digest_chosen(index, order.tolist(), told):
        order = in_order(index.rows, seed)[:count]
    before, chosen = load(folder), Chosen(index, order)
    if before is None or not is_equal(before, chosen):
        index.save(folder)
        with published_file(folder / "order.npy") as partial, open(partial, "wb") as file:
            np.save(file, order)
    require_images(index, settings)
    return chosen


def checked_root(path: str | None) -> Path:
    """Give the folder of images.

    Raises:
        BenchmarkError: if it is not named, is none, or lies in the results.
    """
    if not path:
        raise BenchmarkError(
            "config: dataset is folder, but folder.path is not set: give the path of a folder of "
            "images"
        )
    root = Path(os.path.expandvars(path)).expanduser().absolute()
    if not root.is_dir():
        what = "is no folder" if root.exists() else "is not there"
        raise BenchmarkError(f"config: folder.path is {path!r}, which {what}")
    if root.resolve().is_relative_to(Path("results").resolve()):
        raise BenchmarkError(
            f"config: folder.path is {path!r}, which lies in the results: they are written while "
            "it is measured; take a folder elsewhere"
        )
    return root


def set_labels(index: Index, labels: str) -> None:
    """Give each image its class; digests, which are of pixels and label, go with another label."""
    good = np.flatnonzero(index.rows["state"] == GOOD).tolist()
    found, index.classes = labels_of([index.names[number] for number in good], labels, index.root)
    for number in good:
        label = found[index.names[number]]
        if index.rows[number]["label"] != label:
            index.rows[number]["label"] = label
            index.rows[number]["pixels"] = index.rows[number]["bytes"] = 0


def require_images(index: Index, settings: Mapping[str, Any]) -> None:
    """Raise if there is nothing to measure, or something that must not be left out.

    Raises:
        BenchmarkError: naming the first file that cannot be read, if that is the reason.
    """
    root, first = index.root, next(iter(index.reasons.items()), None)
    example = f"; the first is {os.fsdecode(first[0])!r}: {first[1]}" if first else ""
    if first and settings["unreadable"] == "stop":
        raise BenchmarkError(
            f"{len(index.reasons):,} files of {root} cannot be read{example}; set "
            "folder.unreadable to skip, to measure the others"
        )
    if not (index.rows["state"] == GOOD).any():
        if first:
            raise BenchmarkError(
                f"none of {len(index.reasons):,} images of {root} can be read{example}"
            )
        others = int((index.rows["state"] == NO_IMAGE).sum())
        what = f"has {others:,} files, and none is an image" if others else "is empty"
        raise BenchmarkError(
            f"the folder {root} {what}: it takes JPEG, PNG, WebP, TIFF, BMP, GIF and PNM files"
        )


def is_equal(one: Chosen, other: Chosen) -> bool:
    """Whether two are the same, so that nothing needs to be written."""
    return (
        one.index.names == other.index.names
        and np.array_equal(one.index.rows, other.index.rows)
        and one.index.reasons == other.index.reasons
        and one.index.classes == other.index.classes
        and one.index.change == other.index.change
        and np.array_equal(one.order, other.order)
    )


class Progress:
    """Tells how far it is, every few seconds."""

    def __init__(self, words: str) -> None:
        """Take the words, with a place for what is done and one for all."""
        self.words, self.told = words, time.monotonic()

    def __call__(self, done: int, of: int) -> None:
        """Tell, unless that was done just before."""
        if time.monotonic() - self.told > SECONDS_BETWEEN:
            self.told = time.monotonic()
            print(self.words.format(done, of), file=sys.stderr, flush=True)


def nothing(done: int, of: int) -> None:
    """Tell nothing."""


def left_out(chosen: Chosen) -> list[str]:
    """Say what of a folder was left out, and name the first ones."""
    index = chosen.index
    lines = []
    if index.reasons:
        some = [
            f"{os.fsdecode(name)!r} ({why})" for name, why in list(index.reasons.items())[:TOLD]
        ]
        lines.append(
            f"{len(index.reasons):,} files were left out, since they cannot be read: "
            f"{', '.join(some)}{', ...' if len(index.reasons) > TOLD else ''}"
        )
    return lines
