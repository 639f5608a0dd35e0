"""One image at a time, each in a store of its own."""

from functools import partial
from pathlib import Path

from .. import files
from ..digests import digest_of
from ..measuring.samples import Sample, store_one, total_seconds
from ..measuring.stopwatch import MOST_CALLS, Stopwatch, is_enough
from ..pieces import Facts, Piece, largest_of
from .base import Work
from .storing import Storing, as_it_comes_back, timed_store

LEAST_CALLS = 20
"""A single image says little: so many different ones are stored and read in each block."""


class StoreSingle(Storing):
    """The first images of the data set, each in a folder ``0``, ``1``, ... of its own."""

    title = "Store one"
    column = "store\none"
    topic = "storing one image"
    verb = "store one image"
    place = 3
    in_verdict = True

    def wanted(self, stored: int) -> int:
        """Different ones for all calls that there can be."""
        return MOST_CALLS

    def measure(self, work: Work) -> list[Sample]:
        """Store image after image, and begin again where there are few."""
        self.start(work)
        facts = work.images.facts
        [(images, labels)] = work.images.pieces(as_files=self.backend.keeps_files)
        work.facts["largest_piece"] = largest_of(facts, 1)
        back = as_it_comes_back(self.backend, work.images)
        samples: list[Sample] = []
        with files.published_folder(work.target.store) as folder:
            folder.mkdir()
            while not is_enough(len(samples), total_seconds(samples), LEAST_CALLS):
                which = len(samples) % len(images)
                place = folder / str(len(samples))
                one = slice(which, which + 1)
                piece = Piece(images[one], labels[one])
                call = partial(self.store, piece, facts.only(which), place)
                digests = digest_of(back[one]), digest_of(work.images.digests[one])
                samples.append(Sample.of(len(samples), digests, *timed_store(call, place)))
        work.digests = back[[number % len(images) for number in range(len(samples))]]
        return samples

    def store(self, piece: Piece, facts: Facts, place: Path, _: Stopwatch) -> None:
        """Store one image that is in memory."""
        store_one(self.backend, piece, facts, place)
