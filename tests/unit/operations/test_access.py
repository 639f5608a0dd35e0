"""Every way of access, with real stores and real processes; what it must catch."""

import multiprocessing
import os
import re
import signal
import subprocess
import sys

import numpy as np
import pytest
from blocks import source_of, work_with
from imagebench import formats, operations
from imagebench.errors import BenchmarkError
from imagebench.formats.tutorial.hdf5 import Hdf5, Hdf5Reader
from imagebench.pieces import PIECE_BYTES, Piece
from processes import alive_in_group
from projects import ROOT

pytestmark = pytest.mark.usefixtures("few_calls")

SETTINGS = {"batch_size": 16, "workers": 2, "buffer_size": 30, "crop": 20}
COUNTS = {
    "read_random": 100, "read_batches": 100, "read_subset": 10, "read_first": 1,
    "read_workers_forked": 100, "read_workers_spawned": 100, "read_buffered": 100,
    "read_crops": 100,
}  # fmt: skip


def some_images(count=100):
    generator = np.random.default_rng(0)
    images = generator.integers(0, 256, (count, 32, 32, 3), dtype=np.uint8)
    return images, generator.integers(0, 256, count)


def measure(operation, folder, name="hdf5", load=formats.load, **settings):
    images, labels = some_images()
    source = source_of(images, labels, settings.get("piece_bytes", PIECE_BYTES))
    given = work_with(load, folder / "store", source, name=name, **{**SETTINGS, **settings})
    return operations.load(operation).measure(given)


def test_all_are_tested():
    assert set(COUNTS) == set(operations.chosen_by_config())


@pytest.mark.parametrize("name", ["hdf5", "packed+jpeg", "zarr"])
@pytest.mark.parametrize("operation", COUNTS)
def test_samples_are_cold_then_warm_and_the_store_is_gone(operation, name, on_disk):
    samples = measure(operation, on_disk, name)
    assert operations.load(operation).images(100) == COUNTS[operation]
    assert [sample.iteration for sample in samples] == list(range(len(samples)))
    assert samples[0].cache in ("cold", "unknown")
    assert samples[-1].cache in ("warm", "unknown")
    assert len({sample.source_digest for sample in samples}) == 1
    assert not (on_disk / "store").exists()


@pytest.mark.parametrize("operation", COUNTS)
def test_more_images_than_may_be_in_memory_at_once_are_read_in_parts(operation, on_disk):
    samples = measure(operation, on_disk, piece_bytes=40 * 32 * 32 * 3)
    # Of batches of 16, two come to no more than 40 images.
    parts = {"read_subset": 1, "read_first": 1}.get(operation, 4)
    assert {sample.pieces for sample in samples} == {parts}


@pytest.mark.parametrize("operation", ["read_batches", "read_subset", "read_random"])
def test_each_call_has_an_order_of_its_own(operation, on_disk):
    samples = measure(operation, on_disk)
    assert len({sample.digest for sample in samples}) == len(samples)


def test_the_order_is_the_same_for_every_backend(on_disk):
    digests = [
        [sample.digest for sample in measure("read_batches", on_disk, name)][:2]
        for name in ("hdf5", "npy")
    ]
    assert digests[0] == digests[1]


def test_all_images_in_shuffled_batches_are_all_images():
    order = operations.load("read_batches").order(1000, np.random.default_rng(0))
    assert sorted(order) == list(range(1000))
    assert list(order) != sorted(order)


class Careless(Hdf5):
    """Forgets that one batch is shorter, or which label belongs to which image."""

    def open(self, path):
        return CarelessReader(path)


class CarelessReader(Hdf5Reader):
    def read_at(self, indices):
        images, labels = super().read_at(indices)
        return Piece(images, labels[::-1].copy())


def load_careless(_):
    return Careless()


@pytest.mark.parametrize("operation", ["read_batches", "read_workers_forked"])
def test_labels_of_other_images_are_noticed(operation, on_disk):
    with pytest.raises(BenchmarkError, match=r"other pixels or another label for image \d+ "):
        measure(operation, on_disk, load=load_careless)
    assert list(on_disk.iterdir()) == []


class Failing(Hdf5):
    """Cannot be opened."""

    def open(self, path):
        if path.name == "store":
            raise OSError(5, "Input/output error", str(path))
        return super().open(path)


def load_failing(_):
    return Failing()


@pytest.mark.parametrize("operation", ["read_first", "read_workers_forked"])
def test_what_cannot_be_read_is_said_in_one_line(operation, on_disk):
    with pytest.raises(BenchmarkError, match=re.escape(str(on_disk / "store"))) as error:
        measure(operation, on_disk, load=load_failing)
    assert "\n" not in str(error.value)


class Dying(Hdf5):
    """Its process dies as soon as it reads the real store."""

    def open(self, path):
        if path.name == "store":
            import os

            os._exit(9)
        return super().open(path)


def load_dying(_):
    return Dying()


def test_a_worker_that_dies_ends_the_job(on_disk):
    with pytest.raises(BenchmarkError, match="has died without a word"):
        measure("read_workers_forked", on_disk, load=load_dying)


class Killed(Hdf5):
    """Somebody kills its process as soon as it reads the real store."""

    def open(self, path):
        if path.name == "store":
            os.kill(os.getpid(), signal.SIGKILL)
        return super().open(path)


def load_killed(_):
    return Killed()


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs signals")
def test_a_worker_that_somebody_kills_is_told_with_the_signal(on_disk):
    with pytest.raises(BenchmarkError, match=r"/store died of SIGKILL: somebody ended it"):
        measure("read_workers_spawned", on_disk, load=load_killed)


class Unstorable(Hdf5):
    """Finds the disk full."""

    def store(self, pieces, facts, path):
        raise OSError(28, "No space left on device", str(path))


def test_a_store_that_cannot_be_made_says_why(on_disk):
    with pytest.raises(BenchmarkError, match="No space left on device"):
        measure("read_batches", on_disk, load=lambda _: Unstorable())


def test_workers_leave_nothing_behind_and_their_own_time_is_counted(on_disk):
    samples = measure("read_workers_spawned", on_disk, "npy", workers=3)
    assert all(sample.cpu_user_seconds + sample.cpu_system_seconds > 0 for sample in samples)
    assert multiprocessing.active_children() == []
    assert list(on_disk.iterdir()) == []


JOB = """
import os, sys
sys.path[:0] = {search!r}
from pathlib import Path
import numpy as np
import job_backend
from blocks import source_of, work_with
from imagebench import operations, processes
images, labels = np.zeros((100, 32, 32, 3), dtype=np.uint8), np.zeros(100, dtype=np.int64)
settings = {{"batch_size": 16, "workers": 2}}
folder = Path({folder!r})
source = source_of(images, labels)
work = work_with(job_backend.load, folder / "stores" / "store", source, **settings)
operation = operations.load({operation!r})
processes.supervised(lambda: operation.measure(work), folder / "job.log", "a store")
"""

BACKEND = """
import multiprocessing, os, time
from pathlib import Path
from imagebench.formats.tutorial.hdf5 import Hdf5

def pause():
    if {pauses!r}:
        print("ready", flush=True)
        time.sleep(1)

class Slow(Hdf5):
    def open(self, path):
        if path.name == "store":
            pause()
        return super().open(path)

def load(_):
    return Slow()

if {pauses!r} == "importing" and multiprocessing.parent_process() is not None:
    pause()
"""


def start_job(operation, folder, pauses):
    """Start a job as the leader of a group of its own; it says when it pauses in a worker."""
    (folder / "job_backend.py").write_text(BACKEND.format(pauses=pauses))
    search = [str(folder), str(ROOT / "workflow/scripts"), str(ROOT / "tests/support")]
    code = JOB.format(search=search, folder=str(folder), operation=operation)
    return subprocess.Popen(
        [sys.executable, "-B", "-c", code], start_new_session=True, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="needs groups of processes")
@pytest.mark.parametrize(
    ("operation", "pauses"),
    [
        ("read_workers_forked", "opening"),
        ("read_workers_spawned", "opening"),
        ("read_workers_spawned", "importing"),
    ],
)
def test_workers_end_without_a_word_when_somebody_ends_their_job(operation, pauses, tmp_path):
    process = start_job(operation, tmp_path, pauses)
    assert process.stdout.readline().startswith("ready")
    os.killpg(process.pid, signal.SIGINT)
    assert process.communicate(timeout=60)[1] == "interrupted (SIGINT)\n"
    assert process.returncode == 130
    assert list((tmp_path / "stores").iterdir()) == []
    assert alive_in_group(process.pid) == []
