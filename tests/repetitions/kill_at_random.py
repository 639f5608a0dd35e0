"""Kill whole runs at random moments, resume each, and compare with a run that was never stopped.

PYTHONPATH=tests python tests/repetitions/kill_at_random.py --times 20
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
    """Kill a fresh run after so many seconds, resume it; say whether it asked to be unlocked."""
    project = Project.fresh(folder)
    project.configure(**SETTINGS)
    process = project.start()
    time.sleep(after)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    resumed = project.run()
    asked = "--unlock" in resumed.stdout
    if asked:
        project.succeed("--unlock")
        project.succeed()
    else:
        assert resumed.returncode == 0, resumed.stdout
    assert "Nothing to be done" in project.succeed()
    return project, asked


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
        asked = 0
        for number in tqdm(range(options.times)):
            after = generator.uniform(0, duration)
            project, unlocked = kill_and_resume(Path(folder, str(number)), after)
            asked += unlocked
            assert outcome(project) == expected, f"killed after {after:.2f} s: other rows"
            assert not left_over(project), f"killed after {after:.2f} s: {left_over(project)}"
    print(
        f"{options.times} runs of {duration:.0f} s killed and resumed: the same {len(expected)} "
        f"rows and digests, nothing left over; {asked} asked to be unlocked first"
    )


if __name__ == "__main__":
    main()
