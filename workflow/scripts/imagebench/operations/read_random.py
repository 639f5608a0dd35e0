"""Single images in random order, each asked for by itself, from a store that is open."""

from ..contract import Indices
from .access import Access, Pieces

MOST_IMAGES = 1000


class ReadRandom(Access):
    """Up to a thousand different images, one after the other."""

    title = "Single images at random"
    column = "random\nsingle"
    topic = "reading of random single images"
    verb = "read single images at random"
    place = 6
    in_verdict = True

    def images(self, stored: int) -> int:
        return min(MOST_IMAGES, stored)

    def read_images(self, indices: Indices) -> Pieces:
        return self.in_batches(indices, 1)
