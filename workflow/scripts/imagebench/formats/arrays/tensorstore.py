"""The same Zarr 3 arrays as `zarr` has, written and read by TensorStore."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import tensorstore

from ...contract import PIXELS, Backend, Indices
from ...pieces import Facts, Labels, Piece, spans
from ..support import chunks
from ..support.array_reader import ArrayReader
from ..support.checks import require_indices, storable


class Tensorstore(Backend):
    """Two arrays without compression, in shards; one thread copies, and one reads.

    A process that has used it cannot be forked: TensorStore aborts the child that uses it again.
    """

    label = "TensorStore"
    good_for = "Zarr arrays, read in less time than zarr-python takes"
    libraries = ("tensorstore",)
    requirements = "requirements-arrays"
    one_shape = True
    modes = PIXELS

    def store(self, pieces: Iterable[Piece], facts: Facts, path: Path) -> None:
        pieces = storable(self, pieces, facts)
        path.mkdir()
        chunk, shard = chunks.layout(facts.count, facts.image_bytes)
        shape, labels = list(facts.whole_shape), facts.labels.astype(facts.label_type)
        of_shape = [chunk, *shape[1:]], [shard, *shape[1:]]
        images = created(path / "images", shape, facts.dtype, *of_shape)
        for span, part in chunks.aligned(pieces, facts, shard):
            images[span].write(part).result()
        whole = list(labels.shape)
        created(path / "labels", whole, labels.dtype, whole, whole).write(labels).result()

    def read(self, path: Path) -> Iterator[Piece]:
        images, labels = opened(path / "images"), read_labels(path)
        for span in spans(len(labels), chunks.together(images.shape, self.piece_bytes)):
            yield Piece(images[span].read().result(), labels[span])

    def open(self, path: Path) -> "TensorstoreReader":
        """Read what the arrays say of themselves."""
        return TensorstoreReader(path)

    def most_space(self, count: int, image_bytes: int) -> tuple[int, int]:
        """What chunks and shards take."""
        return chunks.most_space(count, image_bytes)


def context() -> Any:
    """Limit TensorStore to one thread for each kind of work, and let it map files that it reads.

    By calls of the system, shuffled batches take about twice as long. Nothing stays mapped.
    """
    settings = {
        "data_copy_concurrency": {"limit": 1},
        "file_io_concurrency": {"limit": 1},
        "file_io_mode": {"mode": "memmap"},
    }
    return tensorstore.Context(settings)


def created(
    path: Path, shape: list[int], kind: np.dtype[Any], chunk: list[int], shard: list[int]
) -> Any:
    """Make one array that is to be written."""
    sharding = {
        "name": "sharding_indexed",
        "configuration": {
            "chunk_shape": chunk,
            "codecs": [bytes_of(kind)],
            "index_codecs": [
                {"name": "bytes", "configuration": {"endian": "little"}},
                {"name": "crc32c"},
            ],
        },
    }
    specification = {
        "driver": "zarr3",
        "kvstore": {"driver": "file", "path": str(path)},
        "metadata": {
            "shape": shape,
            "data_type": kind.name,
            "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": shard}},
            "codecs": [sharding],
        },
        "store_data_equal_to_fill_value": True,  # else black images are not there at all
    }
    return tensorstore.open(specification, create=True, context=context()).result()


def opened(path: Path) -> Any:
    """Open one array for reading.

    Raises:
        FileNotFoundError: if a shard is missing, which would be taken for one full of zeros.
    """
    specification = {"driver": "zarr3", "kvstore": {"driver": "file", "path": str(path)}}
    array = tensorstore.open(specification, open=True, read=True, context=context()).result()
    expected = -(-array.shape[0] // array.chunk_layout.write_chunk.shape[0])
    if sum(len(files) for _, _, files in os.walk(path / "c")) != expected:
        raise FileNotFoundError(f"{path} does not have its {expected} shards")
    return array


def bytes_of(kind: np.dtype[Any]) -> dict[str, Any]:
    """Say how numbers of a type become bytes; of single ones, there is nothing to say."""
    order = {} if kind.itemsize == 1 else {"configuration": {"endian": "little"}}
    return {"name": "bytes", **order}


def read_labels(path: Path) -> Labels:
    """Read all labels into memory."""
    labels: Labels = opened(path / "labels").read().result().astype(np.int64)
    return labels


class TensorstoreReader(ArrayReader):
    """Open arrays."""

    def __init__(self, path: Path) -> None:
        self.images = opened(path / "images")
        self.labels = read_labels(path)

    def read_at(self, indices: Indices) -> Piece:
        """Read what is needed of each chunk."""
        require_indices(indices)
        images = self.images[indices.tolist()].read().result()
        return Piece(images, self.labels[indices])
