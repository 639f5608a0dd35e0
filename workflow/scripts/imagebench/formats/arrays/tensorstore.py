"""The same Zarr 3 arrays as `zarr` has, written and read by TensorStore."""

import os
from pathlib import Path
from typing import Any

import tensorstore

from ...contract import Backend, Images, Indices, Labels
from ..support import chunks
from ..support.array_reader import ArrayReader
from ..support.checks import require_indices, require_storable


class Tensorstore(Backend):
    """Two arrays without compression, in shards; one thread copies, and one reads.

    A process that has used it cannot be forked: TensorStore aborts the child that uses it again.
    """

    label = "TensorStore"
    good_for = "Zarr arrays, read in less time than zarr-python takes"
    libraries = ("tensorstore",)
    requirements = "requirements-arrays"

    def store(self, images: Images, labels: Labels, path: Path) -> None:
        require_storable(self, images, labels)
        path.mkdir()
        shapes = [[n, *images.shape[1:]] for n in chunks.layout(len(images), images[0].nbytes)]
        create(path / "images", images, *shapes)
        create(path / "labels", labels, list(labels.shape), list(labels.shape))

    def read(self, path: Path) -> tuple[Images, Labels]:
        return read_whole(path / "images"), read_whole(path / "labels")

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


def create(path: Path, values: Any, chunk: list[int], shard: list[int]) -> None:
    """Write one array."""
    sharding = {
        "name": "sharding_indexed",
        "configuration": {
            "chunk_shape": chunk,
            "codecs": [{"name": "bytes"}],
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
            "shape": list(values.shape),
            "data_type": "uint8",
            "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": shard}},
            "codecs": [sharding],
        },
        "store_data_equal_to_fill_value": True,  # else black images are not there at all
    }
    array = tensorstore.open(specification, create=True, context=context()).result()
    array.write(values).result()


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


def read_whole(path: Path) -> Any:
    """Read one array into memory."""
    return opened(path).read().result()


class TensorstoreReader(ArrayReader):
    """Open arrays."""

    def __init__(self, path: Path) -> None:
        self.images = opened(path / "images")
        self.labels = read_whole(path / "labels")

    def read_at(self, indices: Indices) -> tuple[Images, Labels]:
        """Read what is needed of each chunk."""
        require_indices(indices)
        images = self.images[indices.tolist()].read().result()
        return images, self.labels[indices]
