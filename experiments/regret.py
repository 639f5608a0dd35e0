"""How good answers and forecasts are that were made from a tenth of the images.

    PYTHONPATH=workflow/scripts python experiments/regret.py lookalike:100000 ~/photos:300

For each data set (images made here, a folder, or an array, and how many of them) the workflow runs
twice: with a tenth of the images at most, and with all of them. From the first, an answer is asked
for about all; the regret is what it then takes over what the best takes, of those that break no
rule, as the second run has measured it. Each data set is asked about in ten ways: one epoch, 10 and
90, from memory and from the device, and with rules. Then each cell of the second run is held
against what was foretold of it. Tables of both runs stay in results/regret; what is there is not
measured again.
"""

import argparse
import itertools
import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import yaml
from imagebench import formats
from imagebench.answers.costs import options_from
from imagebench.answers.main_run import blocks_of, limits_of
from imagebench.answers.outlook import KINDS, bytes_of, files_of, foretold_of, memory_of, picked
from imagebench.answers.shortlist import choose, rules_broken
from imagebench.answers.uses import Use
from imagebench.evidence.tables import read_timings
from imagebench.states import BASELINE, Cache, Until

RESULTS = Path("results/regret")
OF_ARRAYS = [
    "disk", "lmdb", "hdf5", "npy", "packed+raw", "lmdb+raw", "hdf5+raw", "packed+qoi", "lmdb+qoi",
    "tar+qoi", "packed+png", "packed+jpeg",
]  # fmt: skip
OF_FILES = [
    "packed+original", "lmdb+original", "webdataset+original", "tar+original", "packed+raw",
    "lmdb+raw", "packed+qoi", "lmdb+qoi", "packed+jpeg", "npy", "in_place@256",
    "packed+original@256", "packed+jpeg@256",
]  # fmt: skip
SMALLEST = 3


def uses(count, pixel_bytes, *, is_folder):
    """Give ten uses of so many images."""

    def use(name, **changes):
        given = {"epochs": 90, "access": "read_batches", "cache": Cache.WARM, "images": count}
        return Use(name, **{**given, **changes})

    plain = [
        use(f"{epochs} epoch{'s' if epochs > 1 else ''}, {cache}", epochs=epochs, cache=cache)
        for epochs in (1, 10, 90)
        for cache in (Cache.WARM, Cache.COLD)
    ]
    kept = {"keep_originals": True} if is_folder else {"appendable": True}
    return [
        *plain,
        use("90 epochs, warm, loss allowed", lossless=False),
        use("10 epochs, cold, at most 100 files", epochs=10, cache=Cache.COLD, most_files=100),
        use(f"90 epochs, warm, {next(iter(kept))}", **kept),
        use("90 epochs, cold, half the bytes", cache=Cache.COLD, most_bytes=pixel_bytes // 2),
    ]


def config_of(given, count, name):
    """Name a data set in the words of a config."""
    if given == "lookalike":
        images = {"dataset": "lookalike", "backends": OF_ARRAYS}
    elif given.endswith(".npy"):
        arrays = {"images": given, "labels": None}
        images = {"dataset": "arrays", "arrays": arrays, "backends": OF_ARRAYS}
    else:
        folder = {"path": given, "labels": "none"}
        images = {"dataset": "folder", "folder": folder, "backends": OF_FILES}
    cutoffs = [count // 10**power for power in (3, 2, 1, 0) if count // 10**power >= SMALLEST]
    return {
        **images, "name": name, "image_count": count, "cutoffs": cutoffs, "blocks": 3,
        "minutes": 0, "access": ["read_batches"], "batch_size": 64,
    }  # fmt: skip


def measured(given, count, name):
    """Give the tables of both runs, and run the workflow for what is not there."""
    tables = [RESULTS / f"{name}-{which}.csv" for which in ("tenth", "whole")]
    config = config_of(given, count, name)
    for table, most in zip(tables, (count // 10, count), strict=True):
        if not table.exists():
            RESULTS.mkdir(parents=True, exist_ok=True)
            file = table.with_suffix(".yaml")
            file.write_text(yaml.safe_dump({**config, "access_images": most}))
            command = [sys.executable, "-m", "snakemake", "--cores", "all", "--configfile", file]
            subprocess.run(command, check=True)
            table.write_bytes(Path(f"results/{name}/timings.csv").read_bytes())
    few, whole = map(read_timings, tables)
    all_of_them = whole[whole["stored_images"] == count]
    pixels = all_of_them["pixels"].max() / count
    raw = all_of_them[all_of_them["backend"] == BASELINE]
    limits = limits_of(RESULTS, raw["bytes_logical"].max() / count, math.inf)
    few, whole = (blocks_of(table, pixels) for table in (few, whole))
    return few[few["stored_images"] <= count // 10], whole, limits


def regret(use, before, after):
    """Ask for a candidate, and hold it against what turned out to be best."""
    answer = choose(use, before[0], before[1](use)).candidate
    if answer is None:
        return None
    options = after[1](use)
    kept = [of for of in options if not rules_broken(use, of) or of.backend == answer.backend]
    totals = {of.backend: float(np.exp(np.nanmean(np.log(of.total(use))))) for of in kept}
    best = min(totals, key=totals.get)
    return answer.backend, best, totals[answer.backend] / totals[best]


IN_BATCHES = [("read_batches", cache, Until.RETURNED) for cache in (Cache.COLD, Cache.WARM)]
SECONDS = ("seconds", "low_seconds", "high_seconds")


def forecasts(few, whole, limits, count, measured):
    """Hold what is foretold from so many images against what all of them took.

    Gives the experiment, what was foretold, and how often as long it was.
    """
    for kind in (*KINDS, *IN_BATCHES):
        known, truth = picked(few, *kind), picked(whole, *kind)
        truth = truth[truth["stored_images"] == count]
        for row in foretold_of(known[known["stored_images"] <= measured], count, limits):
            own = truth[truth["backend"] == row["backend"]]
            if len(own):
                took = np.exp(np.log(own["seconds"] * count / own["images"]).mean())
                ratios = [float(row[name] / took) for name in SECONDS]
                yield (row["backend"], *kind), ratios, row["refused"]
    stores, reads = (picked(few, *kind) for kind in (KINDS[1], KINDS[3]))
    for rows, column, foretell in (
        (stores, "bytes_allocated", lambda own: bytes_of(own, count)),
        (stores, "files", lambda own: files_of(own, count)),
        (reads, "memory", lambda own: memory_of(own, count, limits)),
    ):
        known = rows[rows["stored_images"] <= measured]
        same = whole["operation"].isin(rows["operation"]) & (whole["stored_images"] == count)
        for name, own in known.groupby("backend"):
            was = whole[same & (whole["backend"] == name)][column].median()
            if was > 0:
                yield (name, column), [value / was for value in foretell(own)], None


def share(some):
    """Say how many of some are true."""
    some = list(some)
    return f"{sum(some)} of {len(some)} ({100 * sum(some) / max(len(some), 1):.0f} %)"


def main(given, verbose):
    """Print a line for each case, and how good the forecasts are."""
    ratios, told = [], []
    print("| images | use | answer | best | regret |\n| --- | --- | --- | --- | ---: |")
    for path, count in given:
        name = f"regret-{Path(path).stem}"
        few, whole, limits = measured(path, count, name)
        traits = {backend: formats.traits_of(backend) for backend in whole["backend"].unique()}
        before, after = (options_from(table, traits, "default", limits) for table in (few, whole))
        is_folder = path != "lookalike" and not path.endswith(".npy")
        for use in uses(count, int(count * limits.image_bytes), is_folder=is_folder):
            found = regret(use, before, after)
            what = f"{count:,} of {Path(path).name}"
            if found is None:
                print(f"| {what} | {use.name} | nothing fits | | |")
                continue
            ratios.append(found[2])
            print("| {} | {} | {} | {} | {:.2f} |".format(what, use.name, *found), flush=True)
        for power in (1, 2):
            measured_then = count // 10**power
            if (few["stored_images"] < measured_then).any():
                told += [
                    (what, power, *of) for of in forecasts(few, whole, limits, count, measured_then)
                ]
    near = share(ratio <= 1.1 for ratio in ratios)
    print(f"\n{near} within 10 % of the best; the worst is {max(ratios):.2f}")
    for power, is_time in itertools.product((1, 2), (True, False)):
        own = [of for of in told if of[1] == power and (len(of[2]) > 2) == is_time]
        kept = [ratios for *_, ratios, refused in own if refused is None]
        print(
            f"{'times' if is_time else 'bytes, files and memory'} of {10**power} times as many: "
            f"{len(own) - len(kept)} of {len(own)} refused; inside "
            f"{share(low <= 1 <= high for _, low, high in kept)}; narrower than a "
            f"factor of 1.35 {share(high < 1.35 * low for _, low, high in kept)}"
        )
    if verbose:
        for what, power, cell, (value, low, high), refused in told:
            print(what, 10**power, *cell, f"{value:.2f} [{low:.2f}, {high:.2f}]", refused or "")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    what = "lookalike, a folder or an array, and how many: photos:1000"
    parser.add_argument("given", nargs="+", help=what)
    parser.add_argument("--verbose", action="store_true", help="print each forecast too")
    options = parser.parse_args()
    pairs = [one.rpartition(":") for one in options.given]
    main([(name, int(count)) for name, _, count in pairs], options.verbose)
