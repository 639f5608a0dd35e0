"""All images of a store, in order."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..digests import image_digests
from ..measuring.samples import Sample
from ..pieces import Digests, Piece
from .base import Work
from .reading import Call
from .reading_back import ReadingBack


class ReadMany(ReadingBack):
    """The whole store at once."""

    title = "Read in order"
    column = "read in\norder"
    question = "Fastest to read in order"
    topic = "reading in order"
    verb = "read"
    place = 2
    in_verdict = True
    for_each_cutoff = True
    stored_by = "store_many"

    def measure(self, work: Work) -> list[Sample]:
        """Add what the codec loses, and takes by itself, as storing has found it."""
        work.facts["psnr_db"] = work.stored["psnr_db"]
        work.facts["codec_seconds"] = work.stored["decode_seconds"]
        return super().measure(work)

    def parts(
        self, store: Path, samples: Sequence[Mapping[str, Any]]
    ) -> list[tuple[Path, Mapping[str, Any], slice]]:
        """There is one, which was stored last."""
        return [(store, samples[-1], slice(None))]

    def read(self, call: Call) -> Iterator[Piece]:
        return self.backend.read(call.place)

    def digests(self, part: Piece) -> Digests:
        return image_digests(*part)
