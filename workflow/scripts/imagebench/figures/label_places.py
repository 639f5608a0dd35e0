"""Where the names of dots go, so that no words lie over each other."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.path import Path
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
SPOT = 60.0
"""Pixels that dots with one name take together, at most."""

MOST_LISTED = 3
"""Of more dots on one spot, not all are named."""

Point = tuple[float, float]


@dataclass(frozen=True)
class Label:
    """The name of one dot, or of several that lie over each other.

    Attributes:
        words: the name.
        x: place of the dot, in the axes' data.
        y: likewise.
        must: whether it has to be named, however far away its name is.
        weight: of the font.
        colour: of the words.
        kind: what it is one of, in the plural, if dots of that kind may be named together.
        is_alone: whether its name is not joined with others.
    """

    words: str
    x: float
    y: float
    must: bool
    weight: str = "normal"
    colour: str = "#000000"
    kind: str = ""
    is_alone: bool = False


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

    def find(self, size: Bbox, dots: Bbox, must: bool) -> tuple[Bbox, float] | None:
        """Find the place nearest to a dot, or to several, where the name fits.

        Args:
            size: the extent of the words, wherever.
            dots: the box of what is named.
            must: whether the name may be far away.

        Returns:
            The box of the words, and how far it is from the dot; or nothing.
        """
        for radius in RADII if must else [one for one in RADII if one <= NEAR]:
            for angle in ANGLES:
                wide, high = (size.width + dots.width) / 2, (size.height + dots.height) / 2
                middle = (
                    (dots.x0 + dots.x1) / 2 + math.cos(angle) * (radius - DOT + wide),
                    (dots.y0 + dots.y1) / 2 + math.sin(angle) * (radius - DOT + high),
                )
                box = around(middle, size)
                if self.is_free(box) and (radius <= BESIDE or self.can_reach(dots, box)):
                    return box, radius
        return None

    def is_free(self, box: Bbox) -> bool:
        """Whether words can be in a box."""
        return (
            all(self.inside.contains(*corner) for corner in (box.min, box.max))
            and not box.count_overlaps(self.taken)
            and not any(line.intersects_bbox(box, filled=False) for line in self.lines)
        )

    def can_reach(self, dots: Bbox, box: Bbox) -> bool:
        """Whether a line from dots to the box of their name meets no other dot and no name."""
        line = between(dots, box)
        others = (one for one in self.taken if not dots.contains(*middle_of(one)))
        return not any(line.intersects_bbox(one, filled=False) for one in others)


def place_labels(axes: Axes, labels: Sequence[Label], avoid: Iterable[Line2D] = ()) -> None:
    """Write each name near its dot, where no other name and no dot is; the first come first.

    Dots that lie over each other have one name. The layout of the figure is settled by this: it
    must be complete otherwise.

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
    boxes = {label: box_of(axes, label) for label in labels}
    space = Space(
        axes.get_window_extent(),
        list(boxes.values()),
        [line.get_transform().transform_path(line.get_path()) for line in avoid],
    )
    for group in on_one_spot(boxes):
        label, dots = joined(group), Bbox.union([boxes[one] for one in group])
        x, y = axes.transData.inverted().transform(middle_of(dots))
        text = axes.annotate(
            label.words, (x, y), (0, 0), textcoords="offset points", fontsize=8,
            weight=label.weight, color=label.colour, va="center", ha="center",
        )  # fmt: skip
        found = space.find(text.get_window_extent(), dots, label.must)
        if found is None:
            text.remove()
            continue
        box, radius = found
        text.set_position(tuple(scale * (np.array(middle_of(box)) - middle_of(dots))))
        space.taken.append(box)
        if radius > BESIDE:
            line = between(dots, box)
            space.lines.append(line)
            ends = axes.transData.inverted().transform(line.vertices)
            axes.plot(*ends.T, color="#777777", linewidth=0.7, zorder=1)


def on_one_spot(boxes: Mapping[Label, Bbox]) -> list[list[Label]]:
    """Put labels together whose dots lie over each other, as far as they may be joined."""
    groups: list[list[Label]] = []
    for label, box in boxes.items():
        near = (of for of in groups if not label.is_alone and not of[0].is_alone)
        for group in near:
            whole = Bbox.union([box, *(boxes[one] for one in group)])
            touches = box.count_overlaps([boxes[one] for one in group])
            if touches and max(whole.width, whole.height) <= SPOT:
                group.append(label)
                break
        else:
            groups.append([label])
    return groups


def joined(group: Sequence[Label]) -> Label:
    """Make one name of those of a group: a few are listed, and more are counted."""
    first, count = group[0], len(group)
    if count == 1:
        return first
    if count <= MOST_LISTED:
        words = "\n".join(one.words for one in sorted(group, key=lambda one: -one.y))
    elif first.kind and all(one.kind == first.kind for one in group):
        words = f"{count} {first.kind}"
    else:
        words = f"{first.words}\nand {count - 1} others"
    weight = first.weight if all(one.weight == first.weight for one in group) else "normal"
    return replace(first, words=words, must=True, weight=weight)


def box_of(axes: Axes, label: Label) -> Bbox:
    """The box of a dot, in pixels."""
    x, y = axes.transData.transform((label.x, label.y))
    return Bbox.from_extents(x - DOT, y - DOT, x + DOT, y + DOT)


def middle_of(box: Bbox) -> Point:
    """The middle of a box."""
    return float(box.x0 + box.x1) / 2, float(box.y0 + box.y1) / 2


def around(middle: Point, size: Bbox) -> Bbox:
    """The box of some words around their middle, with a gap."""
    wide, high = size.width / 2 + GAP, size.height / 2 + GAP
    return Bbox.from_extents(middle[0] - wide, middle[1] - high, middle[0] + wide, middle[1] + high)


def between(dots: Bbox, box: Bbox) -> Path:
    """The line from what is named to its name."""
    end = nearest(box, middle_of(dots))
    return Path([nearest(dots, end), end])


def nearest(box: Bbox, point: Point) -> Point:
    """The point of a box that is nearest to another point."""
    return min(max(point[0], box.x0), box.x1), min(max(point[1], box.y0), box.y1)
