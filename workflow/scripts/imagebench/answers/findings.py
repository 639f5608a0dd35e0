"""What is found for each question: numbers and names, for the page has the words."""

import math
from dataclasses import dataclass
from enum import StrEnum

from ..states import Verdict
from .questions import Question


class Standing(StrEnum):
    """How surely a question is answered: by a verdict, by counting, or not at all."""

    FASTER = Verdict.FASTER
    SAME = Verdict.SAME
    INCONCLUSIVE = Verdict.INCONCLUSIVE
    INDIFFERENT = "does not change what to do"
    NO_VERDICT = "no verdict yet"
    COUNTED = "counted"
    ALONE = "nothing to compare with"
    UNPROVEN = "not proven cold"


class Counting(StrEnum):
    """What is not set against the others unasked: it is faster or smaller at a price."""

    LOSSY = "lossy formats"
    THREADS = "several threads"


@dataclass(frozen=True)
class Behind:
    """How far others are behind the winners.

    Attributes:
        backends: names of the others; none where all are alike.
        ratios: how many times as long, or as much, each takes as the first winner.
        low: end of the 95 % interval of the ratio, where there is one alone; else not-a-number.
        high: its other end.
        value: bytes or files of the first of the others, where these were counted.
    """

    backends: tuple[str, ...] = ()
    ratios: tuple[float, ...] = ()
    low: float = math.nan
    high: float = math.nan
    value: float = math.nan


@dataclass(frozen=True)
class Multiple:
    """How many times as much as the baseline winners take; one alone has an interval."""

    ratios: tuple[float, ...]
    low: float = math.nan
    high: float = math.nan


@dataclass(frozen=True)
class Aside:
    """Another finding, where formats count that lose something or that use several threads."""

    counting: Counting
    finding: "Finding"


@dataclass(frozen=True)
class Finding:
    """What the measurements say to one question at one number of images.

    Attributes:
        question: what was asked.
        images: how many images it is about.
        winners: names of the best backends, several where they are not shown to differ; none
            where the question could not be answered.
        standing: how surely.
        value: seconds, bytes or files of the first winner.
        behind: how far the others are behind; None without any.
        multiple: of the baseline; None without it.
        blocks: how many blocks this stands on.
        blocks_to_settle: how many would bring a verdict, where there is none.
        asides: other findings, where more formats count than those that lose nothing with one
            thread, and where that changes the answer.
    """

    question: Question
    images: int
    winners: tuple[str, ...] = ()
    standing: Standing = Standing.UNPROVEN
    value: float = math.nan
    behind: Behind | None = None
    multiple: Multiple | None = None
    blocks: int = 0
    blocks_to_settle: int | None = None
    asides: tuple[Aside, ...] = ()
