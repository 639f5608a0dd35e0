"""The experiments of access as in training: cold first, then warm, each read verified."""

import os
from dataclasses import dataclass

import numpy as np

from .. import files
from ..measuring.clock import is_enough
from ..measuring.digests import digest
from ..measuring.footprint import Footprint, footprint
from ..measuring.memory import back_with_memory
from ..measuring.page_cache import evict, warm
from ..measuring.samples import COLD, WARM, Array, Sample, total_seconds
from ..measuring.space import need_of_store, require_room
from ..processes import in_child
from .base import Operation, Pieces, Target
from .reading import (
    MOST_COLD_CALLS,
    MOST_MISSES,
    READ_COPIES,
    cold_state,
    require_equal,
    saying_which,
    warm_state,
)


def measure(
    operation: Operation,
    target: Target,
    images: Array,
    labels: Array,
    generator: np.random.Generator,
) -> list[Sample]:
    """Store images, and time one way to read them with a cold and with a warm page cache.

    Args:
        operation: what is timed.
        target: what it reads; the store is made here, and removed in the end.
        images: shape (n, height, width, 3), uint8.
        labels: of shape (n,), uint8.
        generator: of the random orders; each call gets another one.

    Raises:
        BenchmarkError: if there is not enough room, or if the store cannot be read or brings back
            anything else than was stored.
    """
    backend = target.load(target.name)
    store = target.store
    store.parent.mkdir(parents=True, exist_ok=True)
    need = need_of_store(backend, len(images), images[0].nbytes)
    require_room(store.parent, need, f"storing {len(images):,} images")
    files.remove_folder(store)
    try:
        # By a process of its own, so that whatever reads begins with nothing that writing left.
        in_child(lambda: backend.store(images, labels, store), store)
        write_out()
        source = digest(images, labels)
        run = Run(
            operation, target, backend.as_read(images), labels, footprint(store), source, generator
        )
        operation.start(target)
        try:
            return run.cold_samples() + run.warm_samples()
        finally:
            operation.stop()
    finally:
        files.remove_folder(store)


def write_out() -> None:
    """Write out all that waits for it at once: file by file, ten thousand files take ten seconds.

    What is still to be written cannot be dropped from the page cache.
    """
    if hasattr(os, "sync"):  # not on Windows
        os.sync()


@dataclass
class Run:
    """The calls of one block: what they read, and what must come back."""

    operation: Operation
    target: Target
    images: Array
    labels: Array
    size: Footprint
    source_digest: str
    generator: np.random.Generator
    made: int = 0

    def cold_samples(self) -> list[Sample]:
        """Empty the page cache before each call, and again once the store is open."""
        samples: list[Sample] = []
        while not samples or (
            samples[-1].cache == COLD
            and len(samples) < MOST_COLD_CALLS
            and not is_enough(len(samples), total_seconds(samples))
        ):
            evict(self.target.store)
            samples.append(self.sample(cold=True))
        return samples

    def warm_samples(self) -> list[Sample]:
        """Fill the page cache, and again if the system has dropped pages of its own accord."""
        samples: list[Sample] = []
        warm_ones: list[Sample] = []
        warm(self.target.store)
        while not is_enough(len(warm_ones), total_seconds(warm_ones)):
            samples.append(self.sample(cold=False))
            if samples[-1].cache == WARM:
                warm_ones.append(samples[-1])
            elif len(samples) - len(warm_ones) < MOST_MISSES:
                warm(self.target.store)
            else:
                break
        return samples

    def sample(self, *, cold: bool) -> Sample:
        """Time one call in an order of its own, and verify what it brings."""
        indices = self.operation.order(len(self.images), self.generator)
        expected = digest(self.images[indices], self.labels[indices])
        with saying_which(self.target.store):
            self.operation.open()
        # What opening has read is dropped as well; pages that it has mapped stay, and are counted.
        share = evict(self.target.store) if cold else None
        back_with_memory(READ_COPIES * self.images[:1].nbytes * len(indices))
        with saying_which(self.target.store):
            timed = self.operation.timed(indices)
        require_equal(digest_of(timed.result), expected, self.target.store)
        state = cold_state(share) if cold else warm_state(timed, self.size)
        done = timed.without_result()
        del timed  # views of what was read, which would keep its file open
        with saying_which(self.target.store):
            self.operation.close()
        self.made += 1
        digests = expected, self.source_digest
        return Sample.of_read(self.made - 1, state, digests, done, self.size, resident_share=share)


def digest_of(pieces: Pieces) -> str:
    """Digest all images and labels that came in pieces, in their order."""
    images, labels = zip(*pieces, strict=True)
    return digest(np.concatenate(images), np.concatenate(labels))
