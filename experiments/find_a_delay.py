"""Measure a backend, a copy of it and one made 10 % slower, and see what the verdicts say of them.

    PYTHONPATH=workflow/scripts:tests/support python experiments/find_a_delay.py --repetitions 10

What measures a run measures here too, each block in a fresh process and the three of a block in a
random order. A repetition begins with a few blocks, and goes on with as many as its own verdicts
ask for, until all are settled or there are too many.

All three wait for a fixed time within each call beside what the backend itself takes. Without that
(--pause 0), a machine whose speed differs by 10 % from one process to the next, as virtual machines
do, needs hundreds of blocks to tell 10 % from the margin, and its report says so.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

import numpy as np
from blocks import store_block
from imagebench import formats
from imagebench.states import Verdict

NAMES = ("original", "copy", "delayed")
DELAY = 0.1


def slower(call, pause, share):
    """Let a call take a fixed time more, and then a share of all that."""

    def delayed(*arguments):
        start = time.perf_counter()
        result = call(*arguments)
        end = start + (1 + share) * (time.perf_counter() - start + pause)
        while time.perf_counter() < end:
            pass
        return result

    return delayed


def measure(options):
    """Store some images in this process, and print the samples."""
    backend = formats.load(options.backend)
    share = DELAY if options.measure == "delayed" else 0
    backend.store = slower(backend.store, options.pause, share)
    generator = np.random.default_rng(0)
    images = generator.integers(0, 256, (options.images, 32, 32, 3), dtype=np.uint8)
    labels = generator.integers(0, 256, options.images)
    samples, _ = store_block(
        "store_many", backend, images, labels, options.folder / options.measure
    )
    print(json.dumps([asdict(sample) for sample in samples]))


def block(number, options, folder):
    """Measure each of the three once, in a random order; give the rows of timings.csv."""
    rows = []
    for name in random.sample(NAMES, len(NAMES)):
        command = [sys.executable, __file__, "--measure", name, "--folder", str(folder)]
        command += ["--backend", options.backend, "--images", str(options.images)]
        command += ["--pause", str(options.pause)]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        cell = {
            "dataset": "random", "location": "default", "host": "here", "backend": name,
            "backend_label": name, "operation": "store_many", "images": options.images,
            "block": number,
        }  # fmt: skip
        rows += [{**cell, **sample} for sample in json.loads(done.stdout)]
    return rows


def repeat(options, folder):
    """Measure blocks until verdicts ask for no more of them; give the comparisons."""
    import pandas as pd
    from imagebench.evidence import comparisons, pooling

    rows, blocks = [], options.blocks
    while True:
        while len({row["block"] for row in rows}) < blocks:
            rows += block(len({row["block"] for row in rows}) + 1, options, folder)
        measures = pooling.measures(pd.DataFrame(rows))
        pairs = comparisons.compare_all(measures[measures["until"] == "closed"])
        still_open = pairs[pairs["verdict"] == Verdict.INCONCLUSIVE]
        if still_open.empty or blocks == options.most_blocks:
            return pairs, rows
        asked = int(still_open["blocks_to_settle"].fillna(options.most_blocks).max())
        blocks = min(max(asked, blocks + 1), options.most_blocks)


def parse():
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repetitions", type=int, default=10)
    parser.add_argument("--blocks", type=int, default=6, help="to begin a repetition with")
    parser.add_argument("--most-blocks", type=int, default=60)
    parser.add_argument("--backend", default="lmdb")
    parser.add_argument("--images", type=int, default=1000)
    parser.add_argument("--pause", type=float, default=0.2, help="seconds")
    parser.add_argument("--where", default=".", help="folder to store in")
    parser.add_argument("--keep", type=Path, help="where all samples go, as CSV")
    parser.add_argument("--measure", choices=NAMES, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def main():
    """Print what each repetition found of each pair."""
    options = parse()
    if options.measure:
        return measure(options)
    import pandas as pd  # not in what is measured: it takes longer to import than a block
    from tqdm import tqdm

    found, kept = [], []
    with tempfile.TemporaryDirectory(dir=options.where) as folder:
        for number in tqdm(range(1, options.repetitions + 1)):
            pairs, rows = repeat(options, Path(folder))
            found.append(pairs.assign(repetition=number))
            kept.append(pd.DataFrame(rows).assign(repetition=number))
    columns = ["repetition", "backend", "other", "ratio", "low", "high", "blocks", "verdict"]
    columns += ["blocks_to_settle"]
    print(pd.concat(found)[columns].to_string(index=False))
    if options.keep:
        pd.concat(kept).to_csv(options.keep, index=False)
    return None


if __name__ == "__main__":
    main()
