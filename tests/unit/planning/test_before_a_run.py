"""What a user is told, and what is asked of the disk, before anything is measured."""

import pytest
from configs import check
from imagebench.errors import BenchmarkError
from imagebench.measuring import room
from imagebench.planning.comparison import job_of_comparison
from imagebench.planning.measured import what_is_measured
from imagebench.planning.remarks import remarks, unmeasured
from imagebench.planning.space import need_of_images, need_of_stores, require_space

SMALL = {"image_count": 20, "cutoffs": [5, 20], "backends": ["disk", "hdf5"], "blocks": 2}


def measured(**config):
    return what_is_measured(check(**{**SMALL, "access": ["read_batches"], **config}))


def test_images_that_are_there_need_no_room(tmp_path):
    before = need_of_images(measured(), tmp_path).size
    (tmp_path / "doubled").mkdir()
    (tmp_path / "doubled/images.npy").touch()
    assert before - need_of_images(measured(), tmp_path).size == 20 * 32 * 32 * 3


def test_stores_need_the_room_of_the_largest_that_is_still_to_be_made(tmp_path):
    now = measured()
    places = list(now.jobs.records.values())
    small = [place for place in places if place[3] == "5"]
    assert need_of_stores(now, small).size < need_of_stores(now, places).size


def test_a_run_that_cannot_fit_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "results").mkdir()
    monkeypatch.setattr(room, "room", lambda folder: room.Room(10**6, None, 4096))
    with pytest.raises(BenchmarkError, match=r"20,000,000 images of x .* lower image_count"):
        huge = measured(image_count=20_000_000)
        require_space(huge, tmp_path / "results/x", lambda folder: False)


def test_a_comparison_follows_from_how_its_uses_read_and_not_from_how_often():
    def job(**config):
        return job_of_comparison(measured(**config), "files+original", 60)

    assert job(use={"mine": {"epochs": 3}}) == job(use={"mine": {"epochs": 7}})
    assert job(batch_size=7) != job()
    assert job(seed=1) != job()
    assert "files+original" in job()["formats"]


def test_what_is_not_measured_is_told(tmp_path):
    now = measured(backends=["disk"])
    assert list(remarks(now, tmp_path)) == []
    assert unmeasured(now, ["disk", "hdf5", "lmdb"]) == ["hdf5", "lmdb"]
