"""A timed job has the machine to itself, and where it had not, this is said."""

import os
import signal
import subprocess
import sys

import pandas as pd
import pytest
from projects import TABLE, Project
from test_faults import wait_until

SETTINGS = {"backends": ["hdf5"], "cutoffs": [5], "image_count": 5, "blocks": 1}


def timings(project):
    return pd.read_csv(project.folder / TABLE)


def test_a_second_run_on_this_machine_waits_for_the_first_and_says_so(project, tmp_path):
    other = Project.fresh(tmp_path / "other")
    project.configure(**{**SETTINGS, "blocks": 3})
    other.configure(**SETTINGS)
    first = project.start(TABLE)
    wait_until(lambda: list(project.folder.glob("results/lookalike/records/**/*.json")))
    waited = other.succeed(TABLE)
    assert first.wait(timeout=300) == 0
    assert f"waiting: process {first.pid} of user" in waited
    assert timings(project)["finished"].max() < timings(other)["started"].min()


def test_jobs_that_are_let_loose_on_each_other_still_take_turns(project):
    # As on a cluster that puts two jobs onto one machine.
    project.configure(**{**SETTINGS, "blocks": 3})
    project.succeed("--max-threads", "1", "--resources", "timing_slot=2", "--", TABLE)
    blocks = timings(project).groupby(["backend", "operation", "images", "block"])
    spans = blocks[["started", "finished"]].first().sort_values("started")
    assert (spans["finished"].iloc[:-1].to_numpy() <= spans["started"].iloc[1:].to_numpy()).all()


@pytest.mark.skipif(sys.platform != "linux", reason="other programs are seen on Linux alone")
def test_a_run_beside_busy_programs_says_so_on_top_of_its_page(project):
    project.configure(**SETTINGS)
    busy = "while True: pass"
    burners = [subprocess.Popen([sys.executable, "-c", busy]) for _ in range(os.cpu_count())]
    try:
        project.succeed(TABLE)
    finally:
        for burner in burners:
            burner.send_signal(signal.SIGKILL)
            burner.wait()
    project.succeed("page")
    page = (project.folder / "results/lookalike/report.html").read_text(encoding="utf-8")
    before_answers = page.split('id="answers"')[0]
    assert "too noisy" in before_answers
    assert "other programs took" in before_answers
