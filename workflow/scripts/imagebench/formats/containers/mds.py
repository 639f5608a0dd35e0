"""Shards of MosaicML's streaming library: a table of offsets, then sample after sample."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...contract import Blob, BlobReader, Container, Indices, StoredLabels
from ..support.mapped import MappedReader, map_file
from ..support.together import together

SAMPLES = 16384
"""A shard has at most; fewer where they come to 64 MiB, which is the library's own limit."""

NUMBER = np.dtype("<u4")


class Mds(Container):
    """Shards and an index that the library reads; written and read here without it."""

    label = "MDS shards"
    good_for = "streaming shards from object stores into training with MosaicML's loader"
    libraries = ("numpy",)
    largest_blob = (1 << 32) - 1024  # places in a shard have 32 bits, and its head comes first

    def write(self, blobs: Iterable[bytes], labels: StoredLabels, path: Path, ending: str) -> None:
        """Write shard after shard, each from memory since its table comes first, and the index."""
        columns = columns_of(labels.dtype)
        shards: list[dict[str, Any]] = []
        start = 0
        for number, some in enumerate(together(blobs, SAMPLES)):
            part = labels[start : start + len(some)]
            start += len(some)
            content = shard_of(some, part, columns)
            name = f"shard.{number:05}.mds"
            (path / name).write_bytes(content)
            data = {"basename": name, "bytes": len(content), "hashes": {}}
            shards.append({**columns, "raw_data": data, "samples": len(part), "zip_data": None})
        index = {"shards": shards, "version": 2}
        (path / "index.json").write_text(json.dumps(index), encoding="utf-8")

    def open(self, path: Path) -> "MdsReader":
        """Read the index and all tables of offsets, and map the shards."""
        return MdsReader(path)


def columns_of(label_type: np.dtype[Any]) -> dict[str, Any]:
    """Say what a sample consists of, as every shard and the index do."""
    return {
        "column_encodings": ["bytes", label_type.name],
        "column_names": ["image", "label"],
        "column_sizes": [None, label_type.itemsize],
        "compression": None,
        "format": "mds",
        "hashes": [],
        "size_limit": None,
        "version": 2,
    }


def shard_of(blobs: list[bytes], labels: StoredLabels, columns: dict[str, Any]) -> bytes:
    """Put one shard together: how many samples, where each begins and the last ends, the samples.

    A sample is the length of its image, the image and its label.
    """
    head = json.dumps(columns, sort_keys=True).encode("ascii")
    size, label_bytes = labels.itemsize, labels.tobytes()
    sizes = np.array([NUMBER.itemsize + len(blob) + size for blob in blobs])
    first = NUMBER.itemsize * (len(blobs) + 2) + len(head)
    offsets = first + np.concatenate([[0], np.cumsum(sizes)])
    parts = [np.array([len(blobs), *offsets], NUMBER).tobytes(), head]
    for index, blob in enumerate(blobs):
        label = label_bytes[index * size : (index + 1) * size]
        parts += [len(blob).to_bytes(NUMBER.itemsize, "little"), blob, label]
    return b"".join(parts)


class MdsReader(BlobReader):
    """Views of mapped shards."""

    def __init__(self, path: Path) -> None:
        self.shards, labels = [], []
        for shard in json.loads((path / "index.json").read_text(encoding="utf-8"))["shards"]:
            file = path / Path(shard["raw_data"]["basename"]).name
            view = np.frombuffer(map_file(file), np.uint8)
            kind = np.dtype(shard["column_encodings"][1])
            offsets = table_of(view, shard["samples"], kind.itemsize)
            places = offsets[1:, np.newaxis] + np.arange(-kind.itemsize, 0)
            labels.append(view[places].view(kind)[:, 0])
            lengths = np.diff(offsets) - NUMBER.itemsize - kind.itemsize
            starts = offsets[:-1] + NUMBER.itemsize
            self.shards.append(MappedReader(file, starts, lengths, labels[-1]))
        self.firsts = np.cumsum([0, *map(len, self.shards)])
        self.all_labels = np.concatenate(labels)

    def all(self) -> Iterator[Blob]:
        for shard in self.shards:
            yield from shard.all()

    def some(self, indices: Indices) -> tuple[Iterator[Blob], StoredLabels]:
        numbers = np.searchsorted(self.firsts, indices, side="right") - 1
        places = zip(numbers.tolist(), (indices - self.firsts[numbers]).tolist(), strict=True)
        return (self.shards[number].blob(row) for number, row in places), self.all_labels[indices]

    def close(self) -> None:
        for shard in self.shards:
            shard.close()


def table_of(view: NDArray[np.uint8], count: int, label_bytes: int) -> Indices:
    """Read where the samples of a shard begin, and where the last one ends.

    Raises:
        ValueError: if it is not for as many samples as the index says, or they cannot lie there.
    """
    end = NUMBER.itemsize * (count + 2)
    if count < 0 or end > len(view):
        raise ValueError(f"a shard is too short for its {count} samples")
    numbers = np.frombuffer(view[:end].tobytes(), NUMBER).astype(np.int64)
    offsets = numbers[1:]
    if numbers[0] != count or (np.diff(offsets) < NUMBER.itemsize + label_bytes).any():
        raise ValueError(f"a shard does not have the {count} samples that the index says")
    if offsets[0] < end or offsets[-1] > len(view):
        raise ValueError("a shard is shorter than its table says")
    return offsets
