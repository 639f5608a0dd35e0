"""Only what changed runs anew: each promise counts jobs in a dry run."""

from importlib import metadata

import pandas as pd
import pytest
from projects import TABLE

RESULTS = {
    "aggregate_timings": 1, "summarize_timings": 1, "choose_formats": 1, "time_break_even": 1,
    "answer_uses": 1, "plot_figures": 1, "write_report": 1,
}  # fmt: skip
# Two backends of the config, the baseline and the control; two cutoffs and two blocks.


def edit(project, path, line="AN_EDIT = True"):
    """Add a line to a file that changes nothing of what it does."""
    with open(project.folder / path, "a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")


def test_a_second_run_has_nothing_to_do(finished):
    assert "Nothing to be done" in finished.succeed()


def test_a_new_cutoff_runs_only_its_own_jobs(finished):
    finished.configure(cutoffs=[5, 12, 30])
    assert finished.planned() == {"time_store": 8, "time_read": 8, **RESULTS}


def test_one_cutoff_less_times_nothing(finished):
    assert finished.planned("--config", "cutoffs=[30]") == RESULTS


def test_smaller_pieces_time_only_what_no_longer_is_one(finished):
    finished.configure(piece_bytes=20 * 32 * 32 * 3)
    assert finished.planned() == {"time_store": 8, "time_read": 8, **RESULTS}


def test_a_new_block_runs_only_its_own_jobs(finished):
    finished.configure(blocks=3)
    assert finished.planned() == {
        "time_store": 4 + 8, "time_read": 4 + 8, **RESULTS,
    }  # fmt: skip


def test_a_new_backend_runs_only_its_own_jobs(finished):
    finished.configure(backends=["disk", "lmdb", "hdf5"])
    assert finished.planned() == {
        "time_store": 2 + 4, "time_read": 2 + 4, **RESULTS,
    }  # fmt: skip


def test_an_edit_of_a_backend_runs_its_jobs_and_no_other_ones(finished):
    edit(finished, "workflow/scripts/imagebench/formats/tutorial/disk.py")
    assert finished.planned() == {
        "time_store": 2 + 4, "time_read": 2 + 4, **RESULTS,
    }  # fmt: skip
    said = finished.succeed("--dry-run")
    cause = "code.imagebench/formats/tutorial/disk.py has changed"
    assert f"measured anew: 12 records, since {cause}" in said
    assert "with hdf5" not in said


def test_an_edit_of_the_clock_times_everything_anew(finished):
    edit(finished, "workflow/scripts/imagebench/measuring/stopwatch.py")
    assert finished.planned() == {
        "time_store": 8 + 16, "time_read": 8 + 16, **RESULTS,
    }  # fmt: skip


@pytest.mark.parametrize("path", ["imagebench/figures/style.py", "plot_figures.py"])
def test_another_style_draws_figures_and_times_nothing(path, finished):
    edit(finished, f"workflow/scripts/{path}")
    assert finished.planned() == {"plot_figures": 1, "write_report": 1}


def test_an_edit_of_the_page_writes_it_anew_and_nothing_else(finished):
    edit(finished, "workflow/scripts/imagebench/page/sections/page.jinja")
    assert finished.planned() == {"write_report": 1}


def test_another_use_is_answered_and_tried_and_times_nothing_else(finished):
    finished.configure(use={"mine": {"epochs": 3}})
    assert finished.planned() == {
        "choose_formats": 1, "time_break_even": 1, "answer_uses": 1, "plot_figures": 1,
        "write_report": 1,
    }  # fmt: skip


def test_other_words_of_an_answer_time_nothing(finished):
    edit(finished, "workflow/scripts/imagebench/page/use_words.py")
    assert finished.planned() == {"answer_uses": 1, "write_report": 1}


def test_another_version_of_a_library_times_what_is_made_with_it_anew(finished, tmp_path):
    # What Python finds first is what is installed, as far as anybody can tell.
    found = tmp_path / "newer/h5py-99.0.dist-info"
    found.mkdir(parents=True)
    (found / "METADATA").write_text("Metadata-Version: 2.1\nName: h5py\nVersion: 99.0\n")
    finished.environment["PYTHONPATH"] = str(found.parent)
    assert finished.planned() == {
        "time_store": 2 + 4, "time_read": 2 + 4, **RESULTS,
    }  # fmt: skip
    finished.succeed(TABLE)
    timings = pd.read_csv(finished.folder / TABLE)
    assert set(timings.loc[timings["backend"] == "hdf5", "libraries"]) == {
        f"h5py=99.0 numpy={metadata.version('numpy')}"
    }


def test_other_images_time_everything_anew_and_keep_what_was_measured(finished):
    records = set((finished.folder / "results/lookalike/records").rglob("*.json"))
    finished.configure(seed=1)
    planned = finished.planned()
    assert planned["synthesize_archive"] == 1
    assert planned["time_store"] == planned["time_read"] == 8 + 16
    finished.configure(seed=1, blocks=1, cutoffs=[5], backends=["hdf5"])
    finished.succeed("--no-hooks", TABLE)
    assert records < set((finished.folder / "results/lookalike/records").rglob("*.json"))
    finished.configure()
    planned = finished.planned()
    assert "time_store" not in planned
    assert planned["aggregate_timings"] == 1


def test_what_only_asks_or_touches_changes_nothing(finished):
    def files():
        return {
            path: path.read_bytes()
            for path in (finished.folder / "results").rglob("*")
            if path.is_file() and path.suffix != ".log"
        }

    finished.configure(seed=1, blocks=3)
    before = files()
    for question in ("-n", "--list-rules", "--lint", "--summary", "--unlock", "--touch"):
        done = finished.run(question)
        assert "All is done" not in done.stdout
        assert files() == before, question


def test_an_edited_table_is_noticed_with_metadata_in_a_database(finished):
    database = ("--persistence-backend", "db")
    finished.succeed(*database)
    record = finished.record("default/disk/read_many/30/block-2")
    time = record.stat().st_mtime_ns
    assert "Nothing to be done" in finished.succeed(*database)
    assert record.stat().st_mtime_ns == time
    table = finished.folder / TABLE
    lines = table.read_text(encoding="utf-8").splitlines(keepends=True)
    table.write_text("".join(lines[:-1]), encoding="utf-8")
    assert "summarize_timings" in finished.succeed(*database, "-n")


def test_a_lost_record_is_measured_again_and_only_that(finished):
    finished.record("default/disk/read_many/30/block-2").unlink()
    assert finished.planned() == {"time_store": 1, "time_read": 1, **RESULTS}


def test_a_new_way_of_access_runs_only_its_own_jobs(finished):
    settings = {"access": ["read_batches"], "blocks": 1, "backends": ["hdf5"]}
    finished.configure(**settings)
    assert finished.planned() == {"time_access": 3, **RESULTS}
    finished.succeed(TABLE)
    finished.configure(**settings | {"access": ["read_batches", "read_first"]})
    assert finished.planned() == {"time_access": 3, **RESULTS}
    finished.configure(**settings, workers=3)
    assert "aggregate_timings" not in finished.planned()
    finished.configure(**settings, batch_size=7)
    assert finished.planned() == {"time_access": 3, **RESULTS}
    finished.configure(**settings)
    edit(finished, "workflow/scripts/imagebench/operations/read_batches.py")
    assert finished.planned() == {"time_access": 3, **RESULTS}


def test_an_edit_of_a_codec_runs_what_is_made_with_it(finished):
    finished.configure(backends=["hdf5", "packed+raw"], blocks=1, cutoffs=[5])
    finished.succeed(TABLE)
    edit(finished, "workflow/scripts/imagebench/formats/codecs/raw.py")
    assert finished.planned() == {"time_store": 2, "time_read": 2, **RESULTS}


def test_a_mended_comment_docstring_or_word_times_nothing(finished):
    disk = finished.folder / "workflow/scripts/imagebench/formats/tutorial/disk.py"
    source = disk.read_text(encoding="utf-8")
    for was, becomes in (
        ('"""One PNG file an image', '"""A PNG file for each image'),
        ("        path.mkdir()\n", "        # A folder of its own.\n        path.mkdir()\n"),
        ('good_for = "looking at', 'good_for = "a look at'),
    ):
        assert was in source
        source = source.replace(was, becomes)
    disk.write_text(source, encoding="utf-8")
    edit(finished, "workflow/scripts/imagebench/measuring/stopwatch.py", "# The end.")
    assert not {"time_store", "time_read", "aggregate_timings"} & set(finished.planned())
