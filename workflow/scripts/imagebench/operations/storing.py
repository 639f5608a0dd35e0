"""Storing: timed until a store is closed, and until it is safe on the device.

The clock runs around the backend's call alone; folders, digests and disk use are dealt with before
and after it. A second clock goes on until the store is safe.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from ..measuring.durability import make_durable
from ..measuring.footprint import Footprint, footprint
from ..measuring.room import require_room_for_store
from ..measuring.samples import prepare
from ..measuring.stopwatch import Timed, time_call
from .base import Operation, Work


class Storing(Operation):
    """What leaves a store for another operation to read."""

    in_every_run = True

    def start(self, work: Work) -> None:
        """Make everything ready that is not timed.

        Raises:
            BenchmarkError: if there is not enough room.
        """
        store, images = work.target.store, work.images
        self.backend = work.target.load(work.target.name)
        prepare(self.backend, images.shape[1:], store)
        require_room_for_store(self.backend, images, store)
        work.facts["shape"] = images.shape


def timed_store(call: Callable[[], None], folder: Path) -> tuple[Timed[None], Footprint, float]:
    """Time a call that makes a store, then what makes it durable, and measure its disk use."""
    timed = time_call(call)
    sync_seconds = time_call(partial(make_durable, folder)).seconds
    return timed, footprint(folder), sync_seconds
