"""The workflow as a module on a repository host, as snakedeploy sets it up."""

import subprocess
import sys

import pandas as pd
import yaml
from projects import TINY

SMALL = {**TINY, "cutoffs": [5], "backends": ["hdf5"], "blocks": 1}
ADDRESS = "https://github.com/somebody/image-storage-bench"
SNAKEFILE = """\
configfile: "config/config.yaml"

module bench:
    snakefile: github("somebody/image-storage-bench", path="Snakefile", branch="main")
    config: config

use rule * from bench
"""


def git(folder, *arguments):
    identity = ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.org"]
    command = ["git", "-C", str(folder), *identity, *arguments]
    return subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE).stdout.strip()


def test_a_module_on_a_repository_host_brings_its_library_along(project, tmp_path):
    git(project.folder, "init", "--quiet", "--initial-branch", "main")
    git(project.folder, "add", ".")
    git(project.folder, "commit", "--quiet", "--message", "All of it")
    folder = tmp_path / "deployed"
    for name, text in (
        ("workflow/Snakefile", SNAKEFILE),
        ("config/config.yaml", yaml.safe_dump(SMALL)),
    ):
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_text(text, encoding="utf-8")
    # The host's address leads to the folder, for git alone.
    elsewhere = {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.file://{project.folder}.insteadOf",
        "GIT_CONFIG_VALUE_0": ADDRESS,
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
    }
    done = subprocess.run(
        [sys.executable, "-m", "snakemake", "--cores", "2", "results/lookalike/timings.csv"],
        cwd=folder, env={**project.environment, **elsewhere}, text=True, check=False,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    timings = pd.read_csv(folder / "results/lookalike/timings.csv")
    assert set(timings["commit"]) == {git(project.folder, "rev-parse", "--short=12", "HEAD")}
