"""Total time against the number of epochs, as a small drawing in which the lines cross."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..answers.uses import least_epoch
from ..wording import duration

WIDTH, HEIGHT = 640, 300
LEFT, RIGHT, TOP, BOTTOM = 70, 12, 10, 36
"""Pixels of the drawing, and of what is around its lines."""

STEPS = 60
"""Points of a line: on logarithmic axes, it is a curve."""


@dataclass(frozen=True)
class Line:
    """One format: what it is called, and the points of its line as SVG has them."""

    label: str
    points: str


@dataclass(frozen=True)
class Drawing:
    """What the page draws; places are in pixels.

    Attributes:
        lines: the formats, the candidate first.
        across: ticks of the number of epochs, as places and words.
        up: ticks of the total time, likewise.
        marked: where the number of epochs is that was asked about.
        width, height: of all of it; the lines lie between ``left`` and ``right``, ``top`` and
            ``bottom``.
    """

    lines: Sequence[Line]
    across: Sequence[tuple[float, str]]
    up: Sequence[tuple[float, str]]
    marked: float

    width, height = WIDTH, HEIGHT
    left, right, top, bottom = LEFT, WIDTH - RIGHT, TOP, HEIGHT - BOTTOM


def draw(answer: Mapping[str, Any]) -> Drawing | None:
    """Draw both formats of an answer of answer.json; None if there are not two.

    What works on images may bound how fast an epoch can be, as ``needed_per_second`` says.
    """
    use, sides = answer["use"], answer["sides"]
    if len(sides) < 2:
        return None
    least = least_epoch(use["images"], use["needed_per_second"])
    most = 10 ** math.ceil(math.log10(use["epochs"]) + 0.5)
    epochs = [most ** (step / STEPS) for step in range(STEPS + 1)]
    times = [
        [side["convert"] + number * max(side["epoch"], least) for number in epochs]
        for side in sides.values()
    ]
    lowest, highest = min(map(min, times)), max(map(max, times))

    def x(number: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * math.log(number) / math.log(most)

    def y(seconds: float) -> float:
        share = math.log(seconds / lowest) / math.log(highest / lowest)
        return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * share

    lines = [
        Line(
            answer[which]["label"],
            " ".join(f"{x(a):.1f},{y(b):.1f}" for a, b in zip(epochs, of, strict=True)),
        )
        for which, of in zip(sides, times, strict=True)
    ]
    across = [10**power for power in range(round(math.log10(most)) + 1)]
    return Drawing(
        lines,
        [(x(number), f"{number:,}") for number in across],
        [(y(seconds), duration(seconds)) for seconds in round_times(lowest, highest)],
        x(use["epochs"]),
    )


UNITS = (0.01, 0.1, 1, 10, 60, 600, 3600, 36_000, 360_000, 3_600_000)
"""Seconds that have a short name."""


def round_times(lowest: float, highest: float) -> list[float]:
    """Give the round times between two; the ends themselves, where there are fewer than two."""
    found = [seconds for seconds in UNITS if lowest <= seconds <= highest]
    return found if len(found) > 1 else [lowest, highest]
