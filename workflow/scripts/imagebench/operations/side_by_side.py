"""Formats converted to and read in alternating fresh blocks, each block by processes of its own."""

import json
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from .. import files
from ..measuring.durability import make_durable
from ..measuring.page_cache import evict, warm
from ..pieces import Source
from ..processes import in_child
from ..states import Cache
from .access import Access
from .base import Target, Work
from .in_order import way_of
from .reading import MOST_MISSES

ENOUGH_SECONDS = 0.5
MOST_EPOCHS = 5
"""Short epochs are read this often, or until they come to this many seconds."""


@dataclass(frozen=True)
class Side:
    """One of the formats that are compared.

    Attributes:
        target: the backend, and where its store is made.
        is_there: True if its images need not be converted, since they are there.
    """

    target: Target
    is_there: bool


def run_blocks(
    sides: Mapping[str, Side],
    sources: Sequence[Callable[[], Source]],
    access: str,
    *,
    is_cold: bool,
) -> dict[str, dict[str, list[float]]] | None:
    """Run blocks, in each of which every side is converted to and read once.

    Args:
        sides: by their names.
        sources: one a block: it opens the images of the block anew.
        access: the way in which they are read.
        is_cold: True if they are read from the device, else from memory.

    Returns:
        For each side the seconds to ``convert`` and of an ``epoch``, one a block; None if the state
        of the page cache was not proven in one of them.
    """
    found: dict[str, dict[str, list[float]]] = {
        name: {"convert": [], "epoch": []} for name in sides
    }
    [seed] = {side.target.settings["seed"] for side in sides.values()}
    orders = orders_of(list(sides), len(sources), seed)
    for number, (names, opened) in enumerate(zip(orders, sources, strict=True)):
        for name in names:
            convert, epoch = run_side(sides[name], opened, access, number, is_cold=is_cold)
            if epoch is None:
                return None
            found[name]["convert"].append(convert)
            found[name]["epoch"].append(epoch)
    return found


def orders_of(names: list[str], blocks: int, seed: int) -> list[list[str]]:
    """Return the order of the sides in each block.

    Each side begins as many blocks as any other, one more or less, in an order shuffled by the
    seed: a machine that slows down, or a neighbour in step with the blocks, helps none of them.
    """
    turns = [block % len(names) for block in range(blocks)]
    random.Random(seed).shuffle(turns)  # noqa: S311
    return [names[turn:] + names[:turn] for turn in turns]


def run_side(
    side: Side, opened: Callable[[], Source], access: str, number: int, *, is_cold: bool
) -> tuple[float, float | None]:
    """Convert to one format and read it, in a process of its own; return the seconds of both.

    Raises:
        BenchmarkError: if it cannot be stored or read, or if its process died.
    """
    store = side.target.store
    store.parent.mkdir(parents=True, exist_ok=True)
    told = store.with_name(f"{store.name}.json")

    def measure() -> None:
        way = way_of(access)
        source = opened()
        generator = np.random.default_rng([side.target.settings["seed"], number])
        way.work = Work(side.target, source, {}, source.digests, generator)
        way.start()
        try:
            with way.stored(way.work, make_durable) as convert:
                seconds = epoch_seconds(way, is_cold=is_cold)
        finally:
            way.stop()
        told.write_text(json.dumps([0.0 if side.is_there else convert, seconds]), "ascii")

    try:
        in_child(measure, store)
        convert, epoch = json.loads(told.read_text("ascii"))
        return convert, epoch
    finally:
        told.unlink(missing_ok=True)
        files.remove_folder(store)


def epoch_seconds(way: Access, *, is_cold: bool) -> float | None:
    """Return the seconds to read all images once, the median of a few epochs.

    Returns None if the state of the page cache was not proven in time.
    """
    stored, store = way.work.images.facts.count, way.work.target.store
    wanted = Cache.COLD if is_cold else Cache.WARM
    seconds: list[float] = []
    began = time.perf_counter()
    for number in range(MOST_MISSES + MOST_EPOCHS):
        share = None
        if not is_cold:
            warm(store)
        elif not way.keeps_open:  # else it empties the cache itself, once it is open
            share = evict(store)
        sample = way.sample(number, number, cold=is_cold, share=share)
        if sample.cache == wanted:
            seconds.append(sample.seconds * stored / way.images(stored))
        elif number >= MOST_MISSES:
            break
        is_long = time.perf_counter() - began > ENOUGH_SECONDS
        if seconds and (is_long or len(seconds) == MOST_EPOCHS):
            break
    return float(np.median(seconds)) if seconds else None
