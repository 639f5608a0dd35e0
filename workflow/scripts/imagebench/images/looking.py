"""Looking at the files of a folder: at headers for its index, and whole at what is to be measured.

Several processes look. Each image's digests, which are taken here once, are what everything that is
read later must agree with.
"""

import errno
import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from .. import decoding
from ..changes import Change
from ..digests import image_digests
from ..errors import describe
from .index import DAMAGED, GOOD, MODES, NO_IMAGE, OTHER_KIND, ROW, UNREADABLE, Index
from .pages import count_pages, orientation_of
from .unread import START_BYTES, is_camera_raw, is_named_like_an_image, why_unread

TOGETHER = 256
"""So many files are handed to a process at once."""

Tell = Callable[[int, int], None]


def headers(
    root: Path,
    names: list[bytes],
    before: Index | None,
    *,
    largest_pixels: int,
    change: Change,
    tell: Tell,
) -> Index:
    """Look at the header of every file, but for those that an earlier index knows as they are.

    Args:
        root: the folder.
        names: of all files below it.
        before: the earlier index.
        largest_pixels: what has more counts as unreadable.
        change: of all images.
        tell: called now and then with how many files were looked at, of how many.
    """
    rows = np.zeros(len(names), ROW)
    index = Index(root, names, rows, {}, {}, change)
    known: dict[bytes, int] = {}
    if before is not None and before.root == root:
        known = {name: number for number, name in enumerate(before.names)}
    waiting = []
    for number, name in enumerate(names):
        there = known.get(name)
        if before is not None and there is not None and is_same(before.rows[there], root, name):
            rows[number] = before.rows[there]
            if before.change != change:
                rows[number]["pixels"] = rows[number]["bytes"] = 0
            if name in before.reasons:
                index.reasons[name] = before.reasons[name]
        else:
            waiting.append(number)
    done = 0
    for found, reasons in in_parts(look_at_some, root, names, waiting):
        numbers = waiting[done : done + len(found)]
        rows[numbers] = found
        for place, reason in reasons.items():
            state = OTHER_KIND if found["state"][place] == OTHER_KIND else UNREADABLE
            index.mark(numbers[place], reason, state)
        done += len(found)
        tell(done, len(waiting))
    pixels = rows["height"].astype(np.int64) * rows["width"]
    for number in np.flatnonzero((pixels > largest_pixels) & (rows["state"] == GOOD)).tolist():
        index.mark(number, f"it has {pixels[number]:,} pixels, more than folder.largest_pixels")
    return index


def is_same(row: Any, root: Path, name: bytes) -> bool:
    """Whether a file has the size and the time that a row has, and can be read."""
    try:
        status = os.stat(os.path.join(os.fsencode(root), name))
    except OSError:
        return False
    is_one = row["size"] == status.st_size and row["changed"] == status.st_mtime_ns
    return bool(is_one) and row["state"] != UNREADABLE


def together(
    look: Callable[..., Any], root: Path, names: list[bytes], numbers: list[int], *more: Any
) -> Iterator[Any]:
    """Look at each file by several processes, and give what each look gave, in order."""
    for part in in_parts(partial(look_at_each, look), root, names, numbers, *more):
        yield from part


def in_parts(
    look: Callable[..., Any], root: Path, names: list[bytes], numbers: list[int], *more: Any
) -> Iterator[Any]:
    """Look at many files at once by several processes, and give what each look gave, in order."""
    starts = range(0, len(numbers), TOGETHER)
    parts = [[names[number] for number in numbers[start : start + TOGETHER]] for start in starts]
    others = [[values[start : start + TOGETHER] for start in starts] for values in more]
    below = partial(look_below, look, os.fsencode(root))
    if len(parts) < 2:
        yield from map(below, parts, *others)
        return
    with ProcessPoolExecutor(mp_context=get_context("fork"), initializer=be_quiet) as pool:
        yield from pool.map(below, parts, *others)


def be_quiet() -> None:
    """Let libraries not print what they think of files: what is wrong with one is given back."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)


def look_below(look: Callable[..., Any], root: bytes, names: list[bytes], *more: Any) -> Any:
    """Look at some files below a folder, in a process of the pool."""
    return look([os.path.join(root, name) for name in names], *more)


def look_at_each(look: Callable[..., Any], paths: list[bytes], *more: list[Any]) -> list[Any]:
    """Look at some files, one after the other."""
    return [look(*arguments) for arguments in zip(paths, *more, strict=True)]


def look_at_some(paths: list[bytes]) -> tuple[Any, dict[int, str]]:
    """Read the headers of some files: one array of their rows, and why any is unreadable."""
    found = [look_at(path) for path in paths]
    reasons = {place: reason for place, (_, reason) in enumerate(found) if reason}
    return np.array([row for row, _ in found], ROW), reasons


def look_at(path: bytes) -> tuple[Any, str | None]:
    """Read the header of a file.

    Returns:
        Its row, and why it is unreadable, or None.
    """
    row = np.zeros((), ROW)
    try:
        status = os.stat(path)
        row["size"], row["changed"] = status.st_size, status.st_mtime_ns
        if not stat.S_ISREG(status.st_mode):  # a pipe would be waited for
            row["state"] = NO_IMAGE
            return row, None
        with open(path, "rb") as file:
            start = file.read(START_BYTES)
            kind = decoding.format_of(start)
            if kind is None or is_camera_raw(path):
                reason = why_unread(path, start)
                row["state"] = OTHER_KIND if reason else NO_IMAGE
                return row, reason
            file.seek(0)
            image = decoding.opened(file, kind)
            mode = decoding.mode_of(image)
            row["width"], row["height"] = decoding.size_of(image)
            row["format"] = decoding.FORMATS.index(kind)
            if mode not in MODES:
                return row, f"its mode is {mode}, which is not known here"
            row["mode"] = MODES.index(mode)
            row["channels"], row["depth"] = decoding.decoded_as(image, mode)
            row["orientation"] = orientation_of(file, image, kind)
            row["pages"] = count_pages(file, image, kind)
    except Exception as error:  # a damaged file can raise almost anything
        is_lost = isinstance(error, OSError) and error.errno in (errno.ENOENT, errno.ELOOP)
        if is_lost and not is_named_like_an_image(path):  # a broken link, which may be anything's
            row["state"] = NO_IMAGE
            return row, None
        return row, describe(error)
    return row, None


def digest_chosen(index: Index, numbers: Iterable[int], tell: Tell) -> int:
    """Read the chosen files whole, and take the digests that are not there yet.

    What cannot be decoded, or is decoded in two ways by two libraries, is marked as damaged.

    Returns:
        How many were marked.
    """
    waiting = [number for number in numbers if not index.rows[number]["bytes"].any()]
    labels = [int(index.rows[number]["label"]) for number in waiting]
    marked = 0
    changes = [index.change] * len(waiting)
    found = together(digests_of, index.root, index.names, waiting, labels, changes)
    for done, (number, digests) in enumerate(zip(waiting, found, strict=True), 1):
        if isinstance(digests, str):
            index.mark(number, digests, DAMAGED)
            marked += 1
        else:
            index.rows[number]["pixels"], index.rows[number]["bytes"] = digests
        tell(done, len(waiting))
    return marked


def digests_of(path: bytes, label: int, change: Change) -> tuple[Any, Any] | str:
    """Digest image and label, as Pillow decodes it, and a file's bytes; or say what is wrong."""
    try:
        data = Path(os.fsdecode(path)).read_bytes()
        pixels = decoding.by_pillow(data)
        fast = decoding.decode(data)
        if not np.array_equal(fast, pixels) or fast.dtype != pixels.dtype:
            return "two libraries decode it in two ways"
        pixels = decoding.changed(pixels, data, change)
        found = image_digests([pixels], np.array([label], dtype=np.int64))
    except Exception as error:  # a damaged file can raise almost anything
        return describe(error)
    return found[0], np.frombuffer(hashlib.sha256(data).digest(), np.uint8)
