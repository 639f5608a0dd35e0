"""A tenth of the images, in shuffled batches: one class, or a sample."""

from ..contract import Indices
from .access import Access, Pieces

SHARE = 10


class ReadSubset(Access):
    """A random tenth of all images, in random order, ``batch_size`` at a time."""

    title = "A shuffled tenth"
    column = "shuffled\ntenth"
    question = "Fastest to read a tenth in shuffled batches"
    topic = "reading of a shuffled tenth"
    verb = "read a shuffled tenth"
    place = 7
    settings = ("batch_size",)

    def images(self, stored: int) -> int:
        return max(stored // SHARE, 1)

    def read_images(self, indices: Indices) -> Pieces:
        return self.in_batches(indices, self.work.target.settings["batch_size"])
