"""What a record is named by: everything that decides its measurement, and nothing else."""

import json

import pytest
from configs import check
from imagebench import versions
from imagebench.planning import jobs
from imagebench.planning.measured import what_is_measured
from imagebench.planning.plan import PLACE

SMALL = {"image_count": 20, "cutoffs": [5, 20], "backends": ["disk", "hdf5"], "blocks": 2}


def records_of(**config):
    made = what_is_measured(check(**{**SMALL, "access": ["read_batches"], **config}))
    return set(made.jobs.records)


def of(records, text):
    return {record for record in records if text in record}


def test_a_record_is_named_after_its_cell_and_its_key():
    [record] = of(records_of(blocks=1), "default/disk/read_many/20/")
    assert record.startswith("default/disk/read_many/20/block-1-")
    assert len(record.rpartition("-")[2]) == len("0123456789abcdef.json")


@pytest.mark.parametrize(
    ("config", "kept"),
    [
        ({"blocks": 3}, lambda record: True),
        ({"cutoffs": [5, 10, 20]}, lambda record: True),
        ({"backends": ["disk", "lmdb", "hdf5"]}, lambda record: True),
        ({"use": {"mine": {"epochs": 3}}}, lambda record: True),
        ({"access": ["read_batches", "read_first"]}, lambda record: True),
        ({"image_count": 30}, lambda record: "read_batches" not in record),
        ({"batch_size": 7}, lambda record: "read_batches" not in record),
        ({"seed": 1}, lambda record: False),
        ({"piece_bytes": 10 * 3072}, lambda record: "/20" not in record),
    ],
)
def test_another_config_keeps_the_records_that_it_does_not_change(config, kept):
    before = records_of()
    assert before & records_of(**config) == set(filter(kept, before))


def test_another_version_of_a_library_changes_the_records_of_its_format_alone(monkeypatch):
    before = records_of()
    version = versions.version
    monkeypatch.setattr(
        versions, "version", lambda name: "99.0" if name == "h5py" else version(name)
    )
    jobs.versions_of.cache_clear()
    try:
        assert before - records_of() == of(before, "/hdf5/")
    finally:
        jobs.versions_of.cache_clear()


def test_a_read_of_a_store_that_is_made_in_another_way_is_another_read(monkeypatch):
    before = set(what_is_measured(check(**SMALL, access=[])).jobs.records)
    code_of = jobs.code_of

    def edited(operation, backend):
        code = code_of(operation, backend)
        return {**code, "x": "0"} if operation == "store_many" else code

    monkeypatch.setattr(jobs, "code_of", edited)
    other = what_is_measured(check(**SMALL, access=[]))
    assert before - set(other.jobs.records) == of(before, "_many/")


def test_what_is_measured_anew_is_told_with_the_cause(tmp_path):
    config = check(**SMALL, access=["read_batches"], batch_size=4)
    before = what_is_measured(config).jobs
    for record, place in before.records.items():
        path = tmp_path / record
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(before.parts(*place)))

    def told(**changed):
        now = what_is_measured({**config, **changed}).jobs
        return list(jobs.changes(now, tmp_path, lambda path: json.loads(path.read_text())))

    assert told() == []
    assert told(blocks=3) == []
    assert told(crop=7) == []
    assert told(seed=5) == [
        f"measured anew: {len(before.records)} records, since images.seed was 0, is 5"
    ]


def test_only_records_that_are_not_there_are_missing(tmp_path):
    made = what_is_measured(check(**SMALL, access=[])).jobs
    first, place = next(iter(made.records.items()))
    (tmp_path / first).parent.mkdir(parents=True)
    (tmp_path / first).touch()
    missing = made.missing(tmp_path)
    assert place not in missing
    assert len(missing) == len(made.records) - 1
    assert all(len(place) == len(PLACE) for place in missing)
