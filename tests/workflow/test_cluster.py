"""The workflow on a real Slurm cluster of two nodes, and what is done to such a cluster."""

import re
import subprocess
import sys
from itertools import pairwise

import clusters
import pandas as pd
import pytest
from projects import TABLE, Project

SETTINGS = {"backends": ["hdf5"], "cutoffs": [30], "image_count": 30, "blocks": 1}
PROFILE = ["--workflow-profile", "workflow/profiles/slurm"]
# Nobody waits for a test's jobs in a queue.
QUICKLY = ["--slurm-init-seconds-before-status-checks", "1", "--latency-wait", "10"]


@pytest.fixture(scope="module")
def cluster():
    reason = clusters.missing()
    if reason:
        pytest.skip(reason)
    pytest.importorskip("snakemake_executor_plugin_slurm")
    with clusters.running_cluster() as running:
        yield running


@pytest.fixture(scope="module")
def with_images(tmp_path_factory):
    """A project that has its images; to be copied, not changed."""
    made = Project.fresh(tmp_path_factory.mktemp("cluster") / "project")
    made.configure(**SETTINGS)
    made.succeed(f"{RESULTS}/doubled/images.npy")
    return made


@pytest.fixture
def project(with_images, tmp_path):
    return with_images.copy(tmp_path / "project")


RESULTS = "results/lookalike"


def command(*arguments):
    return [
        sys.executable, "-c", clusters.IMPATIENT_SNAKEMAKE, "--configfile", "mine.yaml",
        *PROFILE, *QUICKLY, *arguments,
    ]  # fmt: skip


def start(project, *arguments):
    """Start the workflow; what it says can be read once it has ended."""
    return subprocess.Popen(
        command(*arguments), cwd=project.folder, env=project.environment, text=True,
        start_new_session=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def start_timing(project, *targets, **settings):
    """Start what is timed, and no more than that, on images that are there."""
    project.configure(**{**SETTINGS, **settings})
    return start(project, *(targets or [TABLE]))


def finish(process, succeeds=True):
    output = process.communicate(timeout=300)[0]
    assert (process.returncode == 0) == succeeds, output
    return output


def timings(project):
    return pd.read_csv(project.folder / "results/lookalike/timings.csv")


def is_timing():
    """Whether a record has been started: Slurm runs a job of a block."""
    return "block" in clusters.ask("squeue", "-h", "-t", "R", "-o", "%k")


def test_both_nodes_are_used_and_each_by_one_timed_job_at_a_time(cluster, project, finished):
    places = {"default": "results", "local": "/node-local"}
    finish(start_timing(project, locations=places, pack="location", blocks=2))
    table = timings(project)
    assert set(table["host"]) == {"n1", "n2"}
    assert set(table["cluster"]) == {"imagebench"}
    # A block of a location is one job, and on one node and on one location there is one at a time.
    jobs = table.groupby(["location", "block"])[["cluster_job", "host"]].nunique()
    assert (jobs == 1).all(axis=None)
    spans = table.groupby("cluster_job").agg(
        host=("host", "first"), location=("location", "first"),
        start=("started", "min"), end=("finished", "max"),
    )  # fmt: skip
    for key in ("host", "location"):
        for _, part in spans.sort_values("start").groupby(key):
            assert (part["end"].iloc[:-1].to_numpy() <= part["start"].iloc[1:].to_numpy()).all()
    # Nor did Slurm itself have two of them on a node.
    completed = {job["JobId"]: job for job in cluster.completed()}
    taken = [completed[str(job)] for job in spans.index]
    for node in clusters.NODES:
        mine = sorted(
            (job["StartTime"], job["EndTime"]) for job in taken if job["NodeList"] == node
        )
        assert all(one[1] <= next_one[0] for one, next_one in pairwise(mine))
    # In form, and in what was stored and read, all is as on one machine.
    local = timings(finished)
    key = ["backend", "operation", "images", "block", "digest"]
    # How many single images there is time for depends on the machine.
    here, there = (
        part.loc[part["operation"].str.endswith("_many") & (part["images"] == 30), key]
        for part in (local[local["backend"].isin(table["backend"])],
                     table[table["location"] == "default"])
    )  # fmt: skip
    assert there.drop_duplicates().values.tolist() == here.drop_duplicates().values.tolist()
    assert list(table.columns) == list(local.columns)
    again = finish(start(project, TABLE))
    assert "Nothing to be done" in again


def test_a_lost_node_and_a_restarted_controller_cost_nothing_but_time(cluster, project):
    process = start_timing(project)
    clusters.wait(is_timing, 120)
    cluster.stop_controller()
    cluster.start_controller()
    clusters.wait(is_timing, 120)
    [node] = clusters.ask("squeue", "-h", "-t", "R", "-o", "%N").split()
    cluster.kill_node(node)
    clusters.wait(lambda: "BeginTime" in clusters.ask("squeue", "-h", "-o", "%r"))
    # Slurm would start it again two minutes later.
    [job] = clusters.ask("squeue", "-h", "-o", "%i").split()
    clusters.ask("scontrol", "update", f"JobId={job}", "StartTime=now")
    finish(process)
    table = timings(project)
    assert set(table["host"]) == {"n1", "n2"} - {node}
    cluster.start_node(node)
    cluster.wait_for(dict.fromkeys(clusters.NODES, "idle"))


def test_a_cancelled_job_is_named_and_only_what_is_missing_runs_again(cluster, project):
    process = start_timing(project, blocks=2)
    records = project.folder / "results/lookalike/records"
    # Of a job that ends badly nothing is kept: the second one is cancelled.
    clusters.wait(lambda: list(records.rglob("block-2-*.json")), 120)
    assert is_timing()
    [job] = clusters.ask("squeue", "-h", "-t", "R", "-o", "%i").split()
    clusters.ask("scancel", job)
    output = finish(process, succeeds=False)
    assert re.search(rf"error: cluster job {job} .*CANCELLED", output), output
    before = {path: path.stat().st_mtime for path in records.rglob("*.json")}
    assert before
    finish(start(project, TABLE))
    assert {path: path.stat().st_mtime for path in before} == before


def test_a_job_that_needs_more_memory_than_it_asked_for_says_so(cluster, project):
    source = project.folder / "workflow/scripts/imagebench/formats/arrays/greedy.py"
    source.write_text(GREEDY, encoding="utf-8")
    timing = start_timing(
        project, TABLE, "--until", "time_store", backends=["greedy"], pack="store"
    )
    output = finish(timing, succeeds=False)
    assert re.search("error: cluster job .*needed more memory than it asked for", output), output
    # The others stand.
    records = (project.folder / RESULTS / "records/default").glob("*/store_many/30/block-1-*.json")
    assert {path.parts[-4] for path in records} == {"raw", "control"}


GREEDY = '''"""Takes far more memory than any job asks for."""

import time

from ..tutorial.hdf5 import Hdf5


class Greedy(Hdf5):
    """HDF5, and 1.5 gigabytes."""

    label = "Greedy"
    good_for = "nothing"
    libraries = ("h5py",)

    def store(self, pieces, facts, path):
        if facts.count > 1:
            held = b"1" * 1_500_000_000
            time.sleep(60)
            del held
        super().store(pieces, facts, path)
'''
