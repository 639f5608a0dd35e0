"""Copies of the project in folders of their own, and runs of the real Snakefile in them."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
PARTS = [
    "Snakefile", "workflow", "config", "envs", "profiles", "pyproject.toml", "setup.py", "LICENSE",
]  # fmt: skip
TINY = {
    "image_count": 30, "cutoffs": [5, 30], "backends": ["disk", "hdf5"], "blocks": 2, "access": [],
}  # fmt: skip
TABLE = "results/lookalike/timings.csv"
"""For runs of which no figure and no page is looked at: drawing takes longer than a tiny run."""

OF_EVERY_RUN = ("all", "conclude", "stamp")

COMMAND = [sys.executable, "-m", "snakemake", "--configfile", "mine.yaml", "--cores", "2"]


class Project:
    """A copy of the project in a folder of its own."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}

    @classmethod
    def fresh(cls, folder):
        folder = Path(folder)
        folder.mkdir(parents=True)
        for part in PARTS:
            if (ROOT / part).is_dir():
                ignored = shutil.ignore_patterns("__pycache__")
                # New modification times, as in a clone.
                shutil.copytree(
                    ROOT / part, folder / part, ignore=ignored, copy_function=shutil.copyfile
                )
            else:
                shutil.copyfile(ROOT / part, folder / part)
        (folder / "results").mkdir()
        return cls(folder)

    def copy(self, folder):
        """Copy everything, results and Snakemake's own records too, with modification times."""
        shutil.copytree(self.folder, folder, copy_function=shutil.copy2)
        return Project(folder)

    def configure(self, **settings):
        path = self.folder / "mine.yaml"
        path.write_text(yaml.safe_dump({**TINY, **settings}), encoding="utf-8")

    def run(self, *arguments, prefix=(), timeout=300):
        """Run Snakemake to its end; output and errors come as one text."""
        return subprocess.run(
            [*prefix, *COMMAND, *arguments],
            cwd=self.folder, env=self.environment, text=True, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=timeout,
        )  # fmt: skip

    def start(self, *arguments):
        """Start Snakemake as the leader of a new group of processes."""
        return subprocess.Popen(
            [*COMMAND, *arguments], cwd=self.folder, env=self.environment, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def succeed(self, *arguments, timeout=300):
        done = self.run(*arguments, timeout=timeout)
        assert done.returncode == 0, done.stdout
        return done.stdout

    def planned(self, *arguments):
        """How many jobs of each rule a run would start, without those that every run has."""
        output = self.succeed("--dry-run", *arguments)
        if "Nothing to be done" in output:
            return {}
        table = output.split("Job stats:")[1].split("total")[0]
        counts = {name: int(count) for name, count in re.findall(r"^(\w+) +(\d+)$", table, re.M)}
        return {name: count for name, count in counts.items() if name not in OF_EVERY_RUN}

    def record(self, place, results="results/lookalike"):
        """The path of the one record of a place, such as default/disk/read_many/30/block-2."""
        [found] = (self.folder / results / "records").glob(f"{place}-*.json")
        return found
