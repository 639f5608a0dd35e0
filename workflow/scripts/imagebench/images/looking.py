"""Looking at the files of a folder: at headers for its index, and whole at what is to be measured.

Several processes look. Each image's digests, which are taken here once, are what everything that is
read later must agree with.
"""

import errno
import hashlib
import os
import signal
import stat
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from .. import decoding
from ..changes import Change
from ..digests import image_digests
from ..errors import describe
from ..memory_limits import kills_for_memory, offer_to_be_killed, workers_for
from ..pieces import CHANNELS
from ..silence import silence
from .index import DAMAGED, GOOD, MODES, NO_IMAGE, OTHER_KIND, ROW, UNREADABLE, Index
from .pages import count_pages, orientation_of
from .unread import START_BYTES, is_camera_raw, is_named_like_an_image, why_unread

TOGETHER = 256
"""So many files are handed to a process at once."""

SECONDS = 120
"""Seconds that a look at one file may take; the largest images take a few."""

DECODING = 4
"""Times the bytes of an image's pixels that it takes to decode it by two libraries."""

LARGEST_SIDE = (1 << 31) - 1
"""Pixels that the height or the width of a row can have."""

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
    several = together(look_at, root, names, waiting)
    for done, (number, found) in enumerate(zip(waiting, several, strict=True), 1):
        rows[number], reason = (np.zeros((), ROW), found) if isinstance(found, str) else found
        if reason:
            is_other = rows[number]["state"] == OTHER_KIND
            index.mark(number, reason, OTHER_KIND if is_other else UNREADABLE)
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
    look: Callable[..., Any],
    root: Path,
    names: list[bytes],
    numbers: list[int],
    *more: Any,
    bytes_each: int = 0,
) -> Iterator[Any]:
    """Look at each file by several processes, and yield what each look returned, in order.

    A look that crashes its process, or takes too long, returns why in its place. There are only as
    many processes as find room in memory, if each takes ``bytes_each``.
    """
    below = os.fsencode(root)
    paths = [os.path.join(below, names[number]) for number in numbers]
    calls = list(zip(paths, *more, strict=True))
    parts = [calls[start : start + TOGETHER] for start in range(0, len(calls), TOGETHER)]
    done = 0
    while done < len(parts):
        try:
            with pool_of(min(len(parts) - done, workers_for(bytes_each))) as pool:
                for found in pool.map(partial(look_at_each, look), parts[done:]):
                    yield from found
                    done += 1
        except BrokenProcessPool:  # it does not tell by which file
            yield from (look_alone(look, arguments) for arguments in parts[done])
            done += 1


def pool_of(count: int) -> ProcessPoolExecutor:
    """Return a pool of so many processes that print nothing."""
    return ProcessPoolExecutor(count, mp_context=get_context("fork"), initializer=begin)


def begin() -> None:
    """Let this process print nothing, and be the first to be killed if memory runs out."""
    silence()
    offer_to_be_killed()


def look_alone(look: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    """Look at one file by a process of its own, and return what that gave or why it died."""
    context, kills = get_context("fork"), kills_for_memory()
    receiver, sender = context.Pipe(duplex=False)

    def call() -> None:
        begin()
        sender.send(look_at_each(look, [arguments])[0])

    process = context.Process(target=call)
    process.start()
    sender.close()
    with suppress(EOFError):  # it died
        return receiver.recv()
    process.join()
    if process.exitcode == -signal.SIGALRM:
        return f"it takes more than {SECONDS} seconds to look at"
    if kills_for_memory() != kills:
        return "it needs more memory than there is"
    return "a library crashes that should decode it"


def look_at_each(look: Callable[..., Any], calls: list[tuple[Any, ...]]) -> list[Any]:
    """Look at some files, one after the other; one that takes too long ends this process."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    found = []
    for arguments in calls:
        signal.alarm(SECONDS)
        found.append(look(*arguments))
    signal.alarm(0)
    return found


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
            is_named = is_named_like_an_image(path)
            row["state"] = OTHER_KIND if is_named else NO_IMAGE
            return row, "it is no file, but a pipe, a socket or a device" if is_named else None
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
            row["format"] = decoding.FORMATS.index(kind)
            width, height = decoding.size_of(image)
            if not (0 < width <= LARGEST_SIDE and 0 < height <= LARGEST_SIDE):
                return row, f"its header says {width:,} x {height:,} pixels"
            row["width"], row["height"] = width, height
            if mode not in MODES:
                return row, f"its pixels are {mode}, in Pillow's words, which is not measured here"
            row["mode"] = MODES.index(mode)
            row["channels"], row["depth"] = decoding.decoded_as(image, mode)
            row["orientation"] = orientation_of(file, image, kind)
            row["pages"] = count_pages(file, image, kind)
    except Exception as error:  # a damaged file can raise almost anything
        is_lost = isinstance(error, OSError) and error.errno in (errno.ENOENT, errno.ELOOP)
        if not is_lost or is_named_like_an_image(path):
            return row, why_not_read(error)
        row["state"] = NO_IMAGE  # a broken link, which may be anything's
    return row, None


def digest_chosen(index: Index, numbers: Iterable[int], tell: Tell) -> int:
    """Read the chosen files whole, and complete the rows of those without digests.

    What cannot be decoded, or is decoded in two ways by two libraries, is marked as damaged.

    Returns:
        How many were marked.
    """
    waiting = [number for number in numbers if not index.rows[number]["bytes"].any()]
    marked = 0
    rows, changes = index.rows[waiting], [index.change] * len(waiting)
    pixels = rows["height"].astype(np.int64) * rows["width"] * rows["depth"]
    each = DECODING * int((pixels * np.maximum(rows["channels"], 1)).max(initial=0))
    several = together(digested, index.root, index.names, waiting, rows, changes, bytes_each=each)
    for done, (number, found) in enumerate(zip(waiting, several, strict=True), 1):
        if isinstance(found, str):
            index.mark(number, found, DAMAGED)
            marked += 1
        else:
            index.rows[number] = found
        tell(done, len(waiting))
    return marked


def digested(path: bytes, row: Any, change: Change) -> Any:
    """Complete a row by what decoding the whole file gives, or say what is wrong with it.

    Args:
        path: of the file.
        row: as ``look_at`` gave it, with the label.
        change: of all images.

    Returns:
        The row, with the digests of image and label, as Pillow decodes it, and of the file's bytes;
        channels and depth are those that decoding gave. Or a reason to leave the file out.
    """
    row = np.array(row)  # for one that came from another process takes no changes
    try:
        with open(path, "rb") as file:
            data, status = file.read(), os.fstat(file.fileno())
        if (status.st_size, status.st_mtime_ns) != (row["size"], row["changed"]):
            return "it was changed while the folder was looked at"
        pixels = decoding.by_pillow(data)
        if reason := why_not_measured(pixels, data, row):
            return reason
        row["channels"], row["depth"] = sum(pixels.shape[2:]), pixels.itemsize
        pixels = decoding.changed(pixels, data, change)
        [row["pixels"]] = image_digests([pixels], np.array([row["label"]], dtype=np.int64))
    except Exception as error:  # a damaged file can raise almost anything
        return why_not_read(error)
    row["bytes"] = np.frombuffer(hashlib.sha256(data).digest(), np.uint8)
    return row


def why_not_read(error: Exception) -> str:
    """Return in words why a file cannot be read."""
    if isinstance(error, MemoryError):
        return "there is not enough memory to decode it"
    if getattr(error, "errno", None):
        return describe(error)
    return f"Pillow cannot read it: {describe(error).partition(': ')[2] or type(error).__name__}"


def why_not_measured(pixels: Any, data: bytes, row: Any) -> str | None:
    """Say why a file is left out, though Pillow decodes it; None if it is not."""
    height, width = pixels.shape[:2]
    if (height, width) != (row["height"], row["width"]):
        return (
            f"decoding gives {width:,} x {height:,} pixels, and its header says "
            f"{row['width']:,} x {row['height']:,}"
        )
    if pixels.dtype not in (np.uint8, np.uint16) or sum(pixels.shape[2:]) not in CHANNELS:
        return f"decoding gives {pixels.dtype} of shape {pixels.shape}, which is not measured here"
    fast = decoding.decode(data)
    is_alike = np.array_equal(fast, pixels) and fast.dtype == pixels.dtype
    if is_alike and pixels.ndim > 2 and pixels.itemsize > 1:
        is_alike = decoding.is_what_pillow_cuts(pixels, data)
    return None if is_alike else "two libraries decode it in two ways"
