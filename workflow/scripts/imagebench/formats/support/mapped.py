"""What containers share whose blobs lie in a file as they are: a map, and places in it."""

import errno
import mmap
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ...contract import Blob, BlobReader, Indices, StoredLabels
from ...errors import BenchmarkError
from ...pieces import spans

Places = NDArray[np.int64]

ROWS = 1 << 16
"""Places that are Python's numbers at a time: of ten million, these would take a gigabyte."""

LIMITS = {
    errno.EMFILE: "this process may not have more files open, and each map is one (ulimit -n)",
    errno.ENOMEM: "this process has no addresses left that it could lie at (ulimit -v)",
}


def map_file(path: Path) -> mmap.mmap:
    """Map a file for reading.

    Raises:
        ValueError: if it is empty.
        BenchmarkError: if this process has come to a limit that the system sets it.
    """
    try:
        with open(path, "rb", buffering=0) as file:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except OSError as error:
        if error.errno == errno.EMFILE and more_files():
            return map_file(path)
        if error.errno in LIMITS:
            what = LIMITS[error.errno]
            raise BenchmarkError(f"{path} cannot be mapped: {what}: raise that limit") from error
        raise


def more_files() -> bool:
    """Let this process have as many files open as it may; tell whether that is more than before."""
    import resource  # Windows has none

    allowed, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return allowed != most


class MappedReader(BlobReader):
    """Hands out views of mapped files, so that nothing is copied before it is decoded.

    The kernel reads ahead as it sees fit: for a file that fits into memory, that is best in any
    order.
    """

    def __init__(self, path: Path, starts: Places, lengths: Places, labels: StoredLabels) -> None:
        """Map a file.

        Args:
            path: the file.
            starts: of each blob, in bytes from the file's beginning; shape (n,), int64.
            lengths: of each blob, in bytes.
            labels: of each blob.

        Raises:
            ValueError: if a blob would not lie within the file, or there are not as many labels.
        """
        self.map = map_file(path)
        if not len(starts) == len(lengths) == len(labels):
            raise ValueError("there are not as many labels as images")
        if (starts < 0).any() or (lengths < 0).any() or (starts + lengths > len(self.map)).any():
            raise ValueError(f"an image would lie outside of the {len(self.map)} bytes of {path}")
        self.view = memoryview(self.map)
        self.starts, self.stops = starts, starts + lengths
        self.all_labels = labels

    def all(self) -> Iterator[Blob]:
        parts = spans(len(self), ROWS)
        return chain.from_iterable(
            self.views(self.starts[span], self.stops[span]) for span in parts
        )

    def some(self, indices: Indices) -> tuple[Iterator[Blob], StoredLabels]:
        views = self.views(self.starts[indices], self.stops[indices])
        return views, self.all_labels[indices]

    def blob(self, index: int) -> Blob:
        """View one blob."""
        return self.view[self.starts[index] : self.stops[index]]

    def views(self, starts: Places, stops: Places) -> Iterator[Blob]:
        """View the bytes between these places."""
        view = self.view
        return (
            view[start:stop] for start, stop in zip(starts.tolist(), stops.tolist(), strict=True)
        )

    def close(self) -> None:
        """Unmap the file; if somebody still holds a view, when that is gone."""
        with suppress(BufferError):
            self.view.release()
            self.map.close()
