"""Write a page of docs/results from the tables and figures of a run.

Usage: write_results_page.py RESULTS [--title TITLE] [--figures NAME ...]
"""

import argparse
import math
import shutil
from pathlib import Path

import numpy as np
from imagebench import wording
from imagebench.answers.deciding import find_all
from imagebench.answers.questions import SECONDS, cells, counts, locations, shown
from imagebench.evidence import pooling, tables
from imagebench.evidence.traits import DATASETS, labels_of
from imagebench.page import facts, paragraph
from imagebench.page.format_tables import ACCESS_COLUMNS, COLUMNS
from imagebench.page.phrases import heading
from imagebench.states import BASELINE, RESERVED

PAGES = Path(__file__).parents[1] / "docs/results"
TOLD = ("Processor", "Cores", "Kernel", "Python", "Libraries", "Commit")


def page(results, title, figures):
    """What the tables of a folder of results say, as Markdown."""
    timings = tables.read_timings(results / "timings.csv")
    summary = tables.read_table(results / "summary.csv")
    comparisons = tables.read_table(results / "comparisons.csv")
    measures = shown(pooling.measures(timings))
    location = locations(summary)[0]
    numbers = counts(summary, location)
    dataset = DATASETS.get(summary["dataset"].iloc[0], summary["dataset"].iloc[0])
    blocks = wording.counted(int(shown(summary)["blocks"].max()), "block")
    told = dict(facts.environment(measures))
    lines = [
        f"# {title}",
        f"*Made by `experiments/write_results_page.py` from one run: {facts.dates(measures)}, "
        f"{dataset}, {blocks}, {', '.join(facts.values(measures, 'filesystem'))}.*",
        paragraph.in_words(
            find_all(summary, comparisons, location), numbers[-1], labels_of(summary)
        ),
        "Times are multiples of the baseline, that is, of what the same pixels take as plain bytes "
        "in one file. The best come first, by the geometric mean of their row. A dash is what was "
        "not measured, or not proven to be cold.",
        *(part for count in reversed(numbers) for part in multiples(summary, location, count)),
        *codecs(summary, location, numbers[-1]),
        *(
            f"![{name.replace('_', ' ').capitalize()}]({results.name}_{name}.png)"
            for name in figures
        ),
        "## The machine",
        "\n".join(f"- {name}: {told[name]}" for name in TOLD),
    ]
    return "\n\n".join(lines) + "\n"


def multiples(summary, location, images):
    """Head, table and the baseline's own times at one number of images."""
    last = images == counts(summary, location)[-1]
    questions = [
        question
        for question in (*COLUMNS, *(ACCESS_COLUMNS if last else ()))
        if question.column == SECONDS
    ]
    found = {question: cells(summary, question, location, images) for question in questions}
    found = {heading(question): rows for question, rows in found.items() if rows}
    sizes = {row["backend"]: row for row in cells(summary, COLUMNS[0], location, images)}
    values = {
        name: {row["backend"]: row["multiple_of_limit"] for row in rows}
        for name, rows in found.items()
    }
    backends = [name for name in sizes if name not in RESERVED]
    backends.sort(key=lambda name: mean([column.get(name, math.nan) for column in values.values()]))
    body = [
        [
            f"`{name}`",
            *(wording.ratio(column.get(name, math.nan)) for column in values.values()),
            f"{sizes[name]['bytes_allocated'] / images / 1024:.1f}",
            f"{int(sizes[name]['files']):,}",
        ]
        for name in backends
    ]
    own = [
        f"{name[0].lower()}{name[1:]} {wording.readable_seconds(row['median_seconds'])}"
        for name, rows in found.items()
        for row in rows
        if row["backend"] == BASELINE
    ]
    return [
        f"## {images:,} images",
        as_table(["", *values, "KiB an image", "Files"], body),
        f"The baseline takes: {'; '.join(own)}.",
    ]


def mean(ratios):
    """Geometric mean of what is known; infinite where nothing is."""
    known = [ratio for ratio in ratios if math.isfinite(ratio)]
    return math.exp(np.mean(np.log(known))) if known else math.inf


def codecs(summary, location, images):
    """What each codec takes by itself, beside all that storing and reading with it take."""
    store, read = (
        {row["backend"]: row for row in cells(summary, question, location, images)}
        for question in (COLUMNS[0], COLUMNS[2])
    )
    body = [
        [
            f"`{name}`",
            *(
                f"{row[column] / images * 1e6:.1f}"
                for row in (store[name], read[name])
                for column in ("codec_seconds", "median_seconds")
            ),
            "none"
            if math.isinf(psnr := store[name]["psnr_db"]) or math.isnan(psnr)
            else f"{psnr:.1f} dB",
        ]
        for name in store
        if name in read and math.isfinite(store[name]["codec_seconds"])
    ]
    if not body:
        return []
    head = ["", "Encoding", "All of storing", "Decoding", "All of reading", "Loss"]
    return [
        "## What the codec takes by itself",
        f"Microseconds an image, of {images:,} images in memory, beside all that storing them "
        "until closed and reading them in order, warm, takes.",
        as_table(head, body),
    ]


def as_table(head, body):
    """Rows as a table of Markdown, whose numbers stand right."""
    rule = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, rule, *body))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("results", type=Path)
    parser.add_argument("--title", default="One run")
    parser.add_argument("--figures", nargs="*", default=())
    parser.add_argument("--to", type=Path, default=PAGES)
    asked = parser.parse_args()
    asked.to.mkdir(parents=True, exist_ok=True)
    for name in asked.figures:
        picture = asked.results / "figures" / f"{name}.png"
        shutil.copyfile(picture, asked.to / f"{asked.results.name}_{name}.png")
    text = page(asked.results, asked.title, asked.figures)
    (asked.to / f"{asked.results.name}.md").write_text(text, encoding="utf-8")
