"""Where the names of dots go, so that no words lie over each other."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.path import Path
from matplotlib.text import Annotation
from matplotlib.transforms import Bbox

RADII = (7, 12, 18, 26, 36, 48, 62, 80, 100, 125, 150, 180, 220)
"""How far from its dot a name may be, in pixels."""

NEAR = 18
"""A name that need not be there is there only if it is as near."""

BESIDE = 12
"""A name farther away gets a line to its dot."""

ANGLES = [math.radians(angle) for angle in (0, 180, 45, -45, 135, -135, 90, -90, 20, -20, 160, 200)]
DOT = 5.0
"""Pixels around the middle of a dot that are its own."""

GAP = 2.0

Point = tuple[float, float]


@dataclass(frozen=True)
class Label:
    """The name of one dot.

    Attributes:
        words: the name.
        x: place of the dot, in the axes' data.
        y: likewise.
        must: whether it has to be named, however far away its name is.
        weight: of the font.
        colour: of the words.
    """

    words: str
    x: float
    y: float
    must: bool
    weight: str = "normal"
    colour: str = "#000000"


@dataclass
class Space:
    """What is where in a panel, in pixels.

    Attributes:
        inside: what no name may leave.
        taken: boxes of words and dots.
        lines: that no name is written over.
    """

    inside: Bbox
    taken: list[Bbox]
    lines: list[Path]

    def find(self, size: Bbox, dot: Point, must: bool) -> tuple[Bbox, float] | None:
        """Find the place nearest to a dot where its name fits.

        Args:
            size: the extent of the words, wherever.
            dot: its middle.
            must: whether the name may be far away.

        Returns:
            The box of the words, and how far it is from the dot; or nothing.
        """
        for radius in RADII if must else [one for one in RADII if one <= NEAR]:
            for angle in ANGLES:
                middle = (
                    dot[0] + math.cos(angle) * (radius + size.width / 2),
                    dot[1] + math.sin(angle) * (radius + size.height / 2),
                )
                box = around(middle, size)
                if self.is_free(box) and (radius <= BESIDE or self.can_reach(dot, box)):
                    return box, radius
        return None

    def is_free(self, box: Bbox) -> bool:
        """Whether words can be in a box."""
        return (
            all(self.inside.contains(*corner) for corner in (box.min, box.max))
            and not box.count_overlaps(self.taken)
            and not any(line.intersects_bbox(box, filled=False) for line in self.lines)
        )

    def can_reach(self, dot: Point, box: Bbox) -> bool:
        """Whether a line from a dot to the box of its name meets no other dot and no other name."""
        line = Path([dot, nearest(box, dot)])
        others = (one for one in self.taken if not one.contains(*dot))
        return not any(line.intersects_bbox(one, filled=False) for one in others)


def place_labels(axes: Axes, labels: Sequence[Label], avoid: Iterable[Line2D] = ()) -> None:
    """Write each name near its dot, where no other name and no dot is; the first come first.

    The layout of the figure is settled by this: it must be complete otherwise.

    Args:
        axes: where the dots are.
        labels: of all dots.
        avoid: lines that no name is written over.
    """
    figure = axes.figure
    if not isinstance(figure, Figure):
        raise TypeError("axes of a figure within a figure have another layout")
    figure.draw_without_rendering()
    figure.set_layout_engine("none")
    scale = 72 / figure.dpi
    dots = [pixels(axes, label) for label in labels]
    space = Space(
        axes.get_window_extent(),
        [Bbox.from_extents(x - DOT, y - DOT, x + DOT, y + DOT) for x, y in dots],
        [line.get_transform().transform_path(line.get_path()) for line in avoid],
    )
    for label, dot in zip(labels, dots, strict=True):
        text = write(axes, label)
        found = space.find(text.get_window_extent(), dot, label.must)
        if found is None:
            text.remove()
            continue
        box, radius = found
        middle = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
        text.set_position(((middle[0] - dot[0]) * scale, (middle[1] - dot[1]) * scale))
        space.taken.append(box)
        if radius > BESIDE:
            end = nearest(box, dot)
            space.lines.append(Path([dot, end]))
            axes.annotate(
                "", (label.x, label.y), ((end[0] - dot[0]) * scale, (end[1] - dot[1]) * scale),
                textcoords="offset points",
                arrowprops={
                    "arrowstyle": "-", "color": "#777777", "linewidth": 0.7, "shrinkA": 0,
                    "shrinkB": 3,
                },
            )  # fmt: skip


def write(axes: Axes, label: Label) -> Annotation:
    """Write a name right over its dot, from where it is moved away."""
    return axes.annotate(
        label.words, (label.x, label.y), (0, 0), textcoords="offset points", fontsize=8,
        weight=label.weight, color=label.colour, va="center", ha="center",
    )  # fmt: skip


def pixels(axes: Axes, label: Label) -> Point:
    """The middle of a dot, in pixels."""
    x, y = axes.transData.transform((label.x, label.y))
    return float(x), float(y)


def around(middle: Point, size: Bbox) -> Bbox:
    """The box of some words around their middle, with a gap."""
    wide, high = size.width / 2 + GAP, size.height / 2 + GAP
    return Bbox.from_extents(middle[0] - wide, middle[1] - high, middle[0] + wide, middle[1] + high)


def nearest(box: Bbox, dot: Point) -> Point:
    """The point of a box that is nearest to a dot."""
    return min(max(dot[0], box.x0), box.x1), min(max(dot[1], box.y0), box.y1)
