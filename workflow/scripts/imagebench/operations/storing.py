"""The experiments of storing, many images and one.

The clock runs around the backend's call alone; folders, digests and disk use are dealt with before
and after it. A second clock goes on until the store is safe on the device.
"""

from functools import partial
from pathlib import Path

import numpy as np

from .. import files
from ..measuring.clock import Timed, is_enough, time_call
from ..measuring.digests import digest, digest_one
from ..measuring.durability import make_durable
from ..measuring.footprint import footprint
from ..measuring.memory import back_with_memory
from ..measuring.samples import Array, Digests, Sample, Storage, prepare, total_seconds
from ..measuring.space import need_of_store, require_room

LEAST_SINGLE_CALLS = 20
"""A single image says little: so many different ones are stored and read in each block."""

STORE_COPIES = 3
"""Times the images' bytes that are made ready as memory before each sample: what the backends hold
at once, in the process and in the page cache. LMDB takes most, with each record in a page of its
own, and that page in memory and in the cache."""


def store_many(backend: Storage, images: Array, labels: Array, store: Path) -> list[Sample]:
    """Time storing all images at once, and leave one complete store.

    Args:
        backend: what is timed.
        images: shape (n, height, width, 3), uint8, in memory.
        labels: shape (n,), uint8.
        store: the folder to leave; it is there only when it is complete.

    Returns:
        One sample for each time that the images were stored.

    Raises:
        BenchmarkError: before anything is stored, if there is not enough room.
    """
    prepare(backend, images.shape[1:], store)
    need = need_of_store(backend, len(images), images[0].nbytes)
    require_room(store.parent, need, f"storing {len(images):,} images")
    source = digest(images, labels)
    digests = digest(backend.as_read(images), labels), source
    samples: list[Sample] = []
    while not samples or not is_enough(len(samples), total_seconds(samples)):
        with files.published_folder(store) as folder:
            back_with_memory(STORE_COPIES * images.nbytes)
            timed = time_call(partial(backend.store, images, labels, folder))
            samples.append(finish(len(samples), digests, timed, folder))
    return samples


def store_single(backend: Storage, images: Array, labels: Array, store: Path) -> list[Sample]:
    """Time storing one image at a time, each a different one in a store of its own.

    The stores are left in ``store`` as folders ``0``, ``1``, ...; images are taken from the start
    of ``images``, over again when there are few.

    Returns:
        One sample for each image.
    """
    prepare(backend, images.shape[1:], store)
    samples: list[Sample] = []
    with files.published_folder(store) as folder:
        folder.mkdir()
        while not is_enough(len(samples), total_seconds(samples), LEAST_SINGLE_CALLS):
            number = len(samples)
            image, label = images[number % len(images)], int(labels[number % len(labels)])
            place = folder / str(number)
            timed = time_call(partial(backend.store_one, image, label, place))
            back = backend.as_read(image[np.newaxis])[0]
            digests = digest_one(back, label), digest_one(image, label)
            samples.append(finish(number, digests, timed, place))
    return samples


def finish(iteration: int, digests: Digests, timed: Timed[None], folder: Path) -> Sample:
    """Make a store durable, which is timed too, and say what it took altogether."""
    sync_seconds = time_call(partial(make_durable, folder)).seconds
    return Sample.of_store(iteration, digests, timed, sync_seconds, footprint(folder))
