"""A job's own memory is what the system cannot take back, and decides whether a format is in."""

import functools
import mmap
import subprocess
import sys
import time

import numpy as np
import pandas as pd
import pytest
from blocks import source_of, work_with
from imagebench import formats, operations, processes
from imagebench.answers.main_run import blocks_of, shortlists_of
from imagebench.code_digest import code_digests
from imagebench.evidence.tables import completed, rows_of
from imagebench.formats.arrays.npy import Npy
from imagebench.formats.tutorial.hdf5 import Hdf5
from imagebench.keys import key_of
from imagebench.measuring.own_memory import (
    clock_starts,
    clock_stopped,
    forget,
    own_memory_bytes,
    peak_bytes,
    watch,
)
from imagebench.measuring.record import read_record, recorded_block
from misbehaving import IMAGES, LABELS
from pages import TRAITS, USE

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="told by Linux alone")

SIZE = 200_000_000
LARGE = (SIZE // 3_000_000, 1000, 1000, 3)
"""Shape of few images that take so much."""
SOURCE = source_of(IMAGES, LABELS)


def recorded(folder, load, operation, source=SOURCE, stored=None, name="hdf5", **settings):
    """The record of a block that runs as a job does, in a process that another one waits for."""
    folder.mkdir(exist_ok=True)
    count = source.facts.count
    cell = {"dataset": "lookalike", "location": "default", "backend": name, "block": 1}
    cell |= {"operation": operation, "images": count, "stored_images": count}
    code = code_digests("time_block.py")
    job = {"cell": cell, "images": {}, "settings": settings, "code": code, "versions": {}}
    path = folder / f"{operation}-{key_of(job)}.json"
    store, digests = folder / "store", source.digests
    work = work_with(load, store, source, stored=stored, digests=digests, name=name, **settings)

    def call():
        with recorded_block(path, store, load(name), job) as block:
            block.samples = operations.load(operation).measure(work)
            block.facts = work.facts

    processes.supervised(call, folder / "job.log", "a store", watch)
    return read_record(path)


def loading(kind):
    """What loads a backend, also in another process."""
    return functools.partial(made, kind)


def made(kind, name):
    return kind()


def memory_of_reading(folder, kind, source=SOURCE):
    """Own and resident memory of a job that reads what another one has stored."""
    stored = recorded(folder, loading(kind), "store_many", source)
    record = recorded(folder, loading(kind), "read_many", source, stored)
    return record["own_memory_bytes"], record["peak_memory_bytes"]


class Reads(Hdf5):
    """Does something else within the call that reads the store."""

    def read(self, path):
        held = self.hold(path) if path.name == "store" else None
        if held is not None:
            time.sleep(0.5)  # else nobody may look at this process meanwhile
        yield from super().read(path)
        del held


class Maps(Reads):
    """Touches all of a large file that it has mapped."""

    def hold(self, path):
        with open(path.with_name("large"), "w+b") as file:
            file.write(bytes(SIZE))
            file.flush()
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        assert np.frombuffer(mapped, np.uint8).max() == 0
        return mapped


class Fills(Reads):
    """Holds as much memory of its own until all is read."""

    def hold(self, path):
        return np.ones(SIZE, np.uint8)


class FillsShared(Reads):
    """Holds as much memory that other processes could share."""

    def hold(self, path):
        held = mmap.mmap(-1, SIZE)
        held[:] = bytes(SIZE)
        return held


class FillsForAMoment(Reads):
    """Holds as much memory within the call alone, and none when the clock stops."""

    def hold(self, path):
        held = np.ones(SIZE, np.uint8)
        time.sleep(2)
        del held


def test_what_is_mapped_of_files_is_resident_and_not_ones_own(tmp_path):
    own, resident = memory_of_reading(tmp_path, Maps)
    assert own < resident - 0.8 * SIZE


def test_what_the_system_cannot_take_back_is_ones_own(tmp_path):
    without, _ = memory_of_reading(tmp_path / "without", Hdf5)
    for kind in (Fills, FillsShared, FillsForAMoment):
        own, resident = memory_of_reading(tmp_path / kind.__name__, kind)
        assert own > without + 0.7 * SIZE, kind
        assert resident > own - 0.2 * SIZE, kind


def test_memory_that_is_touched_before_the_clock_starts_is_not_ones_own(tmp_path):
    """Twice as much as is read is made ready before each call."""
    images = np.zeros(LARGE, np.uint8)
    many = source_of(images, np.zeros(len(images), np.int64))
    less, _ = memory_of_reading(tmp_path / "few", Npy)
    more, _ = memory_of_reading(tmp_path / "many", Npy, many)
    assert 0.8 * SIZE < more - less < 1.5 * SIZE


class HoldsWhileOpen(Hdf5):
    """Each reader of the store holds memory for as long as it is open."""

    def open(self, path):
        self.held = np.ones(SIZE // 2 if path.name == "store" else 1, np.uint8)
        return super().open(path)


@pytest.mark.usefixtures("few_calls")
def test_memory_of_all_workers_counts_and_what_they_share_counts_once(tmp_path):
    inherited = np.ones(2 * SIZE, np.uint8)

    def memory_of(kind, operation):
        folder = tmp_path / kind.__name__
        record = recorded(folder, loading(kind), operation, batch_size=4, workers=2)
        return record["own_memory_bytes"]

    of_job = memory_of(Hdf5, "read_batches")
    for operation in ("read_workers_forked", "read_workers_spawned"):
        plain, holding = (memory_of(kind, operation) for kind in (Hdf5, HoldsWhileOpen))
        assert plain < of_job + inherited.nbytes
        assert 0.8 * SIZE < holding - plain < 1.3 * SIZE


def test_a_rule_about_memory_keeps_a_format_that_maps_its_file(tmp_path):
    images = np.random.default_rng(0).integers(0, 256, LARGE, dtype=np.uint8)
    source = source_of(images, np.zeros(len(images), np.int64))
    names, rows, read = ("npy", "lmdb+raw"), [], {}
    for name in names:
        folder = tmp_path / name
        stored = recorded(folder, formats.load, "store_many", source, name=name)
        read[name] = recorded(folder, formats.load, "read_many", source, stored, name=name)
        rows += [row for record in (stored, read[name]) for row in rows_of(record, name)]
    mapping = read["lmdb+raw"]
    assert mapping["own_memory_bytes"] < mapping["peak_memory_bytes"] - 0.8 * SIZE
    assert mapping["own_memory_bytes"] == pytest.approx(read["npy"]["own_memory_bytes"], rel=0.3)
    table = completed(pd.DataFrame(rows))
    most = mapping["own_memory_bytes"] + SIZE // 2
    assert ruled_out(table, most) == {}
    # A table from elsewhere may know resident memory alone.
    assert ruled_out(table.assign(own_memory_bytes=np.nan), most) == {"lmdb+raw": "most_memory"}


def ruled_out(table, most):
    """The rule that each format breaks where a process that reads may have so much memory."""
    uses = {"mine": {**USE, "most_memory": most}}
    traits = dict.fromkeys(table["backend"], TRAITS)
    [found] = shortlists_of(blocks_of(table, 1024), uses, traits=traits, image_bytes=3072)
    return found["ruled_out"]


def test_what_the_system_does_not_tell_is_unknown_and_stops_nothing():
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    watch(gone.pid)
    assert own_memory_bytes(gone.pid) is None
    forget()
    clock_starts()
    clock_stopped(None)
    assert peak_bytes() is None
