"""Kill whole runs at random moments, resume each, and compare with a run that was never stopped.

PYTHONPATH=tests/support python experiments/kill_at_random.py --times 20
"""

import argparse
import os
import random
import signal
import tempfile
import time
from pathlib import Path

import pandas as pd
from projects import Project
from tqdm import tqdm

SETTINGS = {"backends": ["disk", "lmdb"], "blocks": 1}
KEY = ["location", "backend", "operation", "images", "block", "digest"]


def outcome(project):
    """What a finished run must have in common with every other one: rows and digests."""
    results = project.folder / "results/lookalike"
    timings = pd.read_csv(results / "timings.csv")
    return set(timings[KEY].itertuples(index=False, name=None))


def left_over(project):
    """Files that a finished run should not have left."""
    results = project.folder / "results/lookalike"
    stores = [path for path in (results / "stores").rglob("*") if path.is_file()]
    return stores + list(results.rglob("*.partial"))


def kill_and_resume(folder, after):
    """Kill a fresh run after so many seconds, and resume it by the same command."""
    project = Project.fresh(folder)
    project.configure(**SETTINGS)
    process = project.start()
    time.sleep(after)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    project.succeed()
    assert "Nothing to be done" in project.succeed()
    return project


def main():
    """Kill as often as asked, and fail at the first run that differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    generator = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as folder:
        whole = Project.fresh(Path(folder, "whole"))
        whole.configure(**SETTINGS)
        start = time.monotonic()
        whole.succeed()
        duration = time.monotonic() - start
        expected = outcome(whole)
        for number in tqdm(range(options.times)):
            after = generator.uniform(0, duration)
            project = kill_and_resume(Path(folder, str(number)), after)
            assert outcome(project) == expected, f"killed after {after:.2f} s: other rows"
            assert not left_over(project), f"killed after {after:.2f} s: {left_over(project)}"
    print(
        f"{options.times} runs of {duration:.0f} s killed and resumed: the same {len(expected)} "
        "rows and digests, nothing left over, nothing to be unlocked"
    )


if __name__ == "__main__":
    main()
