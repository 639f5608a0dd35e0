"""A folder is looked at once for each state of its files, and planned once for what is in them."""

import os
import shutil

import pytest
from configs import check
from imagebench.errors import BenchmarkError
from imagebench.planning import folder as folder_plan
from imagebench.planning.measured import what_is_measured
from pictures import fill


def config_of(path, **more):
    settings = {
        "backends": ["packed+original"], "cutoffs": ["all"], "access": [], "minutes": 0,
        "blocks": 1,
    }  # fmt: skip
    return check(dataset="folder", folder={"path": str(path)}, name="x", **{**settings, **more})


@pytest.fixture
def photos(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return fill(tmp_path / "photos", 8)


class Project:
    """What a run with a folder does before it times anything, in a folder of results."""

    def __init__(self, results):
        self.folder = results / "folder"

    def path(self, config):
        return folder_plan.looked_at(self.folder, folder_plan.state_of(config))

    def is_known(self, config):
        return folder_plan.known(self.path(config)) is not None

    def plan(self, config):
        folder_plan.plan_folder(config, self.path(config))
        return self.records(config)

    def records(self, config):
        return set(what_is_measured(config, *folder_plan.known(self.path(config))).jobs.records)


def test_nothing_is_known_or_written_before_a_folder_was_looked_at(photos, tmp_path):
    project, config = Project(tmp_path / "results/x"), config_of(photos)
    assert not project.is_known(config)
    assert not (tmp_path / "results").exists()
    project.plan(config)
    assert project.is_known(config)


def test_a_touched_file_is_looked_at_again_and_changes_no_record(photos, tmp_path):
    project, config = Project(tmp_path / "results/x"), config_of(photos)
    before = project.plan(config)
    (photos / "cats/000.jpg").touch()
    assert not project.is_known(config)
    assert project.plan(config) == before
    assert len(list(project.folder.glob("looked_at-*"))) == 1


def test_the_same_files_elsewhere_have_the_same_records(photos, tmp_path):
    project, config = Project(tmp_path / "results/x"), config_of(photos)
    before = project.plan(config)
    shutil.move(photos, tmp_path / "moved")
    assert project.plan(config_of(tmp_path / "moved")) == before


def test_two_files_that_swap_names_are_measured_anew_and_then_found_again(photos, tmp_path):
    project, config = Project(tmp_path / "results/x"), config_of(photos)
    before = project.plan(config)
    one, other = photos / "cats/000.jpg", photos / "cats/002.jpg"
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)
    assert not before & project.plan(config)
    one.write_bytes(first)
    other.write_bytes(second)
    assert project.plan(config) == before


def test_a_plan_is_found_again_when_a_folder_becomes_what_it_was(photos, tmp_path, monkeypatch):
    project, config = Project(tmp_path / "results/x"), config_of(photos, minutes=1)
    before = project.plan(config)
    new = photos / "cats/zzz.jpg"
    shutil.copy(photos / "cats/000.jpg", new)
    assert project.plan(config) != before
    new.unlink()

    def never(*_):
        raise AssertionError("formats are tried once for the same images")

    monkeypatch.setattr(folder_plan, "costs_of", never)
    assert project.plan(config) == before
    assert project.plan({**config, "minutes": 0}) != before
    assert project.plan(config) == before


def test_a_folder_that_is_refused_leaves_what_is_known_as_it_is(photos, tmp_path):
    project, config = Project(tmp_path / "results/x"), config_of(photos)
    before = project.plan(config)
    (photos / "cats/000.jpg").write_bytes((photos / "cats/000.jpg").read_bytes()[:300])
    kept = {path: path.read_bytes() for path in project.folder.rglob("*") if path.is_file()}
    strict = config_of(photos)
    strict["folder"]["unreadable"] = "stop"
    with pytest.raises(BenchmarkError, match=r"cats/000\.jpg"):
        project.plan(strict)
    assert {p: p.read_bytes() for p in project.folder.rglob("*") if p.is_file()} == kept
    # Without the damaged file, other images are measured.
    assert not before & project.plan(config)


def test_stamps_of_tables_go_when_other_images_are_planned_and_stay_when_a_file_is_touched(
    photos, tmp_path
):
    project, config = Project(tmp_path / "results/x"), config_of(photos)
    project.plan(config)
    stamp = tmp_path / "results/x/stamps/aggregate_timings-0123456789abcdef"
    stamp.parent.mkdir()
    stamp.touch()
    os.utime(photos / "cats/000.jpg", (1, 1))
    project.plan(config)
    assert stamp.exists()
    shutil.copy(photos / "cats/000.jpg", photos / "cats/zzz.jpg")
    project.plan(config)
    assert not stamp.exists()
