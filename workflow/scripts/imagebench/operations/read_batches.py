"""All images once, in shuffled batches: an epoch of training."""

from ..contract import Indices
from .access import Access, Pieces


class ReadBatches(Access):
    """Every image once, in random order, ``batch_size`` at a time."""

    title = "Shuffled batches"
    column = "shuffled\nbatches"
    topic = "reading in shuffled batches"
    verb = "read in shuffled batches"
    place = 5
    in_verdict = True
    settings = ("batch_size",)

    def read_images(self, indices: Indices) -> Pieces:
        return self.in_batches(indices, self.work.target.settings["batch_size"])
