"""One image at a time, each in a store of its own."""

from functools import partial

import numpy as np

from .. import files
from ..measuring.digests import digest_one
from ..measuring.samples import Sample, total_seconds
from ..measuring.stopwatch import MOST_CALLS, is_enough
from .base import Work
from .storing import Storing, timed_store

LEAST_CALLS = 20
"""A single image says little: so many different ones are stored and read in each block."""


class StoreSingle(Storing):
    """The first images of the data set, each in a folder ``0``, ``1``, ... of its own."""

    title = "Store one"
    column = "store\none"
    topic = "storing one image"
    verb = "store one image"
    place = 3
    in_verdict = True

    def wanted(self, stored: int) -> int:
        """Different ones for all calls that there can be."""
        return MOST_CALLS

    def measure(self, work: Work) -> list[Sample]:
        """Store image after image, and begin again where there are few."""
        self.start(work)
        samples: list[Sample] = []
        with files.published_folder(work.target.store) as folder:
            folder.mkdir()
            while not is_enough(len(samples), total_seconds(samples), LEAST_CALLS):
                number = len(samples)
                image = work.images[number % len(work.images)]
                label = int(work.labels[number % len(work.images)])
                place = folder / str(number)
                done = timed_store(partial(self.backend.store_one, image, label, place), place)
                back = self.backend.as_read(image[np.newaxis])[0]
                digests = digest_one(back, label), digest_one(image, label)
                samples.append(Sample.of(number, digests, *done))
        return samples
