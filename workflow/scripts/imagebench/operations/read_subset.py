"""A tenth of the images, in shuffled batches: one class, or a sample."""

from .base import Indices, Operation, Pieces, in_batches

SHARE = 10


class ReadSubset(Operation):
    """A random tenth of all images, in random order, ``batch_size`` at a time."""

    settings = ("batch_size",)

    def images(self, stored: int) -> int:
        """A tenth, and at least one."""
        return max(stored // SHARE, 1)

    def read(self, indices: Indices) -> Pieces:
        """Read batch after batch."""
        return in_batches(self.reader, indices, self.target.settings["batch_size"])
