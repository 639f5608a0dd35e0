"""The page: one file of HTML that holds everything, answers first and explanations after."""

import base64
import json
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import jinja2
import pandas as pd
import yaml

from .. import wording
from ..answers import between, cautions
from ..answers.deciding import find_all
from ..answers.findings import Finding, Standing
from ..answers.mattering import Answers, can_matter
from ..answers.questions import Question, Row, counts, locations, shown
from ..evidence import comparisons as comparing
from ..evidence import noise, pooling, traits
from ..evidence.statistics import MARGIN
from ..sizes import readable_bytes
from ..vocabulary import of_operation
from . import data_set, epochs, facts, paragraph, phrases, snippets, use_notes
from .format_tables import FormatTable, every_format, images_of_access

MOST_ROWS = 16
"""A table of more formats unfolds, unless it is the first."""

WIDE_PIXELS = 1600
"""A figure with more pixels takes the whole width of the page: its words are small."""

MOST_OPEN_PAIRS = 50
"""So many pairs without a verdict are listed."""

FIRST_ITEMS = 10
"""So many cases of a caution are shown at once; the others unfold."""

LOOKS = {Standing.FASTER: "sure", Standing.COUNTED: "sure", Standing.SAME: "same"}
LOOKS |= {Standing.ALONE: "same", Standing.INDIFFERENT: "same"}


@dataclass(frozen=True)
class Picture:
    """A figure as it stands in the page."""

    address: str
    width: int
    height: int
    name: str
    caption: str


@dataclass(frozen=True)
class Part:
    """All answers for one place where stores were kept."""

    location: str
    verdict: str
    decoding: str | None
    findings: list[Finding]
    counts: list[int]
    by_count: list[tuple[Question, list[Finding | None]]]
    tables: list[FormatTable]
    open_pairs: list[Row]
    other_open_pairs: int
    pair_groups: list[facts.PairGroup]


@dataclass(frozen=True)
class Page:
    """All that the sections of the page tell."""

    dataset: str
    largest: int
    has_crossings: bool
    hosts: str
    dates: str
    blocks: str
    most_blocks: int
    block_minutes: float
    margin: str
    cautions: list[cautions.Caution]
    parts: list[Part]
    places: between.Locations | None
    pictures: list[Picture]
    control: str
    comparisons: int
    disturbed: int
    devices: list[facts.Device]
    facts: list[tuple[str, str]]
    commits: list[str]
    config: str
    command: str
    skipped: Mapping[str, str]
    not_applicable: Mapping[str, str]
    afforded: Sequence[str]
    images: Mapping[str, Any]
    uses: Sequence[Mapping[str, Any]]
    good_for: Mapping[str, str]
    has_special: bool
    access_images: int


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
    not_applicable: Mapping[str, str] | None = None,
    afforded: Sequence[str] = (),
    images: Mapping[str, Any] | None = None,
    uses: Sequence[Mapping[str, Any]] = (),
    good_for: Mapping[str, str] | None = None,
) -> str:
    """Write the page.

    Args:
        timings: one row a sample, as ``tables.read_timings`` gives it.
        summary: one row a cell.
        comparisons: one row a pair in a cell.
        pictures: PNG files, in the order in which they are shown.
        captions: what is said below each, by the stem of its file's name.
        config: the whole config of this run.
        command: what to type to make this run again.
        skipped: for each format that was wanted and not measured, why.
        not_applicable: for each format that cannot hold these images, why.
        afforded: what fitted into the minutes that there were, and what did not.
        images: what the images are, as ``describe_images`` has written it.
        uses: the answers, as ``answer_uses`` has written them.
        good_for: for each backend, where it shines.

    Returns:
        HTML that needs no other file and runs no script.
    """
    special = traits.special_words(shown(summary))
    labels = traits.marked(traits.labels_of(summary), special)
    measures = pooling.measures(timings)
    disturbed = noise.disturbed_blocks(timings)
    current = shown(measures)
    blocks = sorted(shown(summary)["blocks"].unique())
    page = Page(
        dataset=facts.dataset(summary, config),
        largest=counts(summary)[-1],
        has_crossings=len(counts(summary)) > 1,
        hosts=facts.hosts(current),
        dates=facts.dates(current),
        blocks=wording.spanned(map(float, blocks), "{:.0f}".format),
        most_blocks=int(blocks[-1]),
        block_minutes=facts.block_minutes(current),
        margin=wording.percent(MARGIN, 0),
        cautions=cautions.find(
            measures, summary, comparisons, disturbed,
            is_too_noisy=noise.too_noisy(timings, disturbed), apart=pooling.kept_apart(timings),
            split=comparing.blocks_on_different_hosts(measures),
        ),
        parts=[
            part(summary, comparisons, location, uses, labels) for location in locations(summary)
        ],
        places=between.compare(summary, comparisons),
        pictures=[picture(path, captions.get(path.stem, "")) for path in pictures],
        control=facts.control_words(comparisons),
        comparisons=int((~shown(comparisons)["control"].astype(bool)).sum()),
        disturbed=len(disturbed),
        devices=facts.devices(current, labels),
        facts=facts.environment(current),
        commits=facts.values(current, "commit"),
        config=yaml.safe_dump(json.loads(json.dumps(config)), sort_keys=False, allow_unicode=True),
        command=command,
        skipped=dict(skipped or {}),
        not_applicable=dict(not_applicable or {}),
        afforded=afforded,
        images=dict(images or {}),
        uses=uses,
        good_for=dict(good_for or {}),
        has_special=bool(special),
        access_images=images_of_access(shown(summary)),
    )  # fmt: skip
    folder = Path(__file__).parent
    style = (folder / "style.css").read_text(encoding="utf-8")
    made = environment(folder / "sections", labels)
    made.filters["snippets"] = partial(snippets.of, data=data_set.of(config, images or {}))
    template = made.get_template("page.jinja")
    return template.render(page=page, style=style)


def environment(folder: Path, labels: phrases.Labels) -> jinja2.Environment:
    """Make what fills the sections in, with the words that they use."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "ratio": wording.ratio,
        "looks": lambda standing: LOOKS.get(standing, "open"),
        "verb": lambda row: of_operation(row["operation"]).verb,
        **{name: getattr(phrases, name) for name in ("cell", "asked", "value")},
        "label": labels.__getitem__,
        "winners": partial(phrases.winners, labels=labels),
        "lead": partial(phrases.lead, labels=labels),
        "brought_words": phrases.brought,
        "against_baseline": phrases.against_baseline,
        "way_out": phrases.way_out,
        "settling": phrases.settling,
        "duration": wording.duration,
        "epochs_drawn": epochs.draw,
        "not_done": use_notes.NOT_DONE.get,
        "room_words": use_notes.room,
        "rule_words": use_notes.RULES.__getitem__,
        "dropped_words": use_notes.dropped,
        "topic_of": lambda name: of_operation(name).topic,
    }
    made.globals |= {
        "bounded": phrases.bounded,
        "listed": wording.listed,
        "counted": wording.counted,
        "readable_bytes": readable_bytes,
        "of_locations": partial(phrases.of_locations, labels=labels),
        "FIRST_ITEMS": FIRST_ITEMS,
        "MOST_OPEN_PAIRS": MOST_OPEN_PAIRS,
        "MOST_ROWS": MOST_ROWS,
        "WIDE_PIXELS": WIDE_PIXELS,
    }
    return made


def part(
    summary: pd.DataFrame,
    comparisons: pd.DataFrame,
    location: str,
    uses: Answers,
    labels: phrases.Labels,
) -> Part:
    """Answer everything for one place where stores were kept."""
    answers = [answer for answer in uses if answer["location"] == location]
    found = [
        (question, {count: one and indifferent(one, answers) for count, one in by_count.items()})
        for question, by_count in find_all(summary, comparisons, location)
    ]
    numbers = counts(summary, location)
    open_pairs, others = facts.open_pairs(comparisons, location, answers)
    return Part(
        location,
        paragraph.in_words(found, numbers[-1], labels),
        facts.decoding(summary, location),
        [finding for _, row in found if (finding := list(row.values())[-1])],
        numbers,
        [
            (question, list(by_count.values()))
            for question, by_count in found
            if question.is_for_each_count
        ],
        every_format(summary, location, numbers[-1]),
        open_pairs,
        others,
        facts.pair_groups(comparisons, location),
    )


def indifferent(finding: Finding, answers: Answers) -> Finding:
    """Mark what is open but cannot change what to do, in what is said aside, too."""
    behind = finding.behind.backends if finding.behind else ()
    asides = (replace(one, finding=indifferent(one.finding, answers)) for one in finding.asides)
    finding = replace(finding, asides=tuple(asides))
    if finding.standing == Standing.INCONCLUSIVE and not can_matter(
        vars(finding.question), {*finding.winners, *behind}, answers
    ):
        return replace(finding, standing=Standing.INDIFFERENT)
    return finding


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
        " ".join(caption.split()),
    )
