"""A sample, what it is taken of, and what is made ready before the first one."""

import gc
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image as Pillow

from .. import files
from ..changes import Change
from ..contract import Backend
from ..pieces import Facts, Kind, Piece, one_as_piece
from ..states import Cache
from .footprint import Footprint
from .placement import spread_folders
from .stopwatch import Taken


@dataclass(frozen=True)
class Sample:
    """One timed call, and the disk use in bytes and files of the store that it concerned.

    ``cache`` is the state of the page cache before a read; ``resident_share`` the share of the
    store's pages that were in it, where that was measured; ``seconds_durable`` the seconds until a
    store was safe on the device. ``digest`` is of the digests of the images that come back, and
    ``source_digest`` of those of the data set that the store was made of: the same, unless a codec
    is lossy. ``pieces`` and what is paused are as ``Taken`` has them.
    """

    iteration: int
    cache: Cache
    digest: str
    source_digest: str
    seconds: float
    seconds_durable: float | None
    cpu_user_seconds: float
    cpu_system_seconds: float
    bytes_read: int | None
    bytes_written: int | None
    resident_share: float | None
    pieces: int
    paused_cpu_seconds: float | None
    paused_bytes_written: int | None
    bytes_logical: int
    bytes_allocated: int
    files: int

    @classmethod
    def of(
        cls,
        iteration: int,
        digests: tuple[str, str],
        taken: Taken,
        size: Footprint,
        sync_seconds: float | None = None,
        *,
        cache: Cache = Cache.NOT_APPLICABLE,
        resident_share: float | None = None,
    ) -> "Sample":
        """Join what the clock, the page cache and the disk said of a call.

        Args:
            iteration: number of the call within its block.
            digests: of what comes back, and of what the data set had.
            taken: what the clock said.
            size: disk use of the store.
            sync_seconds: that a store took after the call, until it was safe on the device.
            cache: its state before a read.
            resident_share: of the store's pages that were in the page cache before a read.
        """
        digest, source_digest = digests
        return cls(
            iteration=iteration,
            cache=cache,
            digest=digest,
            source_digest=source_digest,
            seconds_durable=None if sync_seconds is None else taken.seconds + sync_seconds,
            resident_share=resident_share,
            **asdict(taken),
            **asdict(size),
        )


def total_seconds(samples: list[Sample]) -> float:
    """Seconds that all samples took together."""
    return sum(sample.seconds for sample in samples)


def prepare(backend: Backend, kind: Kind, store: Path) -> None:
    """Tell a backend what images look like, and let nothing else fall into the first sample.

    One blank image is stored and read, since libraries put imports off until they are first used.
    What exists so far is taken out of the sight of the garbage collector, so that collecting before
    each sample is quick.

    Args:
        backend: what will be timed.
        kind: what images look like.
        store: the folder that will be written or read.
    """
    store.parent.mkdir(parents=True, exist_ok=True)
    spread_folders(store.parent)
    with files.scratch_folder(store.with_name(f".{store.name}.preparation")) as folder:
        backend.alike, backend.change = kind.is_one, Change(*kind.change)
        piece, facts = blank(backend, kind, folder)
        backend.store([piece], facts, folder / "many")
        for _ in backend.read(folder / "many"):
            pass
        reader = backend.open(folder / "many")
        reader.read_at(np.zeros(1, dtype=np.int64))
        reader.close()
        store_one(backend, piece, facts, folder / "one")
        backend.read_one(folder / "one")
    gc.collect()
    gc.freeze()


def blank(backend: Backend, kind: Kind, folder: Path) -> tuple[Piece, Facts]:
    """Make one blank image, as a backend is given images."""
    image = kind.blank()
    if not backend.keeps_files:
        piece, facts = one_as_piece(image, 0)
        if not kind.is_one:
            facts = replace(facts, shape=None, sizes=np.array([image.nbytes]))
            piece = Piece([image], piece.labels)
        return piece, facts
    file = folder / "blank.png"
    Pillow.fromarray(np.zeros((32, 32, 3), np.uint8)).save(file)
    piece, facts = one_as_piece(file.read_bytes(), 0)
    return piece, replace(facts, paths=[os.fsencode(file)])


def store_one(backend: Backend, piece: Piece, facts: Facts, place: Path) -> None:
    """Store the one image of a piece in the shortest way that a backend has."""
    if backend.keeps_files:
        backend.store([piece], facts, place)
    else:
        image: Any = piece.images[0]
        backend.store_one(image, int(piece.labels[0]), place)
