"""What Snakemake tells by ``--logger imagebench``, of a small workflow of its own."""

import os
import subprocess
import sys

import pytest
from projects import ROOT

SNAKEFILE = """
rule all:
    input: "all_texts"
    message: "All is done: open all_texts"

checkpoint choose:
    output: touch("chosen")
    message: "Choosing what to time"

def records(wildcards):
    checkpoints.choose.get()
    return [f"raw-10-batch_size=4-{block}" for block in "12"]

rule time_access:
    output: touch("{backend}-{part}-{block}")
    params: operation="read_batches"
    wildcard_constraints: part="10-batch_size=4"
    message: "Timing"
    shell: "echo said; [ {wildcards.block} != $FAILS ]"

rule join:
    input: records
    output: touch("all_texts")
    message: "Joining"
"""
PARTS = ("Job stats", "Execute", "Select jobs", "rule ", "Finished job", "SNAKEMAKE")


@pytest.fixture
def run(tmp_path):
    """Run Snakemake in a folder with this workflow; standard output and errors come as one."""
    (tmp_path / "Snakefile").write_text(SNAKEFILE, encoding="utf-8")
    path = {"PYTHONPATH": str(ROOT / "workflow/scripts"), "FAILS": "0"}

    def run_it(*arguments, fails="0"):
        return subprocess.run(
            [sys.executable, "-m", "snakemake", "--cores", "1", *arguments],
            cwd=tmp_path, env={**os.environ, **path, "FAILS": fails}, text=True, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    return run_it


def lines_of(done):
    return [line for line in done.stdout.splitlines() if not line.startswith("[")]


def test_a_run_is_told_in_few_lines_and_a_job_that_fails_at_length(run):
    done = run("--logger", "imagebench", fails="1")
    assert done.returncode != 0
    assert "1 of 2: Choosing what to time" in done.stdout
    assert "Error in rule time_access:" in done.stdout
    assert "All is done" not in done.stdout
    done = run("--logger", "imagebench")
    assert done.returncode == 0
    assert "All is done: open all_texts" in lines_of(done)
    assert not [part for part in PARTS if part in done.stdout]


def test_a_dry_run_tells_what_snakemake_tells(run):
    plain, ours = (lines_of(run("-n", *more)) for more in ((), ("--logger", "imagebench")))
    own = ("  Date", "  Workflow ID", "  Command")
    assert [line for line in ours if not line.startswith(own)] == [
        line for line in plain if not line.startswith(own)
    ]
    assert any(line.startswith("Reason: ") for line in ours)
