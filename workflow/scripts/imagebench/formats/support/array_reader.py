"""Reading from arrays that are indexed as those of NumPy are."""

from typing import Any

from ...contract import Indices, Reader
from ...pieces import Labels, Piece
from .checks import require_indices


class ArrayReader(Reader):
    """An open array of images, shape (n, height, width, 3), and one of labels in memory."""

    images: Any
    labels: Labels

    def __len__(self) -> int:
        return len(self.labels)

    def read_at(self, indices: Indices) -> Piece:
        require_indices(indices)
        return Piece(self.images[indices], self.labels[indices])

    def close(self) -> None:
        del self.images
