"""What is measured of a folder: which of its images, in which order, and what was left out."""

import os
import sys
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from ..changes import Change
from ..configuration import place_of
from ..errors import BenchmarkError
from ..files import published_file
from ..wording import counted
from .hints import hints_of
from .index import DAMAGED, GOOD, OTHER_KIND, ROW, Index
from .labels import labels_of
from .looking import digest_chosen, headers
from .sample import Chosen, in_order, is_equal, load
from .unread import READ_ENDINGS, ending_of
from .walking import files_below

SECONDS_BETWEEN = 5
"""Of silence, while many files are looked at."""

TOLD, KINDS = 3, 12
"""Number of unreadable files, and of kinds of other files, that a sentence names."""


def look(settings: Mapping[str, Any], seed: int, folder: Path, *, tell: bool = True) -> Chosen:
    """Look at the files of a folder, and order its images; an index that is there is made use of.

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
    names, closed, met_again = [], {}, list[bytes]()
    for name, reason in files_below(root, [Path("results"), Path(".snakemake")], met_again):
        if reason is None:
            names.append(name)
        else:
            closed[name] = reason
    told = Progress("looked at the headers of {:,} of {:,} files") if tell else nothing
    change = Change(settings["mode"], settings["resize"])
    most, before = settings["largest_pixels"], Index.load(folder)
    index = headers(root, names, before, largest_pixels=most, change=change, tell=told)
    index.reasons |= closed
    require_images(index, settings)
    set_labels(index, settings["labels"])
    if met_again:
        leads = "link leads" if len(met_again) == 1 else "links lead"
        index.notes.append(
            f"{len(met_again):,} {leads} to a folder that is measured by another name, and is not "
            f"followed: {first_of([repr(os.fsdecode(name)) for name in met_again])}."
        )
    return Chosen(index, in_order(index.rows, seed))


def ready(
    looked: Chosen, settings: Mapping[str, Any], count: int, seed: int, *, tell: bool = True
) -> Chosen:
    """Take the digests of the images that are measured.

    What turns out to be damaged is left out, and others take its place. Nothing is written before
    ``keep`` is called.

    Args:
        looked: at all that there are.
        settings: the part ``folder`` of a config.
        count: how many are measured.
        seed: as for ``look``.
        tell: whether progress is told.

    Raises:
        BenchmarkError: if there are fewer images, or as ``look`` does.
    """
    index, order = looked.index, looked.order[:count]
    if count > len(looked.known):
        raise BenchmarkError(
            f"config: image_count is {count:,}, and {index.root} has "
            f"{counted(len(looked.known), 'image')}: leave image_count out to measure all; what "
            "more images would take is foretold if use.NAME.images says how many"
        )
    told = Progress("looked at {:,} of {:,} images whole") if tell else nothing
    while digest_chosen(index, order.tolist(), told):
        order = in_order(index.rows, seed)[:count]
    require_images(index, settings)
    return Chosen(index, order)


def keep(chosen: Chosen, folder: Path) -> None:
    """Write what is known of a folder's images into a folder of results, unless it is there."""
    before = load(folder)
    if before is None or not is_equal(before, chosen):
        chosen.index.save(folder)
        with published_file(folder / "order.npy") as partial, open(partial, "wb") as file:
            np.save(file, chosen.order)


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
    root = place_of(path)
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
    """Give each image its class; digests, which are of pixels and label, go with another label.

    Raises:
        BenchmarkError: as ``labels_of`` does.
    """
    rows, like_images = index.rows, index.looking_like_images.tolist()
    paths = [index.names[number] for number in like_images]
    needing = [
        path for path, number in zip(paths, like_images, strict=True)
        if rows["state"][number] in (GOOD, DAMAGED)
    ]  # fmt: skip
    index.classes, found, notes = labels_of(paths, needing, labels, index.root)
    given = np.array([found.get(path, 0) for path in paths], dtype=ROW["label"])
    other = np.array(like_images)[rows["label"][like_images] != given]
    rows["label"][like_images] = given
    rows["pixels"][other] = rows["bytes"][other] = 0
    index.notes = [*notes, *hints_of(paths, labels)]


def require_images(index: Index, settings: Mapping[str, Any]) -> None:
    """Raise if there is nothing to measure, or something that must not be left out.

    Raises:
        BenchmarkError: naming the first file that is left out, if that is the reason.
    """
    root, first = index.root, next(iter(index.reasons.items()), None)
    files = counted(len(index.reasons), "file")
    example = f"the first is {os.fsdecode(first[0])!r}: {first[1]}" if first else ""
    if first and settings["unreadable"] == "stop":
        raise BenchmarkError(
            f"{files} of {root} cannot be read; {example}; set folder.unreadable to skip to "
            "measure the others"
        )
    if not (index.rows["state"] == GOOD).any():
        has = f"has {counted(len(index.names), 'file')}, and none is an image"
        if first:
            has = f"has no image that can be read; of {files} that cannot, {example}"
        elif not index.names:
            is_empty = not any(root.iterdir())
            has = "is empty" if is_empty else "holds nothing but hidden files and those of systems"
        raise BenchmarkError(
            f"the folder {root} {has}: it takes JPEG, PNG, WebP, TIFF, BMP, GIF and PNM files"
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


def remarks(index: Index, table: str) -> list[str]:
    """Return sentences about what is odd about a folder, and about files that are left out.

    Args:
        index: of the folder.
        table: the path of the table that names all files that are left out.
    """
    kinds, unreadable = Counter[tuple[str, str]](), []
    are_other = index.rows["state"] == OTHER_KIND
    others = {index.names[number] for number in np.flatnonzero(are_other).tolist()}
    for name, reason in index.reasons.items():
        if name in others:
            kinds[ending_of(name), reason] += 1
        else:
            unreadable.append(f"{os.fsdecode(name)!r} ({reason})")
    lines = list(index.notes)
    if unreadable:
        are = "is" if len(unreadable) == 1 else "are"
        lines.append(
            f"{counted(len(unreadable), 'unreadable file')} {are} left out: {first_of(unreadable)}."
        )
    if kinds:
        each = [
            f"{count:,} {f'.{ending}' if ending else 'without an ending'}"
            + (f" ({reason})" if ending in READ_ENDINGS else "")
            for (ending, reason), count in kinds.most_common()
        ]
        looks, are = ("looks", "is") if len(others) == 1 else ("look", "are")
        lines.append(
            f"{counted(len(others), 'file')} that {looks} like an image {are} of no kind that is "
            f"read here: {first_of(each, KINDS)}."
        )
    if index.reasons:
        lines.append(f"All that is left out stands in {table}.")
    return lines


def first_of(items: list[str], count: int = TOLD) -> str:
    """Join the first of some items, with dots if there are more."""
    return ", ".join([*items[:count], *(["..."] if len(items) > count else [])])
