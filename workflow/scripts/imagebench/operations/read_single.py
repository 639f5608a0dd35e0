"""One image at a time, each from a store of its own."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..digests import image_digests
from ..pieces import Digests, Image
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
    ) -> list[tuple[Path, Mapping[str, Any], slice]]:
        return [
            (store / str(number), sample, slice(number, number + 1))
            for number, sample in enumerate(samples)
        ]

    def read(self, call: Call) -> Iterator[tuple[Image, int]]:
        yield self.backend.read_one(call.place)

    def digests(self, part: tuple[Image, int]) -> Digests:
        image, label = part
        return image_digests(image[np.newaxis], np.array([label]))
