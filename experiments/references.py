"""What moving a folder of images to a format gains, and whether the advice of short runs holds.

    export PYTHONPATH=workflow/scripts
    python experiments/references.py measure ~/photos ~/scans --results results/references
    python experiments/references.py hold ~/photos ~/scans \
        --references results/references/references.csv --results results/hold

``measure`` runs the workflow on each folder with few formats, one number of images and many blocks.
From its table it computes what the default use gains: the total of staying over the total of the
format, where a total is the conversion and all epochs. ``references.csv`` keeps the gains. Without
``--formats`` it measures the best three of a quick look at all formats of config/folder.yaml.
``--add`` keeps the references that a folder has, and measures more formats beside staying.

``hold`` runs the workflow on each folder as a user does, several times, each in a results folder of
its own; a neighbour takes half a core during the last of these runs. Then it compares the advice of
each run with the reference. Both commands go on where they were stopped: another ``--results``
measures anew. It lies on the device whose times count. Tables go to standard output, all else to
standard error.
"""

import argparse
import contextlib
import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import yaml
from answer_uses import blocks_of
from imagebench import formats, operations
from imagebench.answers.costs import options_from
from imagebench.answers.gain import gain_of
from imagebench.answers.outlook import Limits
from imagebench.answers.uses import Use, what_is_there
from imagebench.answers.using import rules_broken
from imagebench.configuration import complete, name_of_data
from imagebench.errors import BenchmarkError
from imagebench.evidence.statistics import MARGIN
from imagebench.evidence.tables import read_timings
from imagebench.images.choosing import look
from imagebench.states import Cache

ROOT = Path(__file__).resolve().parents[1]
SCHEMA = ROOT / "workflow/schemas/config.schema.yaml"
COLUMNS = {
    "folder": "{}", "images": "{:,}", "cache": "{}", "blocks": "{}", "format": "`{}`",
    "gain": "{:.3f}", "low": "{:.3f}", "high": "{:.3f}",
    "stay_seconds": "{:.3g}", "format_seconds": "{:.3g}",
}  # fmt: skip
"""Columns of references.csv, and how the table shows them; seconds are of one image in an epoch."""

LARGE_PIXELS, MOST_LARGE = 2_000_000, 300
"""Of a folder whose mean image has more pixels than this, at most so many images are measured."""

FORMATS = 3
"""Formats of a folder that are measured if none is named."""

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


def priced(results):
    """Return the use that a run answered, for as many images as it measured, and each option."""
    use = json.loads((results / "answer.json").read_text("utf-8"))["answers"][0]["use"]
    table = read_timings(results / "timings.csv")
    most = table[table["stored_images"] == table["stored_images"].max()]
    blocks = blocks_of(table, most["pixels"].max() / most["stored_images"].max())
    traits = {backend: formats.traits_of(backend) for backend in blocks["backend"].unique()}
    measured, options_of = options_from(blocks, traits, "default", Limits())
    use = Use(**{**use, "cache": Cache(use["cache"]), "images": measured})
    return use, options_of(use)


def references_of(results, name):
    """Return a row of references.csv for each format of a run."""
    use, options = priced(results)
    stay = what_is_there(options)
    stay = replace(stay, convert=np.zeros_like(stay.convert))  # since it converts nothing
    for option in (of for of in options if of.backend != stay.backend):
        totals = np.stack([stay.total(use), option.total(use)])
        is_whole = np.isfinite(totals).all(axis=0)
        gain = gain_of(*totals[:, is_whole])
        epochs = [np.exp(np.log(of.epoch[is_whole]).mean()) / use.images for of in (stay, option)]
        row = [name, use.images, str(use.cache), gain.blocks, option.backend]
        row += [gain.ratio, gain.low, gain.high, *epochs]
        yield dict(zip(COLUMNS, row, strict=True))


def best_formats(folder, minutes, results):
    """Return the formats that a quick look finds fastest for the default use, within its rules."""
    config = config_of(folder, f"{name_of(folder)}-look", minutes=minutes)
    use, options = priced(run(config, results, "answer.json"))
    moves = [of for of in options if not of.traits["stays"] and not rules_broken(use, of)]
    if not moves:
        raise BenchmarkError(f"{folder}: nothing fits; name --formats, or raise --minutes")
    moves.sort(key=lambda of: np.nanmean(np.log(of.total(use))))
    return [of.backend for of in moves[:FORMATS]]


def measure_folder(folder, wanted, images, blocks, results):
    """Measure some formats of a folder, and return their references."""
    name = re.sub(r"[^A-Za-z0-9]+", "-", "-".join([name_of(folder), *wanted]))[:100]
    config = config_of(
        folder, name, minutes=0, cutoffs=["all"], blocks=blocks, backends=wanted,
        access=["read_batches", "read_crops"], batch_size=64,
    )  # fmt: skip
    whole = complete(config, SCHEMA, formats, operations)
    found = look(whole["folder"], whole["seed"], results / "results" / name / "folder")
    rows = found.index.rows[found.order]
    if (rows["height"].astype(float) * rows["width"]).mean() > LARGE_PIXELS:
        images = min(images, MOST_LARGE)
    config["image_count"] = min(images, found.good)
    return list(references_of(run(config, results, "answer.json"), name_of(folder)))


def measure(options):
    """Write references.csv, and print it as a table."""
    file = options.results / "references.csv"
    rows = pd.read_csv(file).to_dict("records") if file.exists() else []
    for folder in options.folders:
        name = name_of(folder)
        wanted = options.formats or best_formats(folder, options.minutes, options.results)
        new = measure_folder(folder, wanted, options.images, options.blocks, options.results)
        again = {row["format"] for row in new}
        other = [row for row in rows if row["folder"] != name]
        kept = [row for row in rows if row["folder"] == name and row["format"] not in again]
        rows = [*other, *(kept if options.add else []), *new]
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
    """Return the format that an answer.json advises, and its gain with the interval.

    Both are None if the advice is to stay.
    """
    found = json.loads(file.read_text("utf-8"))["answers"][0]
    if found["stays"] or found["best"] is None:
        return None, None
    # Answers without a gain say how long staying takes as a multiple of the best.
    return found["best"]["backend"], found.get("gain") or found["before"]["ratio"]


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
            print(f"- {name}: measure --add --formats {','.join(lacking)} adds what is missing.")


def parsed():
    """Return what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    measured = commands.add_parser("measure", help="measure what formats gain")
    measured.add_argument("--images", type=int, default=1000)
    measured.add_argument("--blocks", type=int, default=10)
    measured.add_argument("--formats", type=lambda text: text.split(","), help="such as npy,lmdb")
    measured.add_argument("--add", action="store_true", help="keep other formats of these folders")
    measured.add_argument("--minutes", type=int, default=4, help="of the quick look")
    held = commands.add_parser("hold", help="compare the advice of short runs with that")
    held.add_argument("--references", type=Path, required=True)
    held.add_argument("--minutes", type=int, default=5, help="of each run")
    held.add_argument("--runs", type=int, default=3)
    held.add_argument("--busy", type=int, default=1, help="of these, with a busy neighbour")
    for command, place in ((measured, "references"), (held, "hold")):
        command.add_argument("folders", nargs="+", metavar="FOLDER")
        command.add_argument("--results", type=Path, default=Path("results", place))
    options = parser.parse_args()
    if len(set(map(name_of, options.folders))) < len(options.folders):
        parser.error("two folders have one name")
    if options.command == "measure" and options.add and not options.formats:
        parser.error("--add needs --formats")
    return options


if __name__ == "__main__":
    given = parsed()
    try:
        {"measure": measure, "hold": hold}[given.command](given)
    except BenchmarkError as error:
        sys.exit(f"error: {error}")
