"""Storing: timed until a store is closed, and until it is safe on the device.

The clock runs around the backend's call alone, and stands while another piece is made; folders,
digests and disk use are dealt with before and after it. A second clock goes on until the store is
safe.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from ..contract import Backend
from ..digests import image_digests
from ..measuring.durability import make_durable, write_out
from ..measuring.footprint import Footprint, footprint
from ..measuring.room import require_room_for_store
from ..measuring.samples import prepare
from ..measuring.stopwatch import Stopwatch, Taken
from ..pieces import Digests, Piece, Source
from .base import Operation, Work


class Storing(Operation):
    """What leaves a store for another operation to read, and the digests of what must come back."""

    in_every_run = True

    def start(self, work: Work) -> None:
        """Make everything ready that is not timed.

        Raises:
            BenchmarkError: if there is not enough room.
        """
        store, facts = work.target.store, work.images.facts
        self.backend = work.target.load(work.target.name)
        prepare(self.backend, facts.kind, store)
        require_room_for_store(self.backend, facts, store)
        work.facts["kind"] = facts.kind
        work.facts["largest_piece"] = work.images.largest_piece


def storing(backend: Backend, source: Source, folder: Path) -> Callable[[Stopwatch], None]:
    """Make the call that stores all images; where they are one piece, it is made before the clock.

    Of several, the clock stands for each, and before it stands, what was written is waited for:
    else the kernel would write it out meanwhile, and a store would be safe sooner than it can be.
    """
    pieces = source.pieces(as_files=backend.keeps_files)

    def store(watch: Stopwatch) -> None:
        several = watch.making(pieces, write_out) if source.is_in_pieces else pieces
        backend.store(several, source.facts, folder)

    return store


def timed_store(call: Callable[[Stopwatch], None], folder: Path) -> tuple[Taken, Footprint, float]:
    """Time a call that makes a store, then what makes it durable, and measure its disk use."""
    taken = timed(call)
    seconds = timed(lambda _: make_durable(folder)).seconds
    return taken, footprint(folder), seconds


def timed(call: Callable[[Stopwatch], None]) -> Taken:
    """Time a call, which is given the clock."""
    with Stopwatch() as watch:
        watch.start()
        call(watch)
        watch.stop()
    return watch.taken()


def as_it_comes_back(backend: Backend, source: Source) -> Digests:
    """Give the digest of each image as a store brings it back: of a lossy codec, decoded."""
    if backend.lossless:
        return source.digests
    return np.concatenate([image_digests(*piece) for piece in pieces_as_read(backend, source)])


def pieces_as_read(backend: Backend, source: Source) -> Iterator[Piece]:
    """Go through all pieces as a store brings them back."""
    files = backend.keeps_files and not backend.lossless
    for images, labels in source.pieces(as_files=files):
        yield Piece(backend.as_read(images), labels)
