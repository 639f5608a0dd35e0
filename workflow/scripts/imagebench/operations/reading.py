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

from .. import elsewhere
from ..contract import Backend, Indices
from ..digests import first_difference
from ..errors import BenchmarkError, describe, may_be_damage
from ..measuring.footprint import Footprint, footprint
from ..measuring.memory import back_with_memory
from ..measuring.page_cache import COLD_SHARE, evict, warm
from ..measuring.samples import Sample, prepare, total_seconds
from ..measuring.stopwatch import Stopwatch, Taken, is_enough
from ..memory_limits import memory
from ..pieces import PIECE_BYTES, Digests, Kind
from ..states import Cache
from .base import Operation, Work

READ_COPIES = 2
"""Times a piece's bytes that are made ready as memory before each sample: a list of images, and
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
        digests: of all that must come back, and of what the data set had.
        expected: digest of each image that must come back, in order.
        piece_bytes: of the pixels that come back at once.
        indices: of the images that are asked for, in this order; None for all, in theirs.
    """

    place: Path
    size: Footprint
    digests: tuple[str, str]
    expected: Digests
    piece_bytes: int
    indices: Indices | None = None

    def verify(self, found: Digests, done: int) -> int:
        """Hold images that came back against what was stored, and say how many came so far.

        Args:
            found: their digests.
            done: how many images have come before them.

        Raises:
            BenchmarkError: for the first image that is another.
        """
        expected = self.expected[done : done + len(found)]
        place = first_difference(found[: len(expected)], expected)
        if place is not None:
            number = done + place if self.indices is None else int(self.indices[done + place])
            raise BenchmarkError(
                f"the store {self.place} gave back other pixels or another label for "
                f"{elsewhere.named(self.place, number)} than were stored: delete it and run again"
            )
        if len(found) > len(expected):
            self.require_all(done + len(found))
        return done + len(found)

    def require_all(self, done: int) -> None:
        """Raise unless as many images came back as were asked for."""
        if done != len(self.expected):
            raise BenchmarkError(
                f"the store {self.place} gave back {done:,} images in place of "
                f"{len(self.expected):,}: delete it and run again"
            )


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
        not. A read that met this is kept as what it is, and so is one of a store that memory cannot
        hold, which is not tried again.

        Args:
            first: number of the first call.
        """
        samples: list[Sample] = []
        warm_ones: list[Sample] = []
        several = self.calls_in_round
        size = footprint(self.work.target.store).bytes_allocated
        fits = size < memory().available
        if fits:
            warm(self.work.target.store)
        while not is_enough(len(warm_ones), total_seconds(warm_ones), several):
            number = len(samples) % several
            samples.append(self.sample(first + len(samples), number, cold=False))
            if samples[-1].cache == Cache.WARM:
                warm_ones.append(samples[-1])
            elif fits and len(samples) - len(warm_ones) < MOST_MISSES * several:
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
        back_with_memory(READ_COPIES * call.piece_bytes)
        done = 0
        with saying_which(call.place), self.stopwatch() as watch:
            for part in watch.reading(self.read(call)):
                done = call.verify(self.digests(part), done)
                del part  # so that no view of what was read keeps its file open
        call.require_all(done)
        taken = watch.taken()
        state = cold_state(share) if cold else warm_state(taken, call.size)
        with saying_which(call.place):
            self.close()
        return Sample.of(
            iteration, call.digests, taken, call.size, cache=state, resident_share=share
        )

    def start(self) -> None:
        """Make everything ready that is not timed."""
        target = self.work.target
        self.backend = target.load(target.name)
        self.backend.piece_bytes = target.settings.get("piece_bytes", PIECE_BYTES)
        prepare(self.backend, self.kind, target.store)

    @property
    def kind(self) -> Kind:
        """What the images that were stored look like."""
        return self.work.images.facts.kind

    @abstractmethod
    def call(self, number: int) -> Call:
        """Say what the call of this number within a round reads, and what must come back."""

    def open(self) -> None:
        """Open the store, where it is kept open."""

    def stopwatch(self) -> Stopwatch:
        """Make the clock of one call."""
        return Stopwatch()

    @abstractmethod
    def read(self, call: Call) -> Iterator[Any]:
        """Bring back what a call asks for, in parts: what is timed."""

    @abstractmethod
    def digests(self, part: Any) -> Digests:
        """Digest each image that came back, while the clock stands."""

    def close(self) -> None:
        """Close what has been opened, after the clock has stopped."""

    def stop(self) -> None:
        """Let go of everything that was made ready."""


def cold_state(share: float | None) -> Cache:
    """Name the state of the page cache in which so much of a store was resident."""
    return Cache.COLD if share is not None and share < COLD_SHARE else Cache.UNKNOWN


def warm_state(taken: Taken, size: Footprint) -> Cache:
    """Name the state of the page cache that a read must have met.

    Where the system does not count what comes from the device, a store that has just been read
    counts as warm.
    """
    if taken.bytes_read is None or taken.bytes_read < WARM_SHARE * max(size.bytes_allocated, 1):
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
    elsewhere.require_same(store)
    size = footprint(store)
    if (size.bytes_logical, size.files) != (stored["bytes_logical"], stored["files"]):
        raise BenchmarkError(
            f"the store {store} has {size.bytes_logical} bytes in {size.files} files, but was "
            f"written with {stored['bytes_logical']} in {stored['files']}: delete it and run "
            "again"
        )
    return size
