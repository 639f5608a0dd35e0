"""Many images at once, in order."""

from .. import files
from ..digests import digest_of
from ..measuring.encoding import codec_facts
from ..measuring.memory import back_with_memory
from ..measuring.samples import Sample, total_seconds
from ..measuring.stopwatch import is_enough
from .base import Work
from .storing import Storing, as_it_comes_back, storing, timed_store

STORE_COPIES = 3
"""Times a piece's bytes that are made ready as memory before each sample: what the backends hold
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
        source = work.images
        work.digests = as_it_comes_back(self.backend, source)
        digests = digest_of(work.digests), digest_of(source.digests)
        samples: list[Sample] = []
        while not samples or not is_enough(len(samples), total_seconds(samples)):
            with files.published_folder(work.target.store) as folder:
                store = storing(self.backend, source, folder)
                back_with_memory(STORE_COPIES * source.largest_piece)
                samples.append(Sample.of(len(samples), digests, *timed_store(store, folder)))
        work.facts |= codec_facts(self.backend, source)
        work.facts["codec_seconds"] = work.facts["encode_seconds"]
        return samples
