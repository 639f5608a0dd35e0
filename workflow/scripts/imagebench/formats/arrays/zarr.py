"""Zarr 3: an array in shards of chunks."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import zarr

from ...contract import PIXELS, Backend, Indices
from ...pieces import Facts, Piece, spans
from ..support import chunks
from ..support.array_reader import ArrayReader
from ..support.checks import require_indices, storable


class Zarr(Backend):
    """Two arrays without compression; one shard or chunk after the other.

    Zarr hands every call to a thread that runs its event loop, and that one hands files to threads
    of a pool. Told to do one thing at a time, it has one of them working and the others waiting.
    """

    label = "Zarr 3"
    good_for = "arrays that are cut into files for object stores, and read in long slices"
    libraries = ("zarr",)
    requirements = "requirements-arrays"
    one_shape = True
    modes = PIXELS

    def store(self, pieces: Iterable[Piece], facts: Facts, path: Path) -> None:
        pieces = storable(self, pieces, facts)
        path.mkdir()
        chunk, shard = chunks.layout(facts.count, facts.image_bytes)
        shape, labels = facts.whole_shape, facts.labels.astype(facts.label_type)
        with one_at_a_time():
            of_shape = (chunk, *shape[1:]), (shard, *shape[1:])
            images = created(path / "images", shape, facts.dtype, *of_shape)
            for span, part in chunks.aligned(pieces, facts, shard):
                images[span] = part
            of_labels = created(path / "labels", labels.shape, labels.dtype, labels.shape, None)
            of_labels[...] = labels

    def read(self, path: Path) -> Iterator[Piece]:
        with one_at_a_time():
            images = opened(path / "images")
            labels = opened(path / "labels")[...].astype(np.int64)
            for span in spans(len(labels), chunks.together(images.shape, self.piece_bytes)):
                yield Piece(images[span], labels[span])

    def open(self, path: Path) -> "ZarrReader":
        """Read what the arrays say of themselves."""
        return ZarrReader(path)

    def most_space(self, count: int, image_bytes: int) -> tuple[int, int]:
        """What chunks and shards take."""
        return chunks.most_space(count, image_bytes)


def one_at_a_time() -> Any:
    """Let Zarr work at one shard or chunk at once, for as long as a with statement lasts."""
    return zarr.config.set({"async.concurrency": 1})


def created(path: Path, shape: Any, kind: Any, chunk: Any, shard: Any) -> Any:
    """Make one array that is to be written."""
    return zarr.create_array(
        str(path),
        shape=shape,
        dtype=kind,
        chunks=chunk,
        shards=shard,
        compressors=None,
        zarr_format=3,
        config={"write_empty_chunks": True},  # else black images are not there at all
    )


def opened(path: Path) -> Any:
    """Open one array for reading.

    Raises:
        FileNotFoundError: if a shard is missing or empty, which Zarr would take for one of zeros.
    """
    array = zarr.open_array(str(path), mode="r", zarr_format=3)
    expected = -(-array.shape[0] // (array.shards or array.chunks)[0])
    found = [Path(folder, name) for folder, _, names in os.walk(path / "c") for name in names]
    if len(found) != expected or not all(shard.stat().st_size for shard in found):
        raise FileNotFoundError(f"{path} does not have its {expected} shards")
    return array


class ZarrReader(ArrayReader):
    """Open arrays."""

    def __init__(self, path: Path) -> None:
        with one_at_a_time():
            self.images = opened(path / "images")
            self.labels = opened(path / "labels")[...].astype(np.int64)

    def read_at(self, indices: Indices) -> Piece:
        """Read each chunk that is needed, in the order in which they lie in the array.

        In any other order, Zarr takes two to three times as long.
        """
        require_indices(indices)
        places, order = np.unique(indices, return_inverse=True)
        with one_at_a_time():
            return Piece(self.images.oindex[places][order], self.labels[indices])
