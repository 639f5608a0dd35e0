"""The workflow as a module on a repository host, as snakedeploy sets it up."""

import os
import subprocess
import sys

import pandas as pd
import pytest
import yaml
from projects import TABLE, TINY

SMALL = {**TINY, "cutoffs": [5], "backends": ["hdf5"], "blocks": 1}
ADDRESS = "https://github.com/somebody/image-storage-bench"
SNAKEFILE = """\
configfile: "config/config.yaml"

module bench:
    snakefile: {snakefile}
    config: config

use rule * from bench
"""
HOSTED = 'github("somebody/image-storage-bench", path="workflow/Snakefile", branch="main")'


def git(folder, *arguments):
    identity = ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.org"]
    command = ["git", "-C", str(folder), *identity, *arguments]
    return subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE).stdout.strip()


@pytest.fixture
def repository(project):
    git(project.folder, "init", "--quiet", "--initial-branch", "main")
    git(project.folder, "add", ".")
    git(project.folder, "commit", "--quiet", "--message", "All of it")
    return project.folder


@pytest.fixture
def run(repository, tmp_path):
    """Run another workflow, which has this one as a module by its address."""

    def run_it(snakefile, *arguments, **environment):
        folder = tmp_path / "deployed"
        for name, text in (
            ("workflow/Snakefile", SNAKEFILE.format(snakefile=snakefile)),
            ("config/config.yaml", yaml.safe_dump(SMALL)),
        ):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        # The host's address leads to the folder, for git alone.
        elsewhere = {
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": f"url.file://{repository}.insteadOf",
            "GIT_CONFIG_VALUE_0": ADDRESS,
            "XDG_CACHE_HOME": str(tmp_path / "cache"),
        }
        return subprocess.run(
            [sys.executable, "-m", "snakemake", "--cores", "2", *arguments],
            cwd=folder, env={**os.environ, **elsewhere, **environment}, text=True, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    return run_it


def test_a_module_on_a_repository_host_runs_with_the_library_that_pip_has_installed(
    repository, run, tmp_path
):
    done = run(HOSTED, "--dry-run")
    assert done.returncode == 1
    needed = f"-m pip install git+{ADDRESS}@main"
    assert "error: the library of these rules must be installed: " in done.stdout
    assert done.stdout.rstrip().endswith(needed)
    library = tmp_path / "library"
    install = ["-m", "pip", "install", "--quiet", "--no-deps", "--target", str(library)]
    subprocess.run([sys.executable, *install, f"git+file://{repository}@main"], check=True)
    done = run(HOSTED, TABLE, PYTHONPATH=str(library))
    assert done.returncode == 0, done.stdout
    timings = pd.read_csv(tmp_path / "deployed" / TABLE)
    assert set(timings["commit"]) == {git(repository, "rev-parse", "--short=12", "HEAD")}


def test_a_module_at_a_commit_of_a_folder_is_refused_in_one_line(repository, run):
    address = f"git+file://{repository}/workflow/rules/installed.smk@main"
    done = run(f'"git+file://{repository}/workflow/Snakefile@main"', "--dry-run")
    assert done.returncode == 1
    assert f"error: Snakemake cannot run the scripts of {address}: clone it" in done.stdout
