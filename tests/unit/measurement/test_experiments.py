"""What happens around a timed call, with backends that misbehave."""

import errno
import os
import time

import numpy as np
import pytest
from imagebench import files
from imagebench.backends.hdf5 import Hdf5
from imagebench.failures import BenchmarkError
from imagebench.measurement import experiments
from imagebench.measurement.digests import digest
from imagebench.measurement.records import read_record, write_record

IMAGES = np.random.default_rng(0).integers(0, 256, (10, 32, 32, 3), dtype=np.uint8)
LABELS = np.arange(10, dtype=np.uint8)


class SlowToRead(Hdf5):
    """Takes a twentieth of a second longer than it should."""

    def read(self, path):
        time.sleep(0.05)
        return super().read(path)


class SwapsTwoImages(Hdf5):
    def read(self, path):
        images, labels = super().read(path)
        if len(images) > 1:
            images[[0, 1]] = images[[1, 0]]
        return images, labels


class FullDisk(Hdf5):
    def store(self, images, labels, path):
        super().store(images, labels, path)
        if len(images) > 1:
            raise OSError(errno.ENOSPC, "No space left on device", str(path))


def test_what_a_backend_does_is_timed(tmp_path):
    experiments.store_many(Hdf5(), IMAGES, LABELS, tmp_path / "store")
    expected = digest(IMAGES, LABELS)
    samples = experiments.read_many(SlowToRead(), tmp_path / "store", IMAGES.shape, expected)
    assert all(sample.seconds >= 0.05 for sample in samples)
    assert [sample.iteration for sample in samples] == list(range(len(samples)))


def test_images_in_another_order_are_noticed(tmp_path):
    experiments.store_many(Hdf5(), IMAGES, LABELS, tmp_path / "store")
    with pytest.raises(BenchmarkError, match="other pixels or labels"):
        experiments.read_many(
            SwapsTwoImages(), tmp_path / "store", IMAGES.shape, digest(IMAGES, LABELS)
        )


def test_a_store_that_fails_half_way_leaves_nothing(tmp_path):
    with pytest.raises(OSError, match="No space left"):
        experiments.store_many(FullDisk(), IMAGES, LABELS, tmp_path / "store")
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_attempt_left_is_in_nobodys_way(tmp_path):
    # A process that dies at once, as by kill -9, cleans nothing up.
    child = os.fork()
    if not child:
        with files.published_folder(tmp_path / "store") as left:
            left.mkdir()
            (left / "images.h5").write_bytes(b"half")
            os._exit(1)
    os.waitpid(child, 0)
    assert len(list(tmp_path.iterdir())) == 1
    experiments.store_many(Hdf5(), IMAGES, LABELS, tmp_path / "store")
    assert [path.name for path in tmp_path.iterdir()] == ["store"]
    assert digest(*Hdf5().read(tmp_path / "store")) == digest(IMAGES, LABELS)


def test_a_record_holds_every_sample_and_a_damaged_one_is_named(tmp_path):
    samples = experiments.store_many(Hdf5(), IMAGES, LABELS, tmp_path / "store")
    path = tmp_path / "records" / "block-1.json"
    write_record(path, samples, backend="hdf5", images=10)
    record = read_record(path)
    assert [sample["seconds"] for sample in record["samples"]] == [s.seconds for s in samples]
    assert record["backend"] == "hdf5"
    path.write_text(path.read_text()[:-20])
    with pytest.raises(BenchmarkError, match=f"{path} is damaged"):
        read_record(path)
