"""What happens around a timed store, with backends that misbehave."""

import os
import time

import pytest
from blocks import require_same, source_of, store_block, work_with
from imagebench import files, operations
from imagebench.formats.tutorial.disk import Disk
from imagebench.formats.tutorial.hdf5 import Hdf5
from imagebench.images.source import ArraySource
from imagebench.measuring.durability import make_durable
from misbehaving import IMAGES, LABELS, FullDisk


def test_a_store_that_fails_half_way_leaves_nothing(tmp_path):
    with pytest.raises(OSError, match="No space left"):
        store_block("store_many", FullDisk(), IMAGES, LABELS, tmp_path / "store")
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
    store_block("store_many", Hdf5(), IMAGES, LABELS, tmp_path / "store")
    assert [path.name for path in tmp_path.iterdir()] == ["store"]
    require_same(Hdf5(), tmp_path / "store", IMAGES, LABELS)


def test_a_store_is_timed_until_it_is_closed_and_until_it_is_durable(tmp_path):
    samples, _ = store_block("store_many", Disk(), IMAGES, LABELS, tmp_path / "store")
    samples += store_block("store_single", Disk(), IMAGES, LABELS, tmp_path / "single")[0]
    assert all(sample.seconds_durable > sample.seconds > 0 for sample in samples)
    assert {sample.cache for sample in samples} == {"not_applicable"}


class SlowToMake(ArraySource):
    """Takes a second for its one piece."""

    def piece(self, span):
        time.sleep(1)
        return super().piece(span)


def test_images_that_are_one_piece_are_in_memory_before_the_clock_starts(tmp_path):
    source = SlowToMake(IMAGES, LABELS, source_of(IMAGES, LABELS).digests)
    work = work_with(lambda _: Hdf5(), tmp_path / "store", source)
    samples = operations.load("store_many").measure(work)
    assert all(sample.seconds < 1 for sample in samples)
    assert {sample.pieces for sample in samples} == {1}


def test_every_file_and_every_folder_is_synchronised(tmp_path, monkeypatch):
    store = tmp_path / "store"
    (store / "deep").mkdir(parents=True)
    for name in ("a", "deep/b", "deep/c"):
        (store / name).write_bytes(b"x")
    synchronised = []
    real = os.fsync

    def watching(descriptor):
        synchronised.append(os.readlink(f"/proc/self/fd/{descriptor}"))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", watching)
    make_durable(store)
    expected = [store, store / "deep", tmp_path, *(store / n for n in ("a", "deep/b", "deep/c"))]
    assert sorted(synchronised) == sorted(map(str, expected))
    # A folder comes after all that it lists.
    assert synchronised[-2:] == [str(store), str(tmp_path)]
