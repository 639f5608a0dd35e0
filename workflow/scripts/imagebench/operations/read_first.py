"""The time to the first image: a store is opened, and one image read."""

from .base import Indices, Operation, Pieces


class ReadFirst(Operation):
    """Opening is a part of it, since that is when a format reads its index."""

    opens_within = True

    def images(self, stored: int) -> int:
        """One."""
        return 1

    def open(self) -> None:
        """Nothing is open before the clock starts."""

    def read(self, indices: Indices) -> Pieces:
        """Open the store, and read any one image."""
        self.reader = self.backend.open(self.target.store)
        return [self.reader.read_at(indices)]
