"""Reading what another operation has stored, whole and in order."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..digests import digest_of
from ..errors import BenchmarkError
from ..pieces import Kind
from .reading import Call, Reading, require_complete


class ReadingBack(Reading):
    """Each part of a store by itself, in turn; there may be one."""

    in_every_run = True

    calls: list[Call]

    @property
    def kind(self) -> Kind:
        """As the record says that was left with the store."""
        shape, dtype, change = self.work.stored["kind"]
        return Kind(None if shape is None else tuple(shape), dtype, tuple(change))

    def start(self) -> None:
        """Look for all that was stored, and for the digests of it.

        Raises:
            BenchmarkError: if these are not those of what was stored.
        """
        super().start()
        self.calls = []
        for place, sample, span in self.parts(self.work.target.store, self.work.stored["samples"]):
            expected = self.work.digests[span]
            if digest_of(expected) != sample["digest"]:
                raise BenchmarkError(
                    f"the digests beside the store {place} are not those of its record: delete "
                    "the store and run again"
                )
            digests = sample["digest"], sample["source_digest"]
            size = require_complete(place, sample)
            most: int = self.work.stored["largest_piece"]
            self.calls.append(Call(place, size, digests, expected, most))
        self.calls_in_round = len(self.calls)

    @abstractmethod
    def parts(
        self, store: Path, samples: Sequence[Mapping[str, Any]]
    ) -> list[tuple[Path, Mapping[str, Any], slice]]:
        """List the parts of a store, each with its sample and its place among the digests.

        Args:
            store: the folder of all.
            samples: all that were recorded when it was made.
        """

    def call(self, number: int) -> Call:
        return self.calls[number]
