"""All images once, in shuffled batches: an epoch of training."""

from .base import Indices, Operation, Pieces, in_batches


class ReadBatches(Operation):
    """Every image once, in random order, ``batch_size`` at a time."""

    settings = ("batch_size",)

    def images(self, stored: int) -> int:
        """All of them."""
        return stored

    def read(self, indices: Indices) -> Pieces:
        """Read batch after batch."""
        return in_batches(self.reader, indices, self.target.settings["batch_size"])
