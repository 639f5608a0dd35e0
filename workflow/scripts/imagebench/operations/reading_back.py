"""Reading what another operation has stored, whole and in order."""

import math
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..digests import digest_of
from ..errors import BenchmarkError
from ..pieces import as_many
from .reading import Call, Reading, require_complete


class ReadingBack(Reading):
    """Each part of a store by itself, in turn; there may be one."""

    in_every_run = True

    calls: list[Call]

    @property
    def shape(self) -> tuple[int, ...]:
        """As the record says that was left with the store."""
        return tuple(self.work.stored["shape"][1:])

    def start(self) -> None:
        """Look for all that was stored, and for the digests of it.

        Raises:
            BenchmarkError: if these are not those of what was stored.
        """
        super().start()
        stored = self.work.stored["made_with"]["cell"]["images"]
        most = min(stored, as_many(math.prod(self.shape), self.backend.piece_bytes))
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
            self.calls.append(Call(place, size, digests, expected, most * math.prod(self.shape)))
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
