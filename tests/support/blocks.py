"""Blocks of operations, and backends by themselves, outside of Snakemake."""

from itertools import cycle

import numpy as np
from imagebench import formats, operations
from imagebench.digests import digest_of, image_digests
from imagebench.images.source import ArraySource
from imagebench.operations.base import Target, Work
from imagebench.pieces import PIECE_BYTES, Facts, Piece

PLAIN = [name for name in formats.backends_there_are() if not formats.load(name).keeps_files]
"""Backends of one file that are given pixels; those of files have tests of their own."""

CODECS = [
    codec for codec in formats.codecs_there_are() if not formats.load(f"packed+{codec}").keeps_files
]
COMBINATIONS = [name for name in formats.combinations() if name.split("+")[1] in CODECS]
WITH_THREADS = "packed+png+threads"
EACH_ONCE = [
    *PLAIN,
    *map("+".join, zip(formats.containers_there_are(), cycle(CODECS), strict=False)),
    WITH_THREADS,
]
"""Each container and each codec at least once, for what does not depend on the pair."""

NO_DIGESTS = np.empty((0, 32), np.uint8)


def source_of(images, labels, piece_bytes=PIECE_BYTES):
    """The source of images that are in memory."""
    digests = image_digests(images, np.asarray(labels, np.int64))
    return ArraySource(images, labels, digests, piece_bytes=piece_bytes)


def store_all(backend, images, labels, folder, piece=None):
    """Store images with a backend, in pieces of so many."""
    facts = Facts(np.shape(images)[1:], labels)
    step = piece or max(len(images), 1)
    starts = range(0, len(images), step)
    pieces = (Piece(images[at : at + step], labels[at : at + step]) for at in starts)
    backend.store(pieces, facts, folder)


def read_all(backend, folder):
    """Read a whole store with a backend, and join its pieces."""
    images, labels = zip(*backend.read(folder), strict=True)
    return np.concatenate(images), np.concatenate(labels)


def require_same(backend, folder, images, labels):
    """Hold a store against what was stored, or against what a lossy codec made of it."""
    found_images, found_labels = read_all(backend, folder)
    assert (found_images.dtype, found_labels.dtype) == (np.uint8, np.int64)
    np.testing.assert_array_equal(found_images, backend.as_read(images))
    np.testing.assert_array_equal(found_labels, labels)


def digest_of_images(images, labels):
    """One digest of all."""
    return digest_of(image_digests(images, np.asarray(labels, np.int64)))


def work_with(load, store, source=None, *, stored=None, digests=NO_DIGESTS, name="", **settings):
    """What an operation has to do with the backend that ``load`` makes."""
    generator = np.random.default_rng(1)
    target = Target(name, load, store, settings)
    return Work(target, source, stored or {}, digests, generator)


def store_block(operation, backend, images, labels, store, **settings):
    """Store with a backend, as its operation does; give the samples and the record."""
    source = source_of(images, labels, settings.get("piece_bytes", PIECE_BYTES))
    work = work_with(lambda _: backend, store, source, **settings)
    samples = operations.load(operation).measure(work)
    count = 1 if operation == "store_single" else len(images)
    record = {"samples": list(map(vars, samples)), "made_with": {"cell": {"images": count}}}
    return samples, {**record, **work.facts, "digests": work.digests}


def read_block(operation, backend, store, stored, **settings):
    """Read with a backend what ``store_block`` stored."""
    work = work_with(lambda _: backend, store, stored=stored, digests=stored["digests"], **settings)
    return operations.load(operation).measure(work)
