"""The experiments of reading, many images and one: cold first, then warm, each read verified.

Neither state of the page cache is taken on trust. A read is labelled cold only if hardly any page
of the store was in the cache right before it, and warm only if hardly any byte of it had to come
from the device.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from ..errors import BenchmarkError, describe, may_be_damage
from ..measuring.clock import Timed, is_enough, time_call
from ..measuring.digests import digest, digest_one
from ..measuring.footprint import Footprint, footprint
from ..measuring.memory import back_with_memory
from ..measuring.page_cache import COLD_SHARE, evict, warm
from ..measuring.samples import (
    COLD,
    UNKNOWN,
    WARM,
    Array,
    Digests,
    Sample,
    Storage,
    prepare,
    total_seconds,
)

Result = TypeVar("Result")

READ_COPIES = 2
"""Times the images' bytes that are made ready as memory before each sample: a list of images, and
the array that they become."""

MOST_COLD_CALLS = 5
"""Emptying the page cache takes longer than most reads do, so that short ones are not repeated as
often as warm ones."""

MOST_MISSES = 4
"""So many reads that should have been warm and were not are put up with in a block. On a machine
that takes pages out of the cache after some seconds, 100,000 files needed up to three."""

WARM_SHARE = 0.02
"""A read counts as warm if less than this share of the store came from the device."""


def read_many(
    backend: Storage, store: Path, shape: tuple[int, ...], stored: Mapping[str, Any]
) -> list[Sample]:
    """Time reading a whole store with a cold and with a warm page cache; verify each read.

    Args:
        backend: what is timed.
        store: a folder that ``store_many`` left.
        shape: of the images in it: (n, height, width, 3).
        stored: the sample that was recorded when it was stored.

    Raises:
        BenchmarkError: if the store cannot be read, or brings back anything else than was stored.
    """
    size = require_complete(store, stored)
    digests = digests_of(stored)
    prepare(backend, shape[1:], store)

    def read_once() -> Timed[Any]:
        back_with_memory(READ_COPIES * math.prod(shape))
        return verified(backend.read, digest, store, digests[0])

    samples: list[Sample] = []
    while not samples or (
        samples[-1].cache == COLD
        and len(samples) < MOST_COLD_CALLS
        and not is_enough(len(samples), total_seconds(samples))
    ):
        share = evict(store)
        timed = read_once()
        samples.append(
            Sample.of_read(
                len(samples), cold_state(share), digests, timed, size, resident_share=share
            )
        )
    return samples + read_warm(store, [digests], [size], lambda number: read_once(), len(samples))


def read_single(
    backend: Storage, store: Path, shape: tuple[int, ...], stored: Sequence[Mapping[str, Any]]
) -> list[Sample]:
    """Time reading the single-image stores that ``store_single`` left, in turn; verify each.

    Args:
        backend: what is timed.
        store: the folder of stores ``0``, ``1``, ...
        shape: of one image: (height, width, 3).
        stored: the samples that were recorded when they were stored.

    Raises:
        BenchmarkError: if a store cannot be read, or brings back anything else than was stored.
    """
    places = [store / str(sample["iteration"]) for sample in stored]
    digests = [digests_of(sample) for sample in stored]
    sizes = [require_complete(*pair) for pair in zip(places, stored, strict=True)]
    prepare(backend, shape, store)

    def read_once(number: int) -> Timed[Any]:
        return verified(backend.read_one, digest_one, places[number], digests[number][0])

    share = evict(store)
    samples = [
        Sample.of_read(
            number,
            cold_state(share),
            digests[number],
            read_once(number),
            size,
            resident_share=share,
        )
        for number, size in enumerate(sizes)
    ]
    return samples + read_warm(store, digests, sizes, read_once, len(samples))


def read_warm(
    store: Path,
    digests: list[Digests],
    sizes: list[Footprint],
    read_once: Callable[[int], Timed[Any]],
    first: int,
) -> list[Sample]:
    """Time warm reads of each part of a store in turn.

    Some machines take pages out of the cache that have lain there for a few seconds, used or not.
    A read that met this is kept as what it is, and the cache is filled again.

    Args:
        store: all parts together.
        digests: of each part.
        sizes: disk use of each part.
        read_once: reads and verifies the part of the number that it is given.
        first: number of the first call.
    """
    samples: list[Sample] = []
    warm_ones: list[Sample] = []
    warm(store)
    while not is_enough(len(warm_ones), total_seconds(warm_ones), len(digests)):
        number = len(samples) % len(digests)
        timed = read_once(number)
        state = warm_state(timed, sizes[number])
        samples.append(
            Sample.of_read(first + len(samples), state, digests[number], timed, sizes[number])
        )
        if state == WARM:
            warm_ones.append(samples[-1])
        elif len(samples) - len(warm_ones) < MOST_MISSES * len(digests):
            warm(store)
        else:
            break
    return samples


def digests_of(stored: Mapping[str, Any]) -> Digests:
    """Take the digests out of the sample that was recorded when something was stored."""
    return stored["digest"], stored["source_digest"]


def cold_state(share: float | None) -> str:
    """Name the state of the page cache in which so much of a store was resident."""
    return COLD if share is not None and share < COLD_SHARE else UNKNOWN


def warm_state(timed: Timed[Any], size: Footprint) -> str:
    """Name the state of the page cache that a read must have met.

    Where the system does not count what comes from the device, a store that has just been read
    counts as warm.
    """
    if timed.bytes_read is None or timed.bytes_read < WARM_SHARE * max(size.bytes_allocated, 1):
        return WARM
    return UNKNOWN


def verified(
    read: Callable[[Path], tuple[Array, Any]],
    digest_of: Callable[[Array, Any], str],
    place: Path,
    expected: str,
) -> Timed[None]:
    """Time one read, and raise unless it brings back what was stored.

    What was read is let go of, so that the next read does not find two copies in memory.
    """
    timed = checked_read(partial(read, place), place)
    require_equal(digest_of(*timed.result), expected, place)
    return timed.without_result()


@contextmanager
def saying_which(store: Path) -> Iterator[None]:
    """Say in one line which store it was, when the body cannot read it.

    A damaged store can make a library raise almost anything, so that everything is caught; but what
    comes of the machine, such as too many open files, is not taken for damage.

    Raises:
        BenchmarkError: in place of any exception but a lack of memory.
    """
    try:
        yield
    except (MemoryError, BenchmarkError):
        raise
    except Exception as error:
        damaged = "; it was damaged after it was written: delete it and run again"
        raise BenchmarkError(
            f"the store {store} cannot be read: {describe(error)}"
            f"{damaged if may_be_damage(error) else ''}"
        ) from error


def checked_read(call: Callable[[], Result], store: Path) -> Timed[Result]:
    """Time a read; say in one line which store it was, when it cannot be read."""
    with saying_which(store):
        return time_call(call)


def require_complete(store: Path, stored: Mapping[str, Any]) -> Footprint:
    """Measure a store, and raise unless it has the files and bytes that it was written with.

    Some libraries map a file into memory and die without a word when it is shorter than it was, so
    that this is asked before they open it.

    Args:
        store: the folder.
        stored: the sample that was recorded when it was stored, with ``bytes_logical`` and
            ``files``.
    """
    size = footprint(store)
    if (size.bytes_logical, size.files) != (stored["bytes_logical"], stored["files"]):
        raise BenchmarkError(
            f"the store {store} has {size.bytes_logical} bytes in {size.files} files, but was "
            f"written with {stored['bytes_logical']} in {stored['files']}: delete it and run "
            "again"
        )
    return size


def require_equal(found: str, expected: str, store: Path) -> None:
    """Raise unless what was read has the digest of what was stored."""
    if found != expected:
        raise BenchmarkError(
            f"the store {store} gave back other pixels or labels than were stored "
            f"(SHA-256 {found[:12]} in place of {expected[:12]}): delete it and run again"
        )
