"""What was recommended is really done: real stores, real reads, each verified."""

import time

import numpy as np
import pytest
from imagebench import decoding, formats
from imagebench.digests import image_digests
from imagebench.images.folder import FolderSource
from imagebench.measuring.durability import make_durable
from imagebench.operations.base import Target, Work
from imagebench.operations.in_order import way_of
from pictures import chosen_of, fill
from time_break_even import time_break_even

COUNT = 400
SETTINGS = {"batch_size": 16, "workers": 2, "seed": 0, "piece_bytes": 1 << 26}


@pytest.fixture
def inputs(on_disk):
    generator = np.random.default_rng(0)
    images = generator.integers(0, 256, (COUNT, 32, 32, 3), dtype=np.uint8)
    labels = generator.integers(0, 10, COUNT)
    arrays = {"images": images, "labels": labels, "digests": image_digests(images, labels)}
    for name, array in arrays.items():
        np.save(on_disk / f"{name}.npy", array)
    return {name: on_disk / f"{name}.npy" for name in arrays}


def tried(inputs, stores, best="npy", before="disk", there=(), pays_after=(1.2, 1.0, 1.5), **use):
    choices = {
        which: {"backend": name, "label": name, "convert_seconds": [1.0], "epoch_seconds": [1.0]}
        for which, name in (("best", best), ("before", before))
    }
    given = {"name": "training", "epochs": 90, "images": COUNT, "access": "read_batches"}
    given |= {"cache": "warm", "needed_per_second": None, **use}
    answer = {
        "location": "default", "stays": False, "use": given, "pays_after": pays_after, **choices,
    }  # fmt: skip
    job = {"images": {}, "settings": SETTINGS, "most": COUNT, "there": there}
    return time_break_even(answer, inputs, stores, job)


@pytest.mark.parametrize("access", ["read_batches", "read_many", "read_workers_forked"])
@pytest.mark.parametrize("cache", ["warm", "cold"])
def test_images_are_converted_and_read_in_both_formats(access, cache, inputs, on_disk):
    found = tried(inputs, on_disk / "stores", access=access, cache=cache)
    if cache == "cold" and found["why_not"] == "unproven":
        pytest.skip("this file system keeps its pages")
    assert found["why_not"] is None
    assert found["images"] == COUNT
    assert all(len(seconds) == 3 for seconds in found["epochs"].values())
    assert min(found["converted"].values()) > 0
    assert not [path for path in (on_disk / "stores").rglob("*") if path.is_file()]


def test_what_is_there_already_need_not_be_made(inputs, on_disk):
    found = tried(inputs, on_disk / "stores", there=["disk"])
    assert found["converted"]["before"] == 0
    assert found["crossing"] is None or found["crossing"] > 0


def test_what_works_on_images_bounds_how_fast_an_epoch_is(inputs, on_disk):
    found = tried(inputs, on_disk / "stores", there=["disk"], needed_per_second=COUNT)
    assert min(min(seconds) for seconds in found["epochs"].values()) == 1.0
    assert found["crossing"] is None


def test_nothing_is_done_where_there_is_nothing_to_try(inputs, on_disk):
    assert tried(inputs, on_disk / "stores", pays_after=None)["why_not"] == "never"
    assert tried(inputs, on_disk / "stores", epochs=1)["why_not"] == "after the last epoch"
    assert not (on_disk / "stores").exists()


def test_decoding_files_is_a_part_of_converting_them(on_disk, tmp_path, monkeypatch):
    fill(tmp_path / "images")
    chosen = chosen_of(tmp_path / "images")
    source = FolderSource(chosen.index, chosen.order)
    seconds, decode = 0.05, decoding.decode

    def slowly(file):
        time.sleep(seconds)
        return decode(file)

    monkeypatch.setattr(decoding, "decode", slowly)
    target = Target("packed+raw", formats.load, on_disk / "store", SETTINGS)
    work = Work(target, source, {}, source.digests, np.random.default_rng(0))
    with way_of("read_batches").stored(work, make_durable) as took:
        assert took > seconds * source.facts.count
