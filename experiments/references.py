"""What moving a folder of images to a format gains, and whether the advice of short runs holds.

    export PYTHONPATH=workflow/scripts
    python experiments/references.py measure ~/photos --images 300 \
        --formats packed+raw,packed+original,lmdb+original
    python experiments/references.py hold ~/photos ~/scans

``measure`` reads the files in place and as some formats by turns, in many fresh blocks of other
images, as the break-even run does. ``references.csv`` keeps what each format gains for the default
use, 90 epochs of random crops out of memory, conversion included. Formats that are there for a
folder stay there.

``hold`` runs the workflow on each folder as a user does, several times, each in a results folder of
its own; a neighbour takes half a core during the last of these runs. Then it holds the advice of
each run against the references. It goes on where it was stopped. Tables go to standard output, all
else to standard error.
"""

import argparse
import contextlib
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import yaml
from imagebench import formats, operations
from imagebench.answers.break_even import totals
from imagebench.answers.gain import gain_of
from imagebench.configuration import complete, name_of_data
from imagebench.errors import BenchmarkError
from imagebench.evidence.statistics import MARGIN
from imagebench.images.choosing import look, ready
from imagebench.images.fresh import sources_of_blocks
from imagebench.images.index import facts_of
from imagebench.measuring.lock import JOB, machine_lock
from imagebench.modes import one_mode
from imagebench.operations.base import Target
from imagebench.operations.side_by_side import Side, run_blocks

ROOT = Path(__file__).resolve().parents[1]
SCHEMA = ROOT / "workflow/scripts/imagebench/schemas/config.schema.yaml"
COLUMNS = {
    "folder": "{}", "images": "{:,}", "blocks": "{}", "format": "`{}`",
    "gain": "{:.3f}", "low": "{:.3f}", "high": "{:.3f}",
    "stay_seconds": "{:.3g}", "format_seconds": "{:.3g}",
}  # fmt: skip
"""Columns of references.csv, and how the table shows them; seconds are of one image in an epoch."""

EPOCHS = 90
"""Of the default use."""

CLEAR = 1.5
"""A gain that a run should find."""

LOOP = """
import sys, time
end = time.monotonic() + float(sys.argv[1])
while time.monotonic() < end:
    until = time.monotonic() + 0.05
    while time.monotonic() < until:
        pass
    time.sleep(0.05)
"""
"""Keeps half a core busy for so many seconds."""


def config_of(folder, name, **settings):
    """Return the config of a run on a folder."""
    path = str(Path(folder).expanduser().absolute())
    return {"dataset": "folder", "folder": {"path": path}, "name": name, **settings}


def name_of(folder):
    """Return the name of a folder in the tables."""
    return name_of_data(config_of(folder, None))


def run(config, results, target="all"):
    """Run the workflow, a config over config/folder.yaml, and return the folder of its tables."""
    results.mkdir(parents=True, exist_ok=True)
    file = results.absolute() / f"{config['name']}.yaml"
    file.write_text(yaml.safe_dump(config))
    command = [sys.executable, "-m", "snakemake", "--cores", "all", "--directory", results]
    command += ["--snakefile", ROOT / "Snakefile"]
    command += ["--configfile", ROOT / "config/folder.yaml", file, "--"]
    command.append(target if target == "all" else f"results/{config['name']}/{target}")
    subprocess.run(command, check=True, stdout=sys.stderr)
    return results / "results" / config["name"]


def measure_folder(folder, wanted, images, blocks, results):
    """Measure staying and some formats, and return a row of references.csv for each format."""
    name, place = name_of(folder), results.absolute() / name_of(folder)
    whole = complete(config_of(folder, name), SCHEMA, formats, operations)
    looked = look(whole["folder"], whole["seed"], place)
    ready(looked, whole["folder"], 1, whole["seed"], place)
    rows = looked.index.rows[looked.order]
    images = min(images, looked.good)
    settings = {name: whole[name] for name in ("seed", "crop", "piece_bytes")} | {"batch_size": 64}
    if mode := one_mode(facts_of(rows, []).modes):
        settings["one_mode"] = mode
    sides = {
        format: Side(Target(format, formats.load, place / "stores" / f".{number}", settings),
                     format == "in_place")
        for number, format in enumerate(["in_place", *wanted])
    }  # fmt: skip
    inputs = {part: place / f"{part}.npy" for part in ("index", "order")}
    sources, _ = sources_of_blocks(inputs, 0, images, blocks, {"settings": settings})
    with machine_lock(JOB):
        found = run_blocks(sides, sources, "read_crops", is_cold=False)
    if found is None:
        raise BenchmarkError(f"{folder}: no warm read was proven in some block")
    use = {"images": images, "epochs": EPOCHS, "needed_per_second": None}
    staying = totals(found["in_place"], use, images)
    for format in wanted:
        gain = gain_of(staying, totals(found[format], use, images))
        epochs = [np.mean(found[of]["epoch"]) / images for of in ("in_place", format)]
        row = [name, images, gain.blocks, format, gain.ratio, gain.low, gain.high, *epochs]
        yield dict(zip(COLUMNS, row, strict=True))


def measure(options):
    """Add rows to references.csv, and print it as a table."""
    file = options.results / "references.csv"
    rows = pd.read_csv(file).to_dict("records") if file.exists() else []
    for folder in options.folders:
        new = [*measure_folder(folder, options.formats, options.images, options.blocks,
                               options.results)]  # fmt: skip
        known = {(row["folder"], row["format"]) for row in new}
        rows = [row for row in rows if (row["folder"], row["format"]) not in known] + new
        pd.DataFrame(rows, columns=[*COLUMNS]).to_csv(file, index=False)
    print_row(COLUMNS)
    print_row("---" for _ in COLUMNS)
    for row in rows:
        print_row(shown.format(row[column]) for column, shown in COLUMNS.items())


def print_row(cells):
    """Print a row of a Markdown table."""
    print(f"| {' | '.join(cells)} |", flush=True)


@contextlib.contextmanager
def neighbour(seconds):
    """Keep half a core busy meanwhile, for so many seconds at most."""
    with subprocess.Popen([sys.executable, "-c", LOOP, str(seconds)]) as process:
        try:
            yield
        finally:
            process.terminate()


def advice_of(file):
    """Return the format that an answer.json advises, None to stay, and its gain with bounds."""
    found = json.loads(file.read_text("utf-8"))["answers"][0]
    gain = found["gain"] and [found["gain"][name] for name in ("ratio", "low", "high")]
    return None if found["stays"] or not found["best"] else found["best"]["backend"], gain


def excluded(gain, reference):
    """Say what of an advised gain a reference excludes."""
    if reference is None:
        return "no reference"
    if reference["high"] <= 1 + MARGIN:
        return "worth it"
    if gain[1] > reference["high"] or gain[2] < reference["low"]:
        return "interval"
    return "no" if reference["low"] <= gain[0] <= reference["high"] else "value"


def in_words(gain):
    """Write a gain with its interval."""
    return "{:.2f} [{:.2f}, {:.2f}]".format(*gain) if gain else ""


def hold(options):
    """Print a row a run, and how many runs the references contradict."""
    references = pd.read_csv(options.references)
    known = {(row["folder"], row["format"]): row for row in references.to_dict("records")}
    print("| folder | run | busy | advice | its gain | the reference's | excluded |")
    print("| --- | ---: | --- | --- | ---: | ---: | --- |")
    found = []
    for folder in options.folders:
        name = name_of(folder)
        for number in range(1, options.runs + 1):
            is_busy = number > options.runs - options.busy
            own_name = f"{name}-{number}{'-busy' if is_busy else ''}"
            config = config_of(folder, own_name, minutes=options.minutes)
            with neighbour(240 * options.minutes + 900) if is_busy else contextlib.nullcontext():
                results = run(config, options.results)
            advice, gain = advice_of(results / "answer.json")
            reference = known.get((name, advice))
            what = excluded(gain, reference) if advice else ""
            found.append((name, advice, what))
            ends = reference and [reference[column] for column in ("gain", "low", "high")]
            row = [name, str(number), "yes" if is_busy else "no"]
            row += [f"`{advice}`" if advice else "stay", in_words(gain), in_words(ends), what]
            print_row(row)
    summarize(found, references)


def summarize(found, references):
    """Print what matters of all runs."""
    moves = [(name, advice, what) for name, advice, what in found if advice]
    print(f"\n- {len(moves)} of {len(found)} runs advise a move.")
    for what, words in (
        ("worth it", "the reference excludes that the move is worth it"),
        ("interval", "the interval of the gain and the reference's are apart"),
        ("value", "the gain alone lies outside the reference's interval"),
        ("no reference", "there is no reference"),
    ):
        print(f"- Of {sum(of == what for *_, of in moves)}, {words}.")
    for name in dict.fromkeys(name for name, *_ in found):
        advised = dict.fromkeys(advice for of, advice, _ in moves if of == name)
        if len(advised) > 1:
            print(f"- {name}: runs advise {len(advised)} different moves, {', '.join(advised)}.")
        of_folder = [advice for of, advice, _ in found if of == name]
        most = references[references["folder"] == name]["gain"].max()
        if most >= CLEAR:
            some = sum(advice is not None for advice in of_folder)
            words = f"{some} of {len(of_folder)} runs advise a move"
            print(f"- {name}: the reference shows {most:.2f}, and {words}.")
        lacking = dict.fromkeys(a for of, a, what in moves if (of, what) == (name, "no reference"))
        if lacking:
            print(f"- {name}: measure --formats {','.join(lacking)} adds what is missing.")


def parsed():
    """Return what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    measured = commands.add_parser("measure", help="measure what formats gain")
    measured.add_argument("--images", type=int, default=300, help="in each block")
    measured.add_argument("--blocks", type=int, default=10)
    measured.add_argument("--formats", type=lambda text: text.split(","), required=True)
    held = commands.add_parser("hold", help="compare the advice of short runs with that")
    held.add_argument("--references", type=Path, default=Path("results/references/references.csv"))
    held.add_argument("--minutes", type=int, default=5, help="of each run")
    held.add_argument("--runs", type=int, default=3)
    held.add_argument("--busy", type=int, default=1, help="of these, with a busy neighbour")
    for command, place in ((measured, "references"), (held, "hold")):
        command.add_argument("folders", nargs="+", metavar="FOLDER")
        command.add_argument("--results", type=Path, default=Path("results", place))
    options = parser.parse_args()
    if len(set(map(name_of, options.folders))) < len(options.folders):
        parser.error("two folders have one name")
    return options


if __name__ == "__main__":
    given = parsed()
    try:
        {"measure": measure, "hold": hold}[given.command](given)
    except BenchmarkError as error:
        sys.exit(f"error: {error}")
