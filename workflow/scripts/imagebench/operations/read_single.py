"""One image at a time, each from a store of its own."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..contract import Images
from ..measuring.digests import digest_one
from .reading import Call
from .reading_back import ReadingBack


class ReadSingle(ReadingBack):
    """Store after store, as ``store_single`` has left them."""

    title = "Read one"
    column = "read\none"
    topic = "reading of one image"
    verb = "read one image"
    place = 4
    in_verdict = True
    stored_by = "store_single"
    most_cold_rounds = 1

    def parts(
        self, store: Path, samples: Sequence[Mapping[str, Any]]
    ) -> list[tuple[Path, Mapping[str, Any]]]:
        return [(store / str(sample["iteration"]), sample) for sample in samples]

    def read(self, place: Path) -> tuple[Images, int]:
        return self.backend.read_one(place)

    def digest(self, result: tuple[Images, int], call: Call) -> str:
        return digest_one(*result)
