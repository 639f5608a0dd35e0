"""Many images at once, in order."""

from functools import partial

from .. import files
from ..measuring.digests import digest
from ..measuring.encoding import codec_facts
from ..measuring.memory import back_with_memory
from ..measuring.samples import Sample, total_seconds
from ..measuring.stopwatch import is_enough
from .base import Work
from .storing import Storing, timed_store

STORE_COPIES = 3
"""Times the images' bytes that are made ready as memory before each sample: what the backends hold
at once, in the process and in the page cache. LMDB takes most, with each record in a page of its
own, and that page in memory and in the cache."""


class StoreMany(Storing):
    """All images in one store, again and again until that took long enough; the last one stays."""

    title = "Store"
    column = "store"
    topic = "storing"
    verb = "store"
    place = 1
    in_verdict = True
    for_each_cutoff = True

    def measure(self, work: Work) -> list[Sample]:
        """Store all images, each time in a folder that is published when it is complete."""
        self.start(work)
        images, labels = work.images, work.labels
        digests = digest(self.backend.as_read(images), labels), digest(images, labels)
        samples: list[Sample] = []
        while not samples or not is_enough(len(samples), total_seconds(samples)):
            with files.published_folder(work.target.store) as folder:
                back_with_memory(STORE_COPIES * images.nbytes)
                call = partial(self.backend.store, images, labels, folder)
                done = timed_store(call, folder)
                samples.append(Sample.of(len(samples), digests, *done))
        work.facts |= codec_facts(self.backend, images)
        work.facts["codec_seconds"] = work.facts["encode_seconds"]
        return samples
