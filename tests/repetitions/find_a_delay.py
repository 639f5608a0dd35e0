"""Measure a backend, a copy of it and one made 10 % slower, and see what the verdicts say of them.

PYTHONPATH=tests:workflow/scripts python tests/repetitions/find_a_delay.py --repetitions 10

Blocks are independent, so that one long run is cut into repetitions, each of as many blocks of its
own and each analysed by itself as a run.
"""

import argparse
import tempfile
from pathlib import Path

from imagebench.analysis import comparisons, pooling, tables
from projects import Project

COPY = '''"""The same as LMDB, under another name."""

from .lmdb import Lmdb


class Copy(Lmdb):
    """Does nothing but what LMDB does."""

    label = "A copy"
    good_for = "nothing"
    libraries = ("lmdb",)
'''
DELAYED = '''"""LMDB, and a tenth of the time more."""

import time

from .lmdb import Lmdb


def delay(call):
    def slower(*arguments):
        start = time.perf_counter()
        result = call(*arguments)
        end = time.perf_counter() + 0.1 * (time.perf_counter() - start)
        while time.perf_counter() < end:
            pass
        return result

    return slower


class Delayed(Lmdb):
    """Takes ten percent longer for everything."""

    label = "Ten percent slower"
    good_for = "nothing"
    libraries = ("lmdb",)
    store, read = delay(Lmdb.store), delay(Lmdb.read)
    store_one, read_one = delay(Lmdb.store_one), delay(Lmdb.read_one)
'''


def main():
    """Print how often each pair got which verdict."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repetitions", type=int, default=10)
    parser.add_argument("--blocks", type=int, default=6)
    parser.add_argument("--images", type=int, default=1000)
    parser.add_argument("--keep", type=Path, help="where timings.csv is copied to")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        project = Project.fresh(Path(folder, "project"))
        backends = project.folder / "workflow/scripts/imagebench/backends"
        (backends / "copy.py").write_text(COPY, encoding="utf-8")
        (backends / "delayed.py").write_text(DELAYED, encoding="utf-8")
        project.configure(
            backends=["lmdb", "copy", "delayed"], cutoffs=[options.images],
            image_count=options.images, blocks=options.blocks * options.repetitions,
        )  # fmt: skip
        project.succeed(timeout=None)
        path = project.folder / "results/lookalike/timings.csv"
        timings = tables.read_timings(path)
        if options.keep:
            options.keep.write_bytes(path.read_bytes())
    print(verdicts(timings, options.blocks).to_string())


def verdicts(timings, blocks):
    """Count verdicts over repetitions of so many blocks each, a row a pair and measure."""
    import pandas as pd

    found = []
    for number, part in timings.groupby((timings["block"] - 1) // blocks):
        pairs = comparisons.compare_all(pooling.measures(part))
        pairs = pairs[pairs["backend"].isin(["lmdb", "copy"])]
        pairs = pairs[pairs["other"].isin(["lmdb", "copy", "delayed"])]
        found.append(pairs.assign(repetition=number))
    pairs = pd.concat(found)
    pairs["pair"] = pairs["backend"] + " / " + pairs["other"]
    key = ["operation", "until", "cache", "pair"]
    return pairs.groupby([*key, "verdict"]).size().unstack(fill_value=0)


if __name__ == "__main__":
    main()
