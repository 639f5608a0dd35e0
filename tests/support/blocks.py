"""Blocks of operations outside of Snakemake, with any backend."""

import numpy as np
from imagebench import operations
from imagebench.operations.base import Target, Work

NOTHING = np.empty(0, np.uint8)


def work_with(load, store, images=NOTHING, labels=NOTHING, *, stored=None, name="", **settings):
    """What an operation has to do with the backend that ``load`` makes."""
    generator = np.random.default_rng(1)
    return Work(Target(name, load, store, settings), images, labels, stored or {}, generator)


def store_block(operation, backend, images, labels, store):
    """Store with a backend, as its operation does; give the samples and the record."""
    work = work_with(lambda _: backend, store, images, labels)
    samples = operations.load(operation).measure(work)
    count = 1 if operation == "store_single" else len(images)
    record = {"samples": list(map(vars, samples)), "made_with": {"cell": {"images": count}}}
    return samples, {**record, **work.facts}


def read_block(operation, backend, store, stored):
    """Read with a backend what ``store_block`` stored."""
    work = work_with(lambda _: backend, store, stored=stored)
    return operations.load(operation).measure(work)
