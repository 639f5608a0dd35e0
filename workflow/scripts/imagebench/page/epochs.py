"""Total time against the number of epochs, as a small drawing in which the lines cross."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..answers.uses import least_epoch
from .use_words import duration

WIDTH, HEIGHT = 640, 300
LEFT, RIGHT, TOP, BOTTOM = 70, 12, 10, 36
"""Pixels of the drawing, and of what is around its lines."""

STEPS = 60
"""Points of a line: on logarithmic axes, it is a curve."""

LINES = 4
"""So many formats have a line."""


@dataclass(frozen=True)
class Line:
    """One format: what it is called, and the points of its line as SVG has them."""

    label: str
    points: str


@dataclass(frozen=True)
class Drawing:
    """What the page draws; places are in pixels.

    Attributes:
        lines: the formats, the answer first.
        across: ticks of the number of epochs, as places and words.
        up: ticks of the total time, likewise.
        marked: where the number of epochs is that was asked about, or measured.
        width, height: of all of it; the lines lie between ``left`` and ``right``, ``top`` and
            ``bottom``.
    """

    lines: Sequence[Line]
    across: Sequence[tuple[float, str]]
    up: Sequence[tuple[float, str]]
    marked: float | None

    width, height = WIDTH, HEIGHT
    left, right, top, bottom = LEFT, WIDTH - RIGHT, TOP, HEIGHT - BOTTOM


def draw(answer: Mapping[str, Any]) -> Drawing | None:
    """Draw what an answer of answer.json foretells; None where there is nothing to compare.

    What works on images may bound how fast an epoch can be, as ``needed_per_second`` says.
    """
    use = answer["use"]
    several = {
        choice["backend"]: choice
        for choice in (answer["best"], answer["before"], *answer["next_best"])
        if choice
    }
    if len(several) < 2:
        return None
    least = least_epoch(use["images"], use["needed_per_second"])
    most = 10 ** math.ceil(math.log10(use["epochs"]) + 0.5)
    epochs = [most ** (step / STEPS) for step in range(STEPS + 1)]
    times = {
        choice["label"]: [
            choice["convert_seconds"][0] + number * max(choice["epoch_seconds"][0], least)
            for number in epochs
        ]
        for choice in list(several.values())[:LINES]
    }
    lowest, highest = min(map(min, times.values())), max(map(max, times.values()))

    def x(number: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * math.log(number) / math.log(most)

    def y(seconds: float) -> float:
        share = math.log(seconds / lowest) / math.log(highest / lowest)
        return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * share

    lines = [
        Line(label, " ".join(f"{x(a):.1f},{y(b):.1f}" for a, b in zip(epochs, of, strict=True)))
        for label, of in times.items()
    ]
    across = [10**power for power in range(round(math.log10(most)) + 1)]
    return Drawing(
        lines,
        [(x(number), f"{number:,}") for number in across],
        [(y(seconds), duration(seconds)) for seconds in round_times(lowest, highest)],
        x(use["epochs"]),
    )


def draw_done(found: Mapping[str, Any], answer: Mapping[str, Any]) -> Drawing:
    """Draw what break_even.json has of an answer, as it was measured; both axes are linear."""
    ends = {
        which: np.cumsum([found["converted"][which], *found["epochs"][which]])
        for which in ("best", "before")
    }
    epochs = len(ends["best"]) - 1
    highest = max(float(of[-1]) for of in ends.values())

    def x(number: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * number / epochs

    def y(seconds: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * seconds / highest

    crossing = found["crossing"]
    step = max(1, round(epochs / 8))
    return Drawing(
        [
            Line(
                answer[which]["label"],
                " ".join(f"{x(number):.1f},{y(seconds):.1f}" for number, seconds in enumerate(of)),
            )
            for which, of in ends.items()
        ],
        [(x(number), str(number)) for number in range(0, epochs + 1, step)],
        [(y(seconds), duration(seconds)) for seconds in even_times(highest)],
        x(crossing) if crossing else None,
    )


def even_times(highest: float) -> list[float]:
    """Give two to five round times, evenly apart, from above zero to the highest."""
    power = 10 ** math.floor(math.log10(highest / 4))
    step = next(of * power for of in (1, 2, 5, 10) if of * power >= highest / 4)
    return [step * number for number in range(1, math.floor(highest / step) + 1)]


UNITS = (0.01, 0.1, 1, 10, 60, 600, 3600, 36_000, 360_000, 3_600_000)
"""Seconds that have a short name."""


def round_times(lowest: float, highest: float) -> list[float]:
    """Give the round times between two; the ends themselves, where there are fewer than two."""
    found = [seconds for seconds in UNITS if lowest <= seconds <= highest]
    return found if len(found) > 1 else [lowest, highest]
