"""Stores are kept where the config says, and there is room for them, or the run does not begin."""

import os

import pandas as pd
from mounts import mounted, small_disk
from projects import TABLE

SETTINGS = {"backends": ["hdf5"], "cutoffs": [5], "image_count": 5, "blocks": 1}


def test_two_file_systems_are_compared_whether_or_not_there_are_hooks(project, tmp_path):
    with mounted(tmp_path / "memory", "-t", "tmpfs", "none") as memory:
        project.configure(**SETTINGS, locations={"disk": "results", "memory": str(memory)})
        project.succeed("--no-hooks")
        assert [path.name for path in memory.iterdir()] == []
        assert project.planned() == {}
    results = project.folder / "results/lookalike"
    timings = pd.read_csv(results / "timings.csv")
    kinds = timings.groupby("location")[["filesystem", "block_bytes"]].first()
    assert kinds.loc["memory", "filesystem"] == "tmpfs"
    assert kinds.loc["disk", "filesystem"] != "tmpfs"
    reads = timings[timings["operation"].str.startswith("read")]
    # Nothing is ever cold in memory.
    assert "cold" not in set(reads.loc[reads["location"] == "memory", "cache"])
    pairs = pd.read_csv(results / "comparisons.csv")
    between = pairs[pairs["location"] != pairs["other_location"]]
    assert set(between["backend"]) == {"hdf5", "raw"}
    assert (results / "figures/locations.svg").stat().st_size > 0
    assert "Which location?" in (results / "report.html").read_text(encoding="utf-8")


def test_a_location_more_times_itself_and_another_folder_times_it_anew(finished, tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    settings = {"default": "results", "more": str(tmp_path / "one")}
    fewer = {"backends": ["hdf5"], "cutoffs": [5], "blocks": 1}
    finished.configure(**fewer, locations=settings)
    planned = finished.planned()
    # Three backends, one image and one cutoff; results are made from all.
    assert planned["time_store"] == planned["time_read"] == 3 * 2
    finished.succeed(TABLE)
    finished.configure(**fewer, locations={**settings, "more": str(tmp_path / "two")})
    assert finished.planned() == planned


def test_a_folder_that_is_not_there_stops_the_run_before_any_job(project, tmp_path):
    project.configure(**SETTINGS, locations={"far": str(tmp_path / "far")})
    done = project.run()
    assert done.returncode != 0
    assert f"location far: there is no folder {tmp_path / 'far'}" in done.stdout
    assert not (project.folder / "results/lookalike/doubled").exists()


def test_a_location_that_is_too_small_stops_the_run_before_any_job(project, tmp_path):
    with mounted(tmp_path / "small", "-t", "tmpfs", "-o", "size=1m", "none") as folder:
        project.configure(**SETTINGS, locations={"small": str(folder)})
        done = project.run()
        assert done.returncode != 0
        assert "the stores of location small would take up to" in done.stdout
        assert not (project.folder / "results/lookalike/doubled").exists()
        assert [path for path in folder.rglob("*") if path.is_file()] == []


def test_a_location_that_fills_up_half_way_fails_its_jobs_and_nothing_is_left(project, tmp_path):
    # A backend that takes far more than it said.
    source = project.folder / "workflow/scripts/imagebench/formats/arrays/greedy.py"
    source.write_text(GREEDY, encoding="utf-8")
    with small_disk(tmp_path, 24 * 2**20) as folder:
        settings = {**SETTINGS, "backends": ["greedy"], "blocks": 1}
        project.configure(**settings, locations={"small": str(folder)})
        done = project.run()
        assert done.returncode != 0
        assert "error: greedy failed: No space left on device" in done.stdout
        assert "free space or inodes on that file system" in done.stdout
        assert [path for path in folder.rglob("*") if path.is_file()] == []
    records = project.folder.glob("results/**/records/**/store_many/5/block-1-*.json")
    assert {path.parts[-4] for path in records} == {"raw", "control"}


GREEDY = '''"""Writes far more than it says."""

from ..tutorial.hdf5 import Hdf5


class Greedy(Hdf5):
    """HDF5, and a file that fills any small disk."""

    label = "Greedy"
    good_for = "nothing"
    libraries = ("h5py",)

    def store(self, pieces, facts, path):
        super().store(pieces, facts, path)
        if facts.count > 1:
            (path / "more").write_bytes(bytes(10**8))
'''


def test_room_is_asked_for_what_this_run_will_make_and_not_for_what_is_there(project, tmp_path):
    results = project.folder / "results"
    results.rmdir()
    with small_disk(tmp_path, 24 * 2**20) as disk:
        results.symlink_to(disk)
        settings = {**SETTINGS, "image_count": 600}
        project.configure(**settings)
        project.succeed(TABLE)
        free = os.statvfs(results)
        (results / "other").write_bytes(bytes(free.f_bavail * free.f_frsize - 2**22))
        assert "Nothing to be done" in project.succeed(TABLE)
        project.configure(**settings | {"blocks": 2})
        project.succeed(TABLE)
        project.configure(**settings | {"name": "more", "image_count": 20_000_000})
        done = project.run()
        assert done.returncode != 0
        line = "error: the 20,000,000 images of more would take up to 1.2 GiB of space"
        assert line in done.stdout
        assert "make room, lower image_count, or name another folder" in done.stdout
        assert "Traceback" not in done.stdout
        assert not [path for path in (results / "more").rglob("*") if path.is_file()]
