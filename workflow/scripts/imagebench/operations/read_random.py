"""Single images in random order, each asked for by itself, from a store that is open."""

from .base import Indices, Operation, Pieces, in_batches

MOST_IMAGES = 1000


class ReadRandom(Operation):
    """Up to a thousand different images, one after the other."""

    def images(self, stored: int) -> int:
        """A thousand, or all there are."""
        return min(MOST_IMAGES, stored)

    def read(self, indices: Indices) -> Pieces:
        """Read each by itself."""
        return in_batches(self.reader, indices, 1)
