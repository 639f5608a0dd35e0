"""Only what changed runs anew: each promise counts jobs in a dry run."""

from importlib import metadata

import pandas as pd
import pytest

RESULTS = {
    "aggregate_timings": 1, "summarize_timings": 1, "plot_figures": 1, "write_report": 1,
}  # fmt: skip
# Two backends of the config, the limit and the control; two cutoffs and two blocks.


def edit(project, path):
    """Change a file without changing what it does."""
    with open(project.folder / path, "a", encoding="utf-8") as file:
        file.write("\n# An edit.\n")


def test_a_second_run_has_nothing_to_do(finished):
    assert "Nothing to be done" in finished.succeed()


def test_a_new_cutoff_runs_only_its_own_jobs(finished):
    finished.configure(cutoffs=[5, 12, 30])
    assert finished.planned() == {"store_many": 8, "read_many": 8, **RESULTS}


def test_one_cutoff_less_times_nothing(finished):
    finished.configure(cutoffs=[30])
    assert finished.planned() == RESULTS


def test_a_new_block_runs_only_its_own_jobs(finished):
    finished.configure(blocks=3)
    assert finished.planned() == {
        "store_single": 4, "read_single": 4, "store_many": 8, "read_many": 8, **RESULTS,
    }  # fmt: skip


def test_a_new_backend_runs_only_its_own_jobs(finished):
    finished.configure(backends=["disk", "lmdb", "hdf5"])
    assert finished.planned() == {
        "store_single": 2, "read_single": 2, "store_many": 4, "read_many": 4, **RESULTS,
    }  # fmt: skip


def test_an_edit_of_a_backend_runs_its_jobs_and_no_other_ones(finished):
    edit(finished, "workflow/scripts/imagebench/formats/tutorial/disk.py")
    assert finished.planned() == {
        "store_single": 2, "read_single": 2, "store_many": 4, "read_many": 4, **RESULTS,
    }  # fmt: skip
    reasons = finished.succeed("--dry-run", "--quiet", "host")
    assert "backends/disk.py" in reasons
    assert "Storing single images with hdf5" not in reasons


def test_an_edit_of_the_clock_times_everything_anew(finished):
    edit(finished, "workflow/scripts/imagebench/measuring/clock.py")
    assert finished.planned() == {
        "store_single": 8, "read_single": 8, "store_many": 16, "read_many": 16, **RESULTS,
    }  # fmt: skip


@pytest.mark.parametrize("path", ["imagebench/figures/style.py", "plot_figures.py"])
def test_another_style_draws_figures_and_times_nothing(path, finished):
    edit(finished, f"workflow/scripts/{path}")
    assert finished.planned() == {"plot_figures": 1, "write_report": 1}


def test_an_edit_of_the_page_writes_it_anew_and_nothing_else(finished):
    edit(finished, "workflow/scripts/imagebench/page/page.html.jinja")
    assert finished.planned() == {"write_report": 1}


def test_another_version_of_a_library_times_what_is_made_with_it_anew(finished, tmp_path):
    # What Python finds first is what is installed, as far as anybody can tell.
    found = tmp_path / "newer/h5py-99.0.dist-info"
    found.mkdir(parents=True)
    (found / "METADATA").write_text("Metadata-Version: 2.1\nName: h5py\nVersion: 99.0\n")
    finished.environment["PYTHONPATH"] = str(found.parent)
    assert finished.planned() == {
        "store_single": 2, "read_single": 2, "store_many": 4, "read_many": 4, **RESULTS,
    }  # fmt: skip
    finished.succeed()
    timings = pd.read_csv(finished.folder / "results/lookalike/timings.csv")
    assert set(timings.loc[timings["backend"] == "hdf5", "libraries"]) == {
        f"h5py=99.0 numpy={metadata.version('numpy')}"
    }


def test_other_images_time_everything_anew(finished):
    finished.configure(seed=1)
    planned = finished.planned()
    assert planned["synthesize_archive"] == 1
    assert planned["store_many"] == planned["read_many"] == 16


def test_a_lost_record_is_measured_again_and_only_that(finished):
    record = "results/lookalike/records/default/disk/read_many/30/block-2.json"
    (finished.folder / record).unlink()
    assert finished.planned() == {"store_many": 1, "read_many": 1, **RESULTS}


def test_a_new_way_of_access_runs_only_its_own_jobs(finished):
    finished.configure(access=["read_batches"])
    assert finished.planned() == {"read_access": 8, **RESULTS}
    finished.succeed()
    finished.configure(access=["read_batches", "read_first"])
    assert finished.planned() == {"read_access": 8, **RESULTS}
    finished.configure(access=["read_batches"], workers=3)
    assert finished.planned() == {"write_report": 1}
    finished.configure(access=["read_batches"], batch_size=7)
    assert finished.planned() == {"read_access": 8, **RESULTS}
    finished.succeed()
    # What was measured with the other size is still there.
    finished.configure(access=["read_batches"])
    assert finished.planned() == RESULTS
    edit(finished, "workflow/scripts/imagebench/operations/read_batches.py")
    finished.configure(access=["read_batches"])
    assert finished.planned() == {"read_access": 8, **RESULTS}


def test_an_edit_of_a_codec_runs_what_is_made_with_it(finished):
    finished.configure(backends=["disk", "hdf5", "packed+raw"])
    finished.succeed()
    edit(finished, "workflow/scripts/imagebench/formats/codecs/raw.py")
    assert finished.planned()["store_many"] == 4
    assert finished.planned()["store_single"] == 2
