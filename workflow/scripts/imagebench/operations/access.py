"""Access as in training: some images, in an order, from a store that was made for it."""

import time
from abc import abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import numpy as np

from .. import files
from ..changes import Change
from ..contract import Backend, Indices, Reader
from ..digests import digest_of, image_digests
from ..measuring.durability import write_out
from ..measuring.encoding import loss
from ..measuring.footprint import Footprint, footprint
from ..measuring.memory import keep_memory
from ..measuring.room import require_room_for_store
from ..measuring.samples import Sample
from ..modes import InOneMode, OneMode, image_bytes
from ..pieces import Digests, Piece, Source, as_many, numbered, spans
from ..processes import in_child
from .base import Work
from .reading import READ_COPIES, Call, Reading
from .storing import as_it_comes_back, pieces_as_read

Pieces = list[Piece]
"""Images and labels as they came, one for each call of a reader."""


class Access(Reading):
    """Each call reads in a random order of its own, from a store that is open.

    The store is made for it and removed, so that one more way of access measures nothing else anew.
    Where images have several modes, the reader brings them to one, as training needs it.
    """

    keeps_open = True

    expected: Digests
    size: Footprint
    source_digest: str
    reader: Reader

    def measure(self, work: Work) -> list[Sample]:
        """Store all images, read them, and remove the store."""
        # All at once, since file by file, ten thousand files take ten seconds.
        with self.stored(work, settle=lambda store: write_out()):
            return super().measure(work)

    @contextmanager
    def stored(self, work: Work, settle: Callable[[Path], None]) -> Iterator[float]:
        """Store all images, give the seconds that it took, and remove the store in the end.

        Reading their files, and decoding them if need be, is a part of it.

        Args:
            work: what is stored, and where.
            settle: waits until the store is on the device, for what is still to be written cannot
                be dropped from the page cache.
        """
        target, source = work.target, work.images
        backend = target.load(target.name)
        target.store.parent.mkdir(parents=True, exist_ok=True)
        require_room_for_store(backend, source.facts, target.store)
        files.remove_folder(target.store)
        try:
            began = time.perf_counter()
            # By a process of its own, so that what reads begins with nothing that writing left.
            pieces = source.pieces(as_files=backend.keeps_files)
            store = partial(backend.store, pieces, source.facts, target.store)
            in_child(store, target.store)
            settle(target.store)
            seconds = time.perf_counter() - began
            self.work = work
            backend.alike = source.facts.kind.is_one
            backend.change = Change(*source.facts.change)
            self.expected = self.as_it_comes_back(backend, source)
            work.facts["psnr_db"] = loss(backend, source)
            self.size = footprint(target.store)
            self.source_digest = digest_of(source.digests)
            keep_memory(READ_COPIES * self.most_bytes(source.facts.count))
            yield seconds
        finally:
            files.remove_folder(target.store)

    @property
    def one_mode(self) -> OneMode | None:
        """What brings images to one mode; None if all have one."""
        mode = self.work.target.settings.get("one_mode")
        return OneMode(mode, self.work.images.facts.cmyk) if mode else None

    def as_it_comes_back(self, backend: Backend, source: Source) -> Digests:
        """Give the digest of each image as a call brings it back."""
        if self.one_mode is None:
            return as_it_comes_back(backend, source)
        found = (image_digests(*piece) for _, piece in self.one_by_one(backend, source))
        return np.concatenate(list(found))

    def one_by_one(self, backend: Backend, source: Source) -> Iterator[tuple[Indices, Piece]]:
        """Go through all images as the reader gives them, one a piece, with the number of each."""
        one_mode = self.one_mode
        for span, (images, labels) in numbered(pieces_as_read(backend, source)):
            for place, index in enumerate(range(span.start, span.stop)):
                one, number = slice(place, place + 1), np.array([index])
                piece = Piece(images[one], labels[one])
                yield number, one_mode.of(piece, number) if one_mode else piece

    def order(self, stored: int, generator: np.random.Generator) -> Indices:
        """Choose the images of one call: some of all, each at most once, in random order."""
        return generator.permutation(stored)[: self.images(stored)]

    def call(self, number: int) -> Call:
        source = self.work.images
        indices = self.order(source.facts.count, self.work.generator)
        expected = self.expected[indices]
        most = self.most_bytes(len(indices))
        digests = digest_of(expected), self.source_digest
        return Call(self.work.target.store, self.size, digests, expected, most, indices)

    def open(self) -> None:
        self.reader = opened(self.backend, self.work.target.store, self.one_mode)

    @abstractmethod
    def read_images(self, indices: Indices) -> Pieces:
        """Read images in this order: what is timed."""

    def read(self, call: Call) -> Iterator[Pieces]:
        """Read them all at once, or as many as come to a piece."""
        assert call.indices is not None  # noqa: S101
        for span in spans(len(call.indices), self.together()):
            yield self.read_images(call.indices[span])

    def together(self) -> int:
        """How many images are in memory at once: whole batches of them."""
        batch: int = self.work.target.settings.get("batch_size", 1)
        return max(1, as_many(self.image_bytes, self.work.images.piece_bytes) // batch) * batch

    @property
    def image_bytes(self) -> int:
        """Mean bytes of the pixels of an image, as the reader gives it."""
        return image_bytes(self.work.images.facts, self.work.target.settings.get("one_mode"))

    def most_bytes(self, count: int) -> int:
        """Give the bytes of pixels that are in memory at once when so many images are read."""
        largest = self.work.images.largest_piece
        if self.one_mode:
            largest = self.together() * self.image_bytes
        return min(count * self.image_bytes, largest)

    def digests(self, part: Pieces) -> Digests:
        return np.concatenate([image_digests(*piece) for piece in part])

    def close(self) -> None:
        self.reader.close()

    def in_batches(self, indices: Indices, size: int) -> Pieces:
        """Read images in batches of so many; the last may be smaller."""
        return [self.reader.read_at(indices[span]) for span in spans(len(indices), size)]


def opened(backend: Backend, store: Path, one_mode: OneMode | None) -> Reader:
    """Open a store, and bring its images to one mode as they are read if one is given."""
    reader = backend.open(store)
    return reader if one_mode is None else InOneMode(reader, one_mode)
