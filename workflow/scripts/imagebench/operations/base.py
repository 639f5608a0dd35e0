"""What every operation is made of: what it works on, what it is called, and how it is timed."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from ..contract import Backend
from ..measuring.samples import Sample
from ..pieces import Digests, Source


@dataclass(frozen=True)
class Target:
    """What is stored or read.

    Attributes:
        name: of the backend, for processes that make it anew.
        load: makes it from its name.
        store: the folder of the store.
        settings: those of the config that the operation has named, and the seed.
    """

    name: str
    load: Callable[[str], Backend]
    store: Path
    settings: Mapping[str, Any]


@dataclass
class Work:
    """What one block of an operation has to do.

    Attributes:
        target: what is stored or read.
        source: of the images; None for what reads a store that another operation left.
        stored: the record of the operation that left the store, for what reads it.
        digests: of all that must come back from that store.
        generator: of random orders: the same for every backend, another one in each block.
        facts: what the record shall say beside the samples.
    """

    target: Target
    source: Source | None
    stored: Mapping[str, Any]
    digests: Digests
    generator: np.random.Generator
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def images(self) -> Source:
        """Where images come from, for what stores them."""
        assert self.source is not None  # noqa: S101
        return self.source


class Operation(ABC):
    """One thing that is timed. Its words are for tables, figures and the page; see `vocabulary`."""

    title: ClassVar[str]
    column: ClassVar[str]
    topic: ClassVar[str]
    verb: ClassVar[str]

    settings: ClassVar[tuple[str, ...]] = ()
    """Keys of the config that change what is done: measured anew when one of them does."""

    stored_by: ClassVar[str | None] = None
    """The operation that leaves the store that this one reads; None if it makes one for itself."""

    in_every_run: ClassVar[bool] = False
    """Whether it is measured whatever the config names."""

    for_each_cutoff: ClassVar[bool] = False
    """Whether it is measured at every cutoff, and not with one store alone."""

    def images(self, stored: int) -> int:
        """How many images one call stores, or reads from a store of so many."""
        return stored

    def wanted(self, stored: int) -> int:
        """How many images of the data set it needs for that."""
        return stored

    @abstractmethod
    def measure(self, work: Work) -> list[Sample]:
        """Time some calls.

        Raises:
            BenchmarkError: if there is not enough room, or if a store cannot be read or brings back
                anything else than was stored.
        """
