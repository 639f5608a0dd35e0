"""Tar shards as WebDataset has them: two members an image, its bytes and its class."""

from array import array
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

import numpy as np

from ...contract import Blob, BlobReader, Container, Indices, StoredLabels
from ...pieces import spans
from ..support import ustar
from ..support.mapped import map_file

SHARD_BYTES = 64 << 20
"""Shards are to be read in one go each; WebDataset's authors advise 50 MB and more."""

BUFFER = 1 << 20
"""Bytes that are written at a time."""

ROWS = 1 << 16
"""Places that are Python's numbers at a time."""


class Webdataset(Container):
    """Shards that the webdataset library reads, written and read here without it.

    The library takes about 100 microseconds an image, most of it in the standard library's tarfile.
    The format has no index: all headers are read when a store is opened, which makes random access
    possible, and the first image late.
    """

    label = "WebDataset"
    good_for = "streaming shard after shard from object stores and network file systems"
    libraries = ("numpy",)
    appendable = True
    largest_blob = ustar.LARGEST

    def write(self, blobs: Iterable[bytes], labels: StoredLabels, path: Path, ending: str) -> None:
        """Write ``shard-000000.tar`` and so on, with ``000000000.png`` and ``000000000.cls``."""
        classes = {label: b"%d" % label for label in np.unique(labels).tolist()}
        pairs = enumerate(zip(blobs, labels.tolist(), strict=True))
        following = next(pairs, None)
        shard = 0
        while following is not None:
            with open(path / f"shard-{shard:06}.tar", "wb", buffering=BUFFER) as file:
                while following is not None and file.tell() < SHARD_BYTES:
                    index, (blob, label) = following
                    key = f"{index:09}"
                    for name, data in ((f"{key}{ending}", blob), (f"{key}.cls", classes[label])):
                        file.write(ustar.header(name.encode("ascii"), len(data)))
                        file.write(data)
                        file.write(ustar.padding(len(data)))
                    following = next(pairs, None)
                ustar.end(file)
            shard += 1

    def open(self, path: Path) -> "WebdatasetReader":
        return WebdatasetReader(path)

    def most_space(self, count: int, blob_bytes: int) -> tuple[int, int]:
        """Two headers and two unfilled blocks for each."""
        size = count * (blob_bytes + 4 * ustar.BLOCK) + 2**20
        return size, 16 + size // SHARD_BYTES


class WebdatasetReader(BlobReader):
    """Views of mapped shards."""

    def __init__(self, path: Path) -> None:
        """Find where each image begins.

        Raises:
            ValueError: if there is no shard, or one does not hold images and classes in turn.
        """
        shards = sorted(path.glob("shard-*.tar"))
        places, labels = array("q"), array("q")
        for number, shard in enumerate(shards):
            # Mapped anew below, so that no page of the headers stays mapped.
            view = memoryview(map_file(shard))
            found = ustar.members(view)
            for name, start, size in found:
                of_class, class_start, class_size = next(found, (b"", 0, 0))
                if of_class != name.rsplit(b".", 1)[0] + b".cls":
                    raise ValueError(f"there is no class beside {name!r}")
                places.extend((number, start, start + size))
                labels.append(int(bytes(view[class_start : class_start + class_size])))
        if not places:
            raise FileNotFoundError(f"there are no images in the shards of {path}")
        self.maps = [map_file(shard) for shard in shards]
        self.views = [memoryview(shard) for shard in self.maps]
        self.places = np.array(places).reshape(-1, 3)
        self.all_labels = np.array(labels)

    def all(self) -> Iterator[Blob]:
        parts = (self.places[span].tolist() for span in spans(len(self), ROWS))
        return chain.from_iterable(map(self.blobs, parts))

    def some(self, indices: Indices) -> tuple[Iterator[Blob], StoredLabels]:
        return self.blobs(self.places[indices].tolist()), self.all_labels[indices]

    def blobs(self, places: Iterable[list[int]]) -> Iterator[Blob]:
        """View the blobs of some places: the number of a shard, the first byte, the one behind."""
        views = self.views
        return (views[number][start:stop] for number, start, stop in places)

    def close(self) -> None:
        """Unmap all shards, when nobody holds a view any more."""
        self.views.clear()
        self.maps.clear()
