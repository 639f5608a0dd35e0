"""Two formats in alternating fresh blocks: real stores, real reads, each verified."""

import json
import os
import shutil
import tempfile
import time
from multiprocessing import get_context
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from imagebench import decoding, formats
from imagebench.digests import image_digests
from imagebench.errors import BenchmarkError
from imagebench.images.folder import FolderSource
from imagebench.images.fresh import sources_of_blocks
from imagebench.measuring.durability import make_durable
from imagebench.measuring.lock import JOB, machine_lock
from imagebench.operations.base import Target, Work
from imagebench.operations.in_order import way_of
from imagebench.operations.side_by_side import Side, orders_of, run_blocks
from pictures import chosen_of, fill
from time_break_even import time_break_even, write_break_even

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


def compared(inputs, stores, candidate="npy", before="disk", there=(), blocks=2, **use):
    access, cache = use.get("access", "read_batches"), use.get("cache", "warm")
    sides = {
        which: Side(Target(name, formats.load, stores / f".{which}", SETTINGS), name in there)
        for which, name in (("candidate", candidate), ("before", before))
    }
    job = {"images": {}, "settings": SETTINGS}
    sources, _ = sources_of_blocks(inputs, COUNT, COUNT, blocks, job)
    return run_blocks(sides, sources, access, is_cold=cache == "cold")


@pytest.mark.parametrize(
    ("access", "cache"),
    [("read_batches", "cold"), ("read_many", "warm"), ("read_workers_forked", "warm")],
)
def test_images_are_converted_and_read_in_both_formats(access, cache, inputs, on_disk):
    found = compared(inputs, on_disk / "stores", access=access, cache=cache)
    if cache == "cold" and found is None:
        pytest.skip("this file system keeps its pages")
    for side in found.values():
        assert len(side["convert"]) == len(side["epoch"]) == 2
        assert min(side["convert"] + side["epoch"]) > 0
    assert not [path for path in (on_disk / "stores").rglob("*") if path.is_file()]


@pytest.mark.parametrize("names", [["a", "b"], ["a", "b", "c"]])
def test_each_side_begins_as_many_blocks_in_an_order_of_the_seed(names):
    for blocks in range(5, 8):
        first = [order[0] for order in orders_of(names, blocks, seed=3)]
        counts = [first.count(name) for name in names]
        assert max(counts) - min(counts) <= 1
        assert all(sorted(order) == names for order in orders_of(names, blocks, seed=3))
    assert len({str(orders_of(names, 7, seed)) for seed in range(9)}) > 3


def test_what_is_there_already_need_not_be_made(inputs, on_disk):
    found = compared(inputs, on_disk / "stores", there=["disk"])
    assert found["before"]["convert"] == [0, 0]
    assert min(found["candidate"]["convert"]) > 0


def test_a_format_that_cannot_be_stored_is_named_and_leaves_nothing(inputs, on_disk):
    with pytest.raises(BenchmarkError, match="have no files"):
        compared(inputs, on_disk / "stores", candidate="in_place")
    assert not [path for path in (on_disk / "stores").rglob("*") if path.is_file()]


def of_folder(tmp_path, count, measured, images, blocks):
    """The rows of each block of a folder with so many images, of which some were measured."""
    fill(tmp_path / "images", count=count)
    chosen = chosen_of(tmp_path / "images")
    chosen.index.save(tmp_path)
    np.save(tmp_path / "order.npy", chosen.order[:measured])
    inputs = {name: tmp_path / f"{name}.npy" for name in ("index", "order")}
    sources, left_out = sources_of_blocks(inputs, measured, images, blocks, {"settings": SETTINGS})
    assert left_out == {}
    names = chosen.index.names
    was = {names[number] for number in chosen.order[:measured].tolist()}
    return was, [{path.rpartition(b"/images/")[2] for path in of().facts.paths} for of in sources]


def test_blocks_of_a_folder_have_images_of_their_own_that_were_not_measured(tmp_path):
    was, blocks = of_folder(tmp_path, count=30, measured=10, images=4, blocks=5)
    assert [len(block) for block in blocks] == [4] * 5
    assert len(set().union(*blocks)) == 20
    assert was.isdisjoint(set().union(*blocks))


def test_what_turns_out_to_be_damaged_is_left_out_by_name(tmp_path):
    folder = fill(tmp_path / "images", count=12)
    chosen = chosen_of(folder)
    damaged = os.fsdecode(chosen.index.names[chosen.order[4]])
    (folder / damaged).write_bytes((folder / damaged).read_bytes()[:-60])
    shutil.rmtree(tmp_path / "kept")
    chosen_of(folder, 2)
    inputs = {name: tmp_path / f"kept/{name}.npy" for name in ("index", "order")}
    sources, left_out = sources_of_blocks(inputs, 2, 5, 2, {"settings": SETTINGS})
    assert [of().facts.count for of in sources] == [4, 5]
    assert left_out.keys() == {damaged}


def test_where_there_are_no_other_images_all_take_part_again(tmp_path):
    was, blocks = of_folder(tmp_path, count=12, measured=12, images=12, blocks=5)
    assert blocks == [was] * 5


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


def job_of(backends, most, **changes):
    """What the rule hands to the job of a break-even run."""
    way = {"settings": SETTINGS, "code": {}}
    return {
        "images": {}, "locations": {"default": "results"}, "pieces": {}, "seconds": 60, "blocks": 3,
        "ways": {"read_batches": way, "read_many": way}, "most": most, "measured": most, "after": 0,
        "there_are": most, "there": ["in_place"],
        "formats": {name: {"code": {}, "versions": {}} for name in backends}, **changes,
    }  # fmt: skip


def listed_for(candidate, before="disk", **use):
    """An entry of shortlist.json whose run takes no longer than it must."""
    fast = {"convert_seconds": [0.01], "epoch_seconds": [0.01]}
    return {
        "location": "default", "is_there": False, "broken": None, "at_most": None,
        "candidate": {"backend": candidate, **fast}, "before": {"backend": before, **fast},
        "use": {
            "name": "training", "access": "read_batches", "cache": "warm", "images": 12,
            "epochs": 90, **use,
        },
    }  # fmt: skip


def answered(folder, inputs, listed, **changes):
    """Run the job as another process of the machine, which ends within two minutes."""
    (folder / "shortlist.json").write_text(json.dumps({"shortlist": listed}))
    params = {
        "job": job_of(["npy", "disk", "packed+raw"], 12, **changes),
        "stores": folder / "stores", "records": folder / "records",
    }  # fmt: skip
    output = SimpleNamespace(break_even=folder / "out.json")
    stamp = folder / "stamps/time_break_even-0"
    inputs = {**inputs, "shortlist": folder / "shortlist.json", "stamp": stamp}
    job = get_context("spawn").Process(target=write_break_even, args=(inputs, params, output))
    job.start()
    job.join(120)
    ended, _ = job.exitcode, job.kill()
    return json.loads(output.break_even.read_text())["break_even"] if ended == 0 else None


def test_what_was_measured_of_a_use_is_kept_until_its_own_inputs_change(inputs, on_disk):
    both = [listed_for("npy"), listed_for("packed+raw", name="other", access="read_many")]
    first = answered(on_disk, inputs, both)
    assert [set(entry["sides"]) for entry in first] == [{"before", "candidate"}] * 2
    shutil.rmtree(on_disk / "stores")
    with machine_lock(JOB):  # nothing is timed
        # One use less, with other epochs; another format; more blocks and images in the main run.
        again = [listed_for("npy", epochs=3), both[1]]
        others = {
            name: {"code": {}, "versions": {}} for name in ("npy", "disk", "packed+raw", "lmdb")
        }
        assert answered(on_disk, inputs, again[:1], formats=others) == first[:1]
        assert answered(on_disk, inputs, again, blocks=5, measured=13) == first
    assert not list((on_disk / "stores").rglob("*.npy"))


def test_a_damaged_record_of_a_use_is_measured_anew(inputs, on_disk):
    first = answered(on_disk, inputs, [listed_for("npy")])
    [record] = (on_disk / "records").iterdir()
    record.write_bytes(record.read_bytes()[:-40])
    second = answered(on_disk, inputs, [listed_for("npy")])
    assert second[0]["sides"] != first[0]["sides"]
    assert json.loads(record.read_text())["measured"]["sides"] == second[0]["sides"]


def test_a_folder_on_another_device_competes_with_a_copy_of_it_beside_the_stores(on_disk):
    with tempfile.TemporaryDirectory(dir="/dev/shm") as elsewhere:
        if os.stat(elsewhere).st_dev == on_disk.stat().st_dev:
            pytest.skip("needs two devices")
        folder = fill(Path(elsewhere) / "images")
        chosen = chosen_of(folder)
        chosen.index.save(on_disk)
        np.save(on_disk / "order.npy", chosen.order)
        inputs = {name: on_disk / f"{name}.npy" for name in ("index", "order")}
        choices = {
            which: {"backend": name, "convert_seconds": [0.01], "epoch_seconds": [0.01]}
            for which, name in (("candidate", "packed+original"), ("before", "in_place"))
        }
        use = {"name": "training", "access": "read_batches", "cache": "warm", "images": 12}
        listed = {
            "location": "default", "use": {**use, "epochs": 90}, "is_there": True, "broken": None,
            "at_most": None, **choices,
        }  # fmt: skip
        job = job_of(["in_place", "packed+original", "files+original"], 12)
        found = time_break_even(listed, inputs, on_disk / "stores", on_disk / "records", job)
    assert found["other_device"]
    assert set(found["sides"]) == {"candidate", "before", "copy"}
    assert not found["fresh"]
