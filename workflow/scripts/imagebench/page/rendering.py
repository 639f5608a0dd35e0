"""The report: one page of HTML that holds everything, answers first and explanations after."""

import base64
import json
import math
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
import pandas as pd
import yaml

from .. import wording
from ..answers import between, cautions
from ..answers.findings import ALONE, COUNTED, NO_VERDICT, UNPROVEN, Answer, answer_all
from ..answers.questions import (
    ACCESS,
    BYTES,
    FILES,
    RESERVED,
    Question,
    Row,
    cells,
    counts,
    locations,
    shown,
)
from ..evidence import comparisons as comparing
from ..evidence import noise, pooling, traits
from ..evidence.statistics import INCONCLUSIVE, MARGIN, SAME
from ..evidence.traits import are_lossy, use_threads
from ..figures import style
from ..figures.captions import DATASETS
from ..sizes import readable_bytes
from . import facts, paragraph

TEMPLATE = "page.html.jinja"
MOST_ROWS = 16
"""A table of more formats unfolds, unless it is the first."""

WIDE_PIXELS = 1600
"""A figure with more pixels takes the whole width of the page: its words are small."""

MOST_OPEN_PAIRS = 50
"""So many pairs without a verdict are listed."""

FIRST_ITEMS = 10
"""So many cases of a caution are shown at once; the others unfold."""

COLUMNS = {
    "Store, until closed": Question("", "", "store_many"),
    "Store, until safe on the device": Question("", "", "store_many", until="durable"),
    "Read, warm": Question("", "", "read_many", "warm", "returned"),
    "Read, cold": Question("", "", "read_many", "cold", "returned"),
    "On disk": Question("", "", "store_many", column=BYTES),
    "Files": Question("", "", "store_many", column=FILES),
}
HEADINGS = {
    "read_batches": "Shuffled batches",
    "read_random": "Single images at random",
    "read_subset": "A shuffled tenth",
    "read_first": "First image",
    "read_workers_forked": "Workers, forked",
    "read_workers_spawned": "Workers, spawned",
}
ACCESS_COLUMNS = {
    f"{heading}, {cache}": Question("", "", operation, cache, "returned")
    for operation, heading in HEADINGS.items()
    for cache in ("warm", "cold")
}
LOOKS = {
    SAME: "same",
    COUNTED: "sure",
    INCONCLUSIVE: "open",
    NO_VERDICT: "open",
    UNPROVEN: "open",
    ALONE: "same",
}


@dataclass(frozen=True)
class Picture:
    """A figure as it stands in the page."""

    address: str
    width: int
    height: int
    name: str
    caption: str


@dataclass(frozen=True)
class FormatTable:
    """A row for every format: value, interval and multiple of the limit in each cell."""

    title: str
    headings: list[str]
    rows: list[tuple[Row, list[tuple[str, str, str]]]]


@dataclass(frozen=True)
class Part:
    """All answers for one place where stores were kept."""

    location: str
    verdict: str
    answers: list[Answer]
    counts: list[int]
    by_count: list[tuple[Question, list[Answer | None]]]
    tables: list[FormatTable]
    open_pairs: list[Row]
    pair_groups: list[facts.PairGroup]


def render(
    timings: pd.DataFrame,
    summary: pd.DataFrame,
    comparisons: pd.DataFrame,
    *,
    pictures: Sequence[Path],
    captions: Mapping[str, str],
    config: Mapping[str, Any],
    command: str,
    skipped: Mapping[str, str] | None = None,
) -> str:
    """Write the page.

    Args:
        timings: one row a sample.
        summary: one row a cell.
        comparisons: one row a pair in a cell.
        pictures: PNG files, in the order in which they are shown.
        captions: what is said below each, by the stem of its file's name.
        config: the whole config of this run.
        command: what to type to make this run again.
        skipped: for each format that was wanted and not measured, why.

    Returns:
        HTML that needs no other file and runs no script.
    """
    special = traits.special_words(shown(summary))
    timings, summary, comparisons = (
        traits.marked(table, special) for table in (timings, summary, comparisons)
    )
    measures = pooling.measures(timings)
    disturbed = noise.disturbed_blocks(timings)
    current = shown(measures)
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "ratio": wording.ratio,
        "looks": lambda standing: LOOKS.get(standing, "sure"),
        "cell_words": facts.cell_words,
    }
    environment.globals |= {
        "interval": wording.interval,
        "listed": wording.listed,
        "counted": wording.counted,
        "FIRST_ITEMS": FIRST_ITEMS,
        "MOST_OPEN_PAIRS": MOST_OPEN_PAIRS,
        "MOST_ROWS": MOST_ROWS,
        "WIDE_PIXELS": WIDE_PIXELS,
    }
    blocks = sorted(shown(summary)["blocks"].unique())
    return environment.get_template(TEMPLATE).render(
        dataset=wording.listed(
            DATASETS.get(name, name) for name in summary["dataset"].unique()
        ),
        largest=counts(summary)[-1],
        has_crossings=len(counts(summary)) > 1,
        hosts=facts.hosts(current),
        dates=facts.dates(current),
        blocks=wording.spanned(map(float, blocks), "{:.0f}".format),
        most_blocks=int(blocks[-1]),
        margin=wording.percent(MARGIN, 0),
        cautions=cautions.find(
            measures, summary, comparisons, disturbed,
            is_too_noisy=noise.too_noisy(timings, disturbed), apart=pooling.kept_apart(timings),
            split=comparing.blocks_on_different_hosts(measures),
        ),
        parts=[part(summary, comparisons, location) for location in locations(summary)],
        places=between.compare(summary, comparisons),
        pictures=[picture(path, captions.get(path.stem, "")) for path in pictures],
        control=facts.control_words(comparisons),
        comparisons=int((~shown(comparisons)["control"].astype(bool)).sum()),
        disturbed=len(disturbed),
        devices=facts.devices(current),
        facts=facts.environment(current),
        commits=facts.values(current, "commit"),
        config=yaml.safe_dump(json.loads(json.dumps(config)), sort_keys=False, allow_unicode=True),
        command=command,
        skipped=dict(skipped or {}),
        has_special=bool((are_lossy(summary) | use_threads(summary)).any()),
        access_images=images_of_access(shown(summary)),
    )  # fmt: skip


def part(summary: pd.DataFrame, comparisons: pd.DataFrame, location: str) -> Part:
    """Answer everything for one place where stores were kept."""
    answered = answer_all(summary, comparisons, location)
    numbers = counts(summary, location)
    answers = [answer for _, row in answered if (answer := list(row.values())[-1])]
    title = f"Every format at {wording.counted(numbers[-1], 'image')}"
    tables = [every_backend(title, COLUMNS, summary, location, numbers[-1])]
    stored = wording.counted(images_of_access(shown(summary, location)), "image")
    access = f"Every format, read as in training, from a store of {stored}"
    tables.append(every_backend(access, ACCESS_COLUMNS, summary, location, numbers[-1]))
    return Part(
        location,
        paragraph.in_words(answered, numbers[-1]),
        answers,
        numbers,
        [
            (question, list(by_count.values()))
            for question, by_count in answered
            if question.is_for_each_count
        ],
        [table for table in tables if table.rows],
        facts.open_pairs(comparisons, location),
        facts.pair_groups(comparisons, location),
    )


def images_of_access(summary: pd.DataFrame) -> int:
    """Count the images of the store that is read as in training; 0 where none is."""
    rows = summary[summary["operation"].isin(list(ACCESS))]
    stored = rows.reindex(columns=["stored_images", "images"]).max().max()
    return 0 if pd.isna(stored) else int(stored)


def every_backend(
    title: str,
    columns: Mapping[str, Question],
    summary: pd.DataFrame,
    location: str,
    images: int,
) -> FormatTable:
    """Make a table of every backend, with those columns that were measured."""
    found = {
        heading: {row["backend"]: row for row in cells(summary, question, location, images)}
        for heading, question in columns.items()
    }
    present = {heading: rows for heading, rows in found.items() if rows}
    backends: dict[str, Row] = {}
    for rows in present.values():
        backends |= {name: row for name, row in rows.items() if name not in backends}
    # The limit and its control frame the formats: they are what these are seen against.
    order = sorted(backends, key=lambda name: (name in RESERVED, name == RESERVED[-1]))
    rows_of_all: list[tuple[Row, list[tuple[str, str, str]]]] = [
        (
            {**backends[name], "is_reserved": name in RESERVED},
            [entry(rows.get(name), columns[heading].column) for heading, rows in present.items()],
        )
        for name in order
    ]
    return FormatTable(title, list(present), rows_of_all)


def entry(row: Row | None, column: str) -> tuple[str, str, str]:
    """Value, interval and multiple of the limit of one cell, in words."""
    if row is None:
        return wording.NOTHING, "", ""
    if column == FILES:
        return f"{int(row['files']):,}", "", ""
    if column == BYTES:
        return readable_bytes(row[BYTES]), "", times(row["bytes_multiple_of_limit"])
    ends = row["low_seconds"], row["high_seconds"]
    between = (
        " to ".join(map(style.readable_seconds, ends)) if all(map(math.isfinite, ends)) else ""
    )
    return style.readable_seconds(row["median_seconds"]), between, times(row["multiple_of_limit"])


def times(multiple: float) -> str:
    """A multiple of the limit; empty where there is none."""
    return wording.ratio(multiple) if math.isfinite(multiple) else ""


def picture(path: Path, caption: str) -> Picture:
    """Take a PNG file into the page.

    Its width and height are in its first chunk (RFC 2083, section 4.1.1).
    """
    content = path.read_bytes()
    width, height = struct.unpack(">II", content[16:24])
    return Picture(
        "data:image/png;base64," + base64.b64encode(content).decode("ascii"),
        width,
        height,
        path.stem.replace("_", " ").capitalize(),
        " ".join(caption.replace("``", "").split()),
    )
