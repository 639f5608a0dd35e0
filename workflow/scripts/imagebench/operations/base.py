"""What every way of access is made of: an order of images, and how they are read in it."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..measuring.clock import Timed, time_call
from ..measuring.samples import Array, Opened, Storage, prepare

Indices = NDArray[np.int64]
Pieces = list[tuple[Array, Array]]
"""Images and labels as they came, a pair for each call of a reader."""


@dataclass(frozen=True)
class Target:
    """What is read.

    Attributes:
        name: of the backend, for processes that make it anew.
        load: makes it from its name.
        store: the folder of the store.
        shape: of all images in it: (n, height, width, 3).
        settings: those of the config that the operation has named.
    """

    name: str
    load: Callable[[str], Storage]
    store: Path
    shape: tuple[int, ...]
    settings: Mapping[str, Any]


class Operation(ABC):
    """One way of access; these methods are for reading within this process."""

    settings: tuple[str, ...] = ()
    """Keys of the config that change what is done: measured anew when one of them does."""

    opens_within: bool = False
    """Whether opening the store is a part of what is timed."""

    target: Target
    backend: Storage
    reader: Opened

    @abstractmethod
    def images(self, stored: int) -> int:
        """How many images one call reads from a store of so many."""

    def order(self, stored: int, generator: np.random.Generator) -> Indices:
        """Choose the images of one call: some of all, each at most once, in random order."""
        return generator.permutation(stored)[: self.images(stored)]

    def start(self, target: Target) -> None:
        """Make everything ready that is not timed."""
        self.target = target
        self.backend = target.load(target.name)
        prepare(self.backend, target.shape[1:], target.store)

    def open(self) -> None:
        """Open the store, before the page cache is looked at."""
        self.reader = self.backend.open(self.target.store)

    @abstractmethod
    def read(self, indices: Indices) -> Pieces:
        """Read images in this order: what is timed."""

    def timed(self, indices: Indices) -> Timed[Pieces]:
        """Time one call."""
        return time_call(lambda: self.read(indices))

    def close(self) -> None:
        """Close the store, after the clock has stopped."""
        self.reader.close()

    def stop(self) -> None:  # noqa: B027
        """Let go of everything that was made ready."""


def in_batches(reader: Opened, indices: Indices, size: int) -> Pieces:
    """Read images in batches of so many; the last may be smaller."""
    return [reader.read_at(indices[start : start + size]) for start in range(0, len(indices), size)]
