"""All images once, in batches out of a shuffle buffer: how shards are read in training."""

import numpy as np

from ..contract import Indices
from .access import Access, Pieces

SHARD_IMAGES = 1024
"""Images that lie next to each other, and are read one after the other."""


class ReadBuffered(Access):
    """Shards in random order, and their images through a buffer that gives out random ones.

    The order is that which a buffer of ``buffer_size`` images makes, as WebDataset's and
    TensorFlow's do: not quite random, and never far from where the reader is.
    """

    title = "Batches through a shuffle buffer"
    column = "shuffle\nbuffer"
    topic = "reading through a shuffle buffer"
    verb = "read through a shuffle buffer"
    place = 11
    settings = ("batch_size", "buffer_size")

    def order(self, stored: int, generator: np.random.Generator) -> Indices:
        """Fill a buffer, and take a random image out whenever another comes in."""
        shards = np.split(np.arange(stored), np.arange(SHARD_IMAGES, stored, SHARD_IMAGES))
        coming = np.concatenate([shards[place] for place in generator.permutation(len(shards))])
        size = min(self.work.target.settings["buffer_size"], stored)
        buffer, given = coming[:size].copy(), np.empty(stored, dtype=np.int64)
        places = generator.integers(size, size=stored - size)
        for turn, (place, new) in enumerate(zip(places.tolist(), coming[size:], strict=True)):
            given[turn], buffer[place] = buffer[place], new
        given[stored - size :] = generator.permutation(buffer)
        return given

    def read_images(self, indices: Indices) -> Pieces:
        return self.in_batches(indices, self.work.target.settings["batch_size"])
