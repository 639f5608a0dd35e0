"""Access as in training: some images, in an order, from a store that was made for it."""

import os
from abc import abstractmethod
from functools import partial

import numpy as np

from .. import files
from ..contract import Images, Indices, Labels, Reader
from ..measuring.digests import digest
from ..measuring.encoding import signal_to_noise
from ..measuring.footprint import Footprint, footprint
from ..measuring.room import require_room_for_store
from ..measuring.samples import Sample
from ..measuring.stopwatch import Timed, time_call
from ..processes import in_child
from .base import Work
from .reading import Call, Reading

Pieces = list[tuple[Images, Labels]]
"""Images and labels as they came, a pair for each call of a reader."""


class Access(Reading):
    """Each call reads in a random order of its own, from a store that is open.

    The store is made for it and removed, so that one more way of access measures nothing else anew.
    """

    keeps_open = True

    as_read: Images
    size: Footprint
    source_digest: str
    reader: Reader

    def measure(self, work: Work) -> list[Sample]:
        """Store all images, read them, and remove the store."""
        target, images = work.target, work.images
        backend = target.load(target.name)
        target.store.parent.mkdir(parents=True, exist_ok=True)
        require_room_for_store(backend, images, target.store)
        files.remove_folder(target.store)
        try:
            # By a process of its own, so that what reads begins with nothing that writing left.
            in_child(partial(backend.store, images, work.labels, target.store), target.store)
            write_out()
            self.as_read = backend.as_read(images)
            work.facts["psnr_db"] = signal_to_noise(images, self.as_read)
            self.size = footprint(target.store)
            self.source_digest = digest(images, work.labels)
            return super().measure(work)
        finally:
            files.remove_folder(target.store)

    def order(self, stored: int, generator: np.random.Generator) -> Indices:
        """Choose the images of one call: some of all, each at most once, in random order."""
        return generator.permutation(stored)[: self.images(stored)]

    def call(self, number: int) -> Call:
        indices = self.order(len(self.as_read), self.work.generator)
        images = self.as_read[indices]
        digests = digest(images, self.work.labels[indices]), self.source_digest
        return Call(self.work.target.store, self.size, digests, images.nbytes, indices)

    def open(self) -> None:
        self.reader = self.backend.open(self.work.target.store)

    @abstractmethod
    def read(self, indices: Indices) -> Pieces:
        """Read images in this order: what is timed."""

    def timed(self, call: Call) -> Timed[Pieces]:
        assert call.indices is not None  # noqa: S101
        return time_call(partial(self.read, call.indices))

    def digest(self, result: Pieces, call: Call) -> str:
        """Digest all images and labels that came in pieces, in their order."""
        images, labels = zip(*result, strict=True)
        return digest(np.concatenate(images), np.concatenate(labels))

    def close(self) -> None:
        self.reader.close()

    def in_batches(self, indices: Indices, size: int) -> Pieces:
        """Read images in batches of so many; the last may be smaller."""
        starts = range(0, len(indices), size)
        return [self.reader.read_at(indices[start : start + size]) for start in starts]


def write_out() -> None:
    """Write out all that waits for it at once: file by file, ten thousand files take ten seconds.

    What is still to be written cannot be dropped from the page cache.
    """
    if hasattr(os, "sync"):  # not on Windows
        os.sync()
