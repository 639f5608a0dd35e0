"""The experiments of access as in training: cold first, then warm, each read verified."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from ..failures import BenchmarkError, describe
from .access.base import Operation, Pieces, Target
from .clock import is_enough
from .digests import digest
from .footprint import Footprint
from .memory import back_with_memory
from .page_cache import evict, warm
from .reading import (
    MOST_COLD_CALLS,
    MOST_MISSES,
    READ_COPIES,
    cold_state,
    require_complete,
    require_equal,
    warm_state,
)
from .samples import COLD, WARM, Array, Sample, total_seconds


def measure(
    operation: Operation,
    target: Target,
    images: Array,
    labels: Array,
    *,
    stored: Mapping[str, Any],
    generator: np.random.Generator,
) -> list[Sample]:
    """Time one way of access with a cold and with a warm page cache; verify each call.

    Args:
        operation: what is timed.
        target: what it reads.
        images: all images that were stored, shape (n, height, width, 3), uint8.
        labels: of shape (n,), uint8.
        stored: the sample that was recorded when they were stored.
        generator: of the random orders; each call gets another one.

    Raises:
        BenchmarkError: if the store cannot be read, or brings back anything else than was stored.
    """
    size = require_complete(target.store, stored)
    require_equal(digest(images, labels), stored["source_digest"], target.store)
    expected = target.load(target.name).as_read(images)
    require_equal(digest(expected, labels), stored["digest"], target.store)
    run = Run(operation, target, expected, labels, size, stored["source_digest"], generator)
    operation.start(target)
    try:
        return run.cold_samples() + run.warm_samples()
    finally:
        operation.stop()


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
        self.readably(self.operation.open)
        # What opening has read is dropped as well; pages that it has mapped stay, and are counted.
        share = evict(self.target.store) if cold else None
        back_with_memory(READ_COPIES * self.images[:1].nbytes * len(indices))
        timed = self.readably(partial(self.operation.timed, indices))
        require_equal(digest_of(timed.result), expected, self.target.store)
        state = cold_state(share) if cold else warm_state(timed, self.size)
        timed = timed.without_result()
        self.readably(self.operation.close)
        self.made += 1
        digests = expected, self.source_digest
        return Sample.of_read(self.made - 1, state, digests, timed, self.size, resident_share=share)

    def readably(self, call: Any) -> Any:
        """Say in one line which store it was, when it cannot be read."""
        try:
            return call()
        except (MemoryError, BenchmarkError):
            raise
        except Exception as error:
            raise BenchmarkError(
                f"the store {self.target.store} cannot be read: {describe(error)}; it was damaged "
                "after it was written: delete it and run again"
            ) from error


def digest_of(pieces: Pieces) -> str:
    """Digest all images and labels that came in pieces, in their order."""
    images, labels = zip(*pieces, strict=True)
    return digest(np.concatenate(images), np.concatenate(labels))
