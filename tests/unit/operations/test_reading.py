"""Reads are verified, and the state of the page cache is proven, not assumed."""

import mmap
import shutil
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest
from blocks import read_block, store_block
from imagebench import formats
from imagebench.digests import digest_of
from imagebench.errors import BenchmarkError
from imagebench.formats.tutorial.disk import Disk
from imagebench.formats.tutorial.hdf5 import Hdf5
from imagebench.measuring import page_cache
from imagebench.measuring.machine import filesystem
from imagebench.pieces import Piece
from misbehaving import IMAGES, LABELS, SlowToRead, SwapsTwoImages

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="proven on Linux alone")


def stored(backend, folder):
    """A store, and the record that was left with it."""
    _, record = store_block("store_many", backend, IMAGES, LABELS, folder / "store")
    return folder / "store", record


def read(backend, stored):
    return read_block("read_many", backend, *stored)


def states(samples):
    return {sample.cache for sample in samples}


def test_what_a_backend_does_is_timed(tmp_path):
    samples = read(SlowToRead(), stored(Hdf5(), tmp_path))
    assert all(sample.seconds >= 0.05 for sample in samples)
    assert [sample.iteration for sample in samples] == list(range(len(samples)))


def test_images_in_another_order_are_noticed(tmp_path):
    with pytest.raises(BenchmarkError, match=r"other pixels or another label for image 0 "):
        read(SwapsTwoImages(), stored(Hdf5(), tmp_path))


@pytest.mark.parametrize("name", ["disk", "lmdb", "packed+jpeg", "zarr"])
def test_what_does_not_fit_into_memory_is_stored_and_read_in_pieces(name, tmp_path):
    pieces = {"piece_bytes": 4 * IMAGES[0].nbytes}
    backend = formats.load(name)
    samples, record = store_block(
        "store_many", backend, IMAGES, LABELS, tmp_path / "store", **pieces
    )
    assert {sample.pieces for sample in samples} == {3}
    read_samples = read_block("read_many", backend, tmp_path / "store", record, **pieces)
    assert {sample.pieces for sample in read_samples} == {3}
    assert {sample.digest for sample in read_samples} == {samples[0].digest}
    record["digests"][7] = 0
    record["samples"][-1]["digest"] = digest_of(record["digests"])
    with pytest.raises(BenchmarkError, match="another label for image 7 than"):
        read_block("read_many", backend, tmp_path / "store", record, **pieces)


def test_digests_that_are_not_those_of_the_record_are_not_trusted(tmp_path):
    store, record = stored(Hdf5(), tmp_path)
    record["digests"][7] = 0
    with pytest.raises(BenchmarkError, match="are not those of its record"):
        read(Hdf5(), (store, record))


class Shorter(Hdf5):
    """Forgets the last image, or brings back one too many."""

    def __init__(self, lacking):
        self.lacking = lacking

    def read(self, path):
        for images, labels in super().read(path):
            kept = np.arange(len(labels) - self.lacking) % len(labels)
            yield Piece(images[kept], labels[kept])


@pytest.mark.parametrize("lacking", [1, -1])
def test_an_image_too_few_or_too_many_is_noticed(lacking, tmp_path):
    store = stored(Hdf5(), tmp_path)
    with pytest.raises(BenchmarkError, match=rf"gave back {10 - lacking} images in place of 10"):
        read(Shorter(lacking), store)


@on_linux
@pytest.mark.parametrize("backend", [Disk(), Hdf5()], ids=["many files", "one file"])
def test_cold_reads_come_from_the_device_and_warm_ones_do_not(backend, on_disk):
    samples = read(backend, stored(backend, on_disk))
    cold = [sample for sample in samples if sample.cache == "cold"]
    warm = [sample for sample in samples if sample.cache == "warm"]
    assert cold
    assert warm
    assert all(sample.resident_share < 0.01 for sample in cold)
    assert all(sample.bytes_read >= 0.8 * sample.bytes_logical for sample in cold)
    assert all(sample.bytes_read < 0.02 * sample.bytes_allocated for sample in warm)


@on_linux
def test_single_images_are_read_cold_once_each_and_then_warm(on_disk):
    samples, record = store_block("store_single", Hdf5(), IMAGES, LABELS, on_disk / "store")
    read_samples = read_block("read_single", Hdf5(), on_disk / "store", record)
    cold = [sample for sample in read_samples if sample.cache == "cold"]
    assert [sample.digest for sample in cold] == [sample.digest for sample in samples]
    assert len([sample for sample in read_samples if sample.cache == "warm"]) >= len(samples)


@on_linux
def test_a_cache_that_was_not_dropped_is_not_called_cold(on_disk, monkeypatch):
    store = stored(Hdf5(), on_disk)
    monkeypatch.setattr(page_cache, "advise", lambda descriptor: None)
    samples = read(Hdf5(), store)
    assert states(samples) == {"unknown", "warm"}
    assert samples[0].resident_share > 0.9


@on_linux
def test_a_store_that_somebody_has_mapped_is_not_called_cold(on_disk):
    store = stored(Hdf5(), on_disk)
    with (
        open(store[0] / "images.h5", "rb") as file,
        mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as held,
    ):
        assert sum(held[:: mmap.PAGESIZE]) >= 0  # touches every page
        samples = read(Hdf5(), store)
    assert states(samples) == {"unknown", "warm"}


@on_linux
def test_a_file_system_in_memory_is_not_called_cold():
    if not Path("/dev/shm").is_dir() or filesystem(Path("/dev/shm"))[0] != "tmpfs":
        pytest.skip("needs a tmpfs at /dev/shm")
    folder = Path(tempfile.mkdtemp(dir="/dev/shm"))
    try:
        samples = read(Hdf5(), stored(Hdf5(), folder))
    finally:
        shutil.rmtree(folder)
    assert states(samples) == {"unknown", "warm"}


@on_linux
def test_a_store_that_was_dropped_behind_our_back_is_not_called_warm(on_disk):
    store = stored(Hdf5(), on_disk)

    class DroppedEachTime(Hdf5):
        """Finds the page cache empty whenever it reads, as on a machine that is short of memory."""

        def read(self, path):
            page_cache.evict(path)
            yield from super().read(path)

    samples = read(DroppedEachTime(), store)
    assert "warm" not in states(samples)
    assert "unknown" in states(samples)
