"""Reading what another operation has stored, whole and in order."""

import math
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from ..measuring.stopwatch import Timed, time_call
from .reading import Call, Reading, require_complete


class ReadingBack(Reading):
    """Each part of a store by itself, in turn; there may be one."""

    in_every_run = True

    calls: Sequence[Call]

    @property
    def shape(self) -> tuple[int, ...]:
        """As the record says that was left with the store."""
        return tuple(self.work.stored["shape"])

    def start(self) -> None:
        """Look for all that was stored."""
        self.calls = [
            Call(
                place,
                require_complete(place, sample),
                (sample["digest"], sample["source_digest"]),
                math.prod(self.shape[1:]) * self.work.stored["made_with"]["cell"]["images"],
            )
            for place, sample in self.parts(self.work.target.store, self.work.stored["samples"])
        ]
        self.calls_in_round = len(self.calls)
        super().start()

    @abstractmethod
    def parts(
        self, store: Path, samples: Sequence[Mapping[str, Any]]
    ) -> list[tuple[Path, Mapping[str, Any]]]:
        """List the parts of a store, each with the sample that was recorded with it.

        Args:
            store: the folder of all.
            samples: all that were recorded when it was made.
        """

    @abstractmethod
    def read(self, place: Path) -> Any:
        """Read one part: what is timed."""

    def call(self, number: int) -> Call:
        return self.calls[number]

    def timed(self, call: Call) -> Timed[Any]:
        return time_call(partial(self.read, call.place))
