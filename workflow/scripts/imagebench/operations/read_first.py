"""The time to the first image: a store is opened, and one image read."""

from ..contract import Indices
from .access import Access, Pieces


class ReadFirst(Access):
    """Opening is a part of it, since that is when a format reads its index."""

    title = "First image, opening included"
    column = "first\nimage"
    question = "First image soonest, opening included"
    topic = "reading of the first image"
    verb = "open and read the first image"
    place = 8
    in_verdict = True
    keeps_open = False

    def images(self, stored: int) -> int:
        return 1

    def read_images(self, indices: Indices) -> Pieces:
        """Open the store, and read any one image."""
        self.open()
        return [self.reader.read_at(indices)]
