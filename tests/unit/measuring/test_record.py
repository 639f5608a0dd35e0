import json
import re

import pytest
from blocks import store_block
from imagebench import keys
from imagebench.code_digest import code_digests
from imagebench.errors import BenchmarkError
from imagebench.formats.tutorial.hdf5 import Hdf5
from imagebench.measuring.record import forget_failed, publish, read_record, recorded_block
from misbehaving import IMAGES, LABELS

CELL = {"backend": "hdf5", "operation": "store_many", "images": 10, "block": 1}


def job(code):
    return {"cell": CELL, "images": {"seed": 0}, "settings": {}, "code": code, "versions": {}}


def recorded(tmp_path, code):
    path = tmp_path / "records" / f"block-1-{keys.key_of(job(code))}.json"
    with recorded_block(path, tmp_path / "store", Hdf5(), job(code)) as block:
        block.samples, _ = store_block("store_many", Hdf5(), IMAGES, LABELS, tmp_path / "store")
    return path, block.samples


def test_a_record_holds_every_sample_and_a_damaged_one_is_named(tmp_path):
    path, samples = recorded(tmp_path, code_digests("time_block.py"))
    record = read_record(path)
    assert [sample["seconds"] for sample in record["samples"]] == [s.seconds for s in samples]
    assert record["made_with"]["cell"] == CELL
    assert record["started"] < record["finished"]
    assert set(record["conditions"]["libraries"]) == {"numpy", "h5py"}
    path.write_text(path.read_text()[:-20])
    with pytest.raises(BenchmarkError, match=f"{re.escape(str(path))} is damaged"):
        read_record(path)


def test_records_of_other_code_are_told_apart(tmp_path):
    one = read_record(recorded(tmp_path, code_digests("time_block.py"))[0])["code"]
    other = read_record(recorded(tmp_path, code_digests("plot_figures.py"))[0])["code"]
    assert one != other


def test_code_that_was_edited_meanwhile_is_refused_before_anything_is_measured(tmp_path):
    code = code_digests("time_block.py") | {"time_block.py": "0" * 16}
    with pytest.raises(BenchmarkError, match=r"time_block\.py was edited"):
        recorded(tmp_path, code)
    assert list(tmp_path.iterdir()) == []


def test_a_block_that_fails_leaves_no_record(tmp_path):
    path = tmp_path / "block-1.json"
    with (
        pytest.raises(ZeroDivisionError),
        recorded_block(path, tmp_path / "store", Hdf5(), job({})),
    ):
        json.dumps(1 / 0)
    assert not path.exists()


def test_a_record_that_is_there_stays_unless_it_says_that_its_job_failed(tmp_path):
    code = code_digests("time_block.py")
    path = tmp_path / f"block-1-{keys.key_of(job(code))}.json"
    publish(path, {"made_with": job(code), "failed": "no disk"})
    assert read_record(path)["failed"] == "no disk"
    publish(path, {"made_with": job(code), "samples": [1]})
    publish(path, {"made_with": job(code), "samples": [2]})
    assert read_record(path)["samples"] == [1]
    assert forget_failed([path]) == {}
    other = job({**code, "time_block.py": "1"})
    failed = tmp_path / f"block-1-{keys.key_of(other)}.json"
    publish(failed, {"made_with": other, "failed": "no disk"})
    assert forget_failed([path, failed]) == {failed: "no disk"}
    assert [path] == list(tmp_path.iterdir())


def test_a_record_under_the_name_of_another_is_refused(tmp_path):
    code = code_digests("time_block.py")
    path = tmp_path / f"block-1-{'0' * 16}.json"
    with pytest.raises(BenchmarkError, match="was planned with other code"):
        publish(path, {"made_with": job(code), "samples": [1]})
    path.write_text(json.dumps({"made_with": job(code), "samples": [1]}))
    with pytest.raises(BenchmarkError, match="made with something else than its name says"):
        read_record(path)


def test_another_version_of_a_library_than_was_planned_is_not_measured(tmp_path):
    planned = {**job({}), "versions": {"h5py": "0.1"}}
    path = tmp_path / f"block-1-{keys.key_of(planned)}.json"
    with (
        pytest.raises(BenchmarkError, match=r"h5py is \d.* here, and was 0\.1"),
        recorded_block(path, tmp_path / "store", Hdf5(), planned),
    ):
        pass
    assert not path.exists()
