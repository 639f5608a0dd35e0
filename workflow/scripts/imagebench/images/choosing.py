"""What is measured of a folder: which of its images, in which order, and what was left out."""

import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from ..changes import Change
from ..errors import BenchmarkError
from ..files import published_file
from .copying import with_copies
from .index import GOOD, NO_IMAGE, ROW, Index
from .looking import digest_chosen, headers
from .sample import Chosen, in_order, is_equal, load
from .walking import files_below, labels_of

SECONDS_BETWEEN = 5
"""Of silence, while many files are looked at."""

TOLD = 3
"""So many files that were left out are named; all are in the index."""


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
        count: how many are measured; where there are fewer, copies are made of them.
        seed: as for ``look``, and of how copies are changed.
        folder: where the index is kept, within the results.
        tell: whether progress is told.

    Raises:
        BenchmarkError: as ``look`` does.
    """
    index, order = looked.index, looked.order[:count]
    needs_copies = count > len(looked.known)
    told = Progress("looked at {:,} of {:,} images whole") if tell else nothing
    while digest_chosen(index, order.tolist(), told):
        order = in_order(index.rows, seed)[:count]
    before, chosen = load(folder), Chosen(index, order)
    if needs_copies:
        chosen = with_digested_copies(chosen, count, seed, folder, before, tell=tell)
        index, order = chosen.index, chosen.order
    if before is None or not is_equal(before, chosen):
        index.save(folder)
        with published_file(folder / "order.npy") as partial, open(partial, "wb") as file:
            np.save(file, order)
    require_images(index, settings)
    return chosen


def with_digested_copies(
    chosen: Chosen, count: int, seed: int, folder: Path, before: Chosen | None, *, tell: bool
) -> Chosen:
    """Make copies of all images until there are so many, and digest those that are new."""
    made = Progress("made {:,} of {:,} copies") if tell else nothing
    chosen = with_copies(chosen, count, seed, folder / "copies", made)
    rows, names = chosen.index.rows, chosen.index.names
    known = {}
    if before is not None and before.index.change == chosen.index.change:
        known = dict(zip(before.index.names, before.index.rows, strict=True))
    for number in range(len(rows) - chosen.copies, len(rows)):
        row = known.get(names[number])
        same = ("size", "changed", "label")
        if row is not None and all(row[name] == rows[number][name] for name in same):
            rows[number] = row
    told = Progress("looked at {:,} of {:,} copies whole") if tell else nothing
    if digest_chosen(chosen.index, chosen.order.tolist(), told):
        name, reason = next(reversed(chosen.index.reasons.items()))
        raise BenchmarkError(f"the copy {os.fsdecode(name)} cannot be read again: {reason}")
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
    names = [index.names[number] for number in good]
    found, index.classes = labels_of(names, labels, index.root)
    given = np.array([found[name] for name in names], dtype=ROW["label"])
    other = np.array(good)[index.rows["label"][good] != given]
    index.rows["label"][good] = given
    index.rows["pixels"][other] = index.rows["bytes"][other] = 0


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
