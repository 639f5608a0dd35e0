"""Reading: cold first, then warm, each read verified.

Neither state of the page cache is taken on trust. A read is labelled cold only if hardly any page
of the store was in the cache right before it, and warm only if hardly any byte of it had to come
from the device.
"""

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from ..contract import Backend, Indices
from ..errors import BenchmarkError, describe, may_be_damage
from ..measuring.footprint import Footprint, footprint
from ..measuring.memory import back_with_memory
from ..measuring.page_cache import COLD_SHARE, evict, warm
from ..measuring.samples import Digests, Sample, prepare, total_seconds
from ..measuring.stopwatch import Timed, is_enough
from ..states import Cache
from .base import Operation, Work

READ_COPIES = 2
"""Times the images' bytes that are made ready as memory before each sample: a list of images, and
the array that they become."""

MOST_MISSES = 4
"""So many reads that should have been warm and were not are put up with in a block, for each call
of a round. On a machine that takes pages out of the cache after some seconds, 100,000 files needed
up to three."""

WARM_SHARE = 0.02
"""A read counts as warm if less than this share of the store came from the device."""


@dataclass(frozen=True)
class Call:
    """One call that is to be timed.

    Attributes:
        place: the store that it reads.
        size: the disk use of that.
        digests: of what must come back, and of what the data set had.
        image_bytes: bytes of the pixels that come back.
        indices: of the images that are asked for, in this order; None for all.
    """

    place: Path
    size: Footprint
    digests: Digests
    image_bytes: int
    indices: Indices | None = None


class Reading(Operation):
    """The calls of a block come in rounds, for each of which the page cache is emptied once."""

    most_cold_rounds: ClassVar[int] = 5
    """Emptying the page cache takes longer than most reads do, so that short ones are not repeated
    as often as warm ones."""

    calls_in_round: int = 1

    keeps_open: ClassVar[bool] = False
    """Whether the store is opened before the clock starts."""

    work: Work
    backend: Backend

    def measure(self, work: Work) -> list[Sample]:
        """Time all calls: with a cold page cache, then with a warm one."""
        self.work = work
        self.start()
        try:
            samples = self.cold_samples()
            return samples + self.warm_samples(len(samples))
        finally:
            self.stop()

    def cold_samples(self) -> list[Sample]:
        """Empty the page cache before each round."""
        samples: list[Sample] = []
        for _ in range(self.most_cold_rounds):
            share = evict(self.work.target.store)
            for number in range(self.calls_in_round):
                samples.append(self.sample(len(samples), number, cold=True, share=share))
            if samples[-1].cache != Cache.COLD or is_enough(len(samples), total_seconds(samples)):
                break
        return samples

    def warm_samples(self, first: int) -> list[Sample]:
        """Fill the page cache, and again if the system has dropped pages of its own accord.

        Some machines take pages out of the cache that have lain there for a few seconds, used or
        not. A read that met this is kept as what it is.

        Args:
            first: number of the first call.
        """
        samples: list[Sample] = []
        warm_ones: list[Sample] = []
        several = self.calls_in_round
        warm(self.work.target.store)
        while not is_enough(len(warm_ones), total_seconds(warm_ones), several):
            number = len(samples) % several
            samples.append(self.sample(first + len(samples), number, cold=False))
            if samples[-1].cache == Cache.WARM:
                warm_ones.append(samples[-1])
            elif len(samples) - len(warm_ones) < MOST_MISSES * several:
                warm(self.work.target.store)
            else:
                break
        return samples

    def sample(
        self, iteration: int, number: int, *, cold: bool, share: float | None = None
    ) -> Sample:
        """Time one call, and verify what it brings back.

        Args:
            iteration: number among all calls.
            number: of the call within its round.
            cold: whether the page cache was emptied for it.
            share: of the store's pages that were still resident then.
        """
        call = self.call(number)
        if self.keeps_open:
            with saying_which(call.place):
                self.open()
            if cold:
                # What opening has read is dropped too; pages that it has mapped stay, and count.
                share = evict(self.work.target.store)
        back_with_memory(READ_COPIES * call.image_bytes)
        with saying_which(call.place):
            timed = self.timed(call)
        require_equal(self.digest(timed.result, call), call.digests[0], call.place)
        state = cold_state(share) if cold else warm_state(timed, call.size)
        done = timed.without_result()
        del timed  # of views of what was read, which would keep its file open
        with saying_which(call.place):
            self.close()
        return Sample.of(
            iteration, call.digests, done, call.size, cache=state, resident_share=share
        )

    def start(self) -> None:
        """Make everything ready that is not timed."""
        target = self.work.target
        self.backend = target.load(target.name)
        prepare(self.backend, self.shape[1:], target.store)

    @property
    def shape(self) -> tuple[int, ...]:
        """Of all images that were stored: (n, height, width, 3)."""
        return self.work.images.shape

    @abstractmethod
    def call(self, number: int) -> Call:
        """Say what the call of this number within a round reads, and what must come back."""

    def open(self) -> None:
        """Open the store, where it is kept open."""

    @abstractmethod
    def timed(self, call: Call) -> Timed[Any]:
        """Time the call."""

    @abstractmethod
    def digest(self, result: Any, call: Call) -> str:
        """Digest what came back."""

    def close(self) -> None:
        """Close what has been opened, after the clock has stopped."""

    def stop(self) -> None:
        """Let go of everything that was made ready."""


def cold_state(share: float | None) -> Cache:
    """Name the state of the page cache in which so much of a store was resident."""
    return Cache.COLD if share is not None and share < COLD_SHARE else Cache.UNKNOWN


def warm_state(timed: Timed[Any], size: Footprint) -> Cache:
    """Name the state of the page cache that a read must have met.

    Where the system does not count what comes from the device, a store that has just been read
    counts as warm.
    """
    if timed.bytes_read is None or timed.bytes_read < WARM_SHARE * max(size.bytes_allocated, 1):
        return Cache.WARM
    return Cache.UNKNOWN


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
