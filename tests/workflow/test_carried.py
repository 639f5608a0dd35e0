"""Results carried into another clone are believed only as far as they are of its config."""

import os
import random
import shutil

import pandas as pd
import pytest
from projects import TABLE, Project
from test_incremental import RESULTS, edit


@pytest.fixture
def clone(finished, tmp_path):
    """A fresh clone into which the results of a finished run were copied."""
    fresh = Project.fresh(tmp_path / "clone")
    (fresh.folder / "results").rmdir()
    shutil.copytree(finished.folder / "results", fresh.folder / "results")
    fresh.configure()
    return fresh


def test_a_clone_with_copied_results_has_nothing_to_do(clone):
    assert "Nothing to be done" in clone.succeed()


def test_a_copy_that_lost_its_times_times_nothing_again(clone):
    files = sorted(path for path in (clone.folder / "results").rglob("*") if path.is_file())
    random.Random(0).shuffle(files)
    for time, path in enumerate(files):
        os.utime(path, (1.7e9 + time, 1.7e9 + time))
    assert not {"time_store", "time_read"} & set(clone.planned())
    clone.configure(cutoffs=[5, 12, 30])
    planned = clone.planned()
    assert planned["time_store"] == planned["time_read"] == 8


@pytest.mark.parametrize(
    ("settings", "cause"),
    [
        ({"seed": 1, "cutoffs": [5, 12, 30]}, "images.seed was 0, is 1"),
        ({"locations": {"default": "/tmp"}}, "cell.folder was results, is /tmp"),
    ],
    ids=str,
)
def test_another_config_is_measured_beside_the_records_of_the_first(settings, cause, clone):
    before = {path: path.read_bytes() for path in clone.folder.glob("results/**/block-*.json")}
    clone.configure(**settings)
    assert f"measured anew: {len(before)} records, since {cause}" in clone.succeed("--dry-run")
    clone.configure(**settings | {"blocks": 1, "cutoffs": [5], "backends": ["hdf5"]})
    clone.succeed("table")
    assert {path: path.read_bytes() for path in before} == before
    clone.configure()
    assert not {"time_store", "time_read"} & set(clone.planned())
    clone.succeed("table")
    assert set(pd.read_csv(clone.folder / TABLE)["backend"]) == {"disk", "hdf5", "raw", "control"}


def test_other_settings_of_a_way_of_access_are_measured_anew(clone):
    settings = {"access": ["read_batches"], "blocks": 1, "backends": ["hdf5"]}
    for batch_size in (7, 9, 7):
        clone.configure(**settings, batch_size=batch_size)
        clone.succeed("table")
        timings = pd.read_csv(clone.folder / TABLE)
        of_access = timings[timings["operation"] == "read_batches"]
        assert set(of_access["settings"]) == {f"batch_size={batch_size}"}
        assert set(timings["seed"]) == {0}
    # Where nothing but the files is known, too, a table is that of the config.
    (clone.folder / ".snakemake").rename(clone.folder / "forgotten")
    clone.configure(**settings, batch_size=9)
    clone.succeed("table")
    assert "batch_size=9" in set(pd.read_csv(clone.folder / TABLE)["settings"])


def test_one_backend_less_makes_tables_anew_and_nothing_else(clone):
    clone.configure(backends=["disk"])
    assert clone.planned() == RESULTS
    clone.succeed("table")
    assert "hdf5" not in set(pd.read_csv(clone.folder / TABLE)["backend"])


def test_other_code_is_measured_anew(clone):
    edit(clone, "workflow/scripts/imagebench/formats/tutorial/disk.py")
    planned = clone.planned()
    assert planned == {
        "time_store": 2 + 4, "time_read": 2 + 4, **RESULTS,
    }  # fmt: skip
    cause = "code.imagebench/formats/tutorial/disk.py has changed"
    assert f"measured anew: 12 records, since {cause}" in clone.succeed("--dry-run")


def test_another_version_of_a_library_is_measured_anew(clone, tmp_path):
    found = tmp_path / "newer/h5py-99.0.dist-info"
    found.mkdir(parents=True)
    (found / "METADATA").write_text("Metadata-Version: 2.1\nName: h5py\nVersion: 99.0\n")
    clone.environment["PYTHONPATH"] = str(found.parent)
    clone.configure(blocks=3)
    # A third block of all four backends, and the first two of one.
    assert clone.planned()["time_store"] == 4 * 3 + 2 * 3


def test_two_configs_of_two_names_leave_each_other_alone(finished):
    finished.configure(name="other", image_count=20, cutoffs=[20], blocks=1, backends=["hdf5"])
    finished.succeed("results/other/timings.csv")
    finished.configure()
    assert finished.planned() == {}
