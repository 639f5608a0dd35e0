"""The break-even run: how it is laid out, and what its blocks say.

A candidate and what it competes with are converted to and read in alternating fresh blocks. What a
block takes is scaled to all images and all epochs of the use.
"""

import math
from collections import ChainMap
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from ..evidence.statistics import FEWEST_BLOCKS as FOR_INTERVAL
from ..evidence.statistics import MARGIN, Floats, interval
from .forecast import Interval
from .gain import FEWEST_BLOCKS, Gain, gain_of
from .uses import least_epoch

FEWEST_IMAGES = 10
"""Of fewer images, opening a store would count more than reading them does."""

USUAL_BLOCKS = 7
"""Blocks that are run if there is time for the fewest images in each: with these, a gain of 1.5 is
found up to a noise of 16 %, with five up to 11 %."""

SECONDS = 60
"""Seconds that these take for each use, unless the config says how many minutes there are."""

SHARE_OF_MINUTES = 0.25
"""Share of these minutes that the run takes for all uses together."""

OF_A_SIDE = 1.0
"""Seconds that one side of a block takes besides: a process starts and imports libraries."""

READS = 4
"""Times that an image is read in a block: to know what must come back, to fill or empty the page
cache, in the timed epoch, and in one more where a state of the cache was not proven."""

COPY = "files+original"
"""The files as they are, beside the other stores: what a store on another device competes with."""


class WhyNot(StrEnum):
    """Why there was no break-even run."""

    NOTHING_TO_COMPARE = "nothing to compare"
    NO_GAIN = "no gain"
    TOO_LONG = "too long"
    UNPROVEN = "unproven"


@dataclass(frozen=True)
class Layout:
    """How a break-even run is laid out.

    Attributes:
        images: number of images in a block.
        blocks: number of blocks.
    """

    images: int
    blocks: int


def why_not(listed: Mapping[str, Any]) -> WhyNot | None:
    """Return why there is nothing to run for an entry of shortlist.json; None if there is."""
    if not listed["candidate"] or not listed["before"]:
        return WhyNot.NOTHING_TO_COMPARE
    is_free = listed["is_there"] and listed["broken"] is None
    at_most = listed["at_most"]
    if is_free and at_most is not None and at_most <= 1 + MARGIN:
        return WhyNot.NO_GAIN
    return None


def question_of(
    listed: Mapping[str, Any], names: Mapping[str, str], job: Mapping[str, Any]
) -> dict[str, Any]:
    """Return all that decides what a break-even run measures.

    Neither the epochs nor the number of images of the use, to which its blocks are scaled; nor what
    else was measured, which only says how many images there is time for.

    Args:
        listed: entry of shortlist.json.
        names: the backends that are compared.
        job: as the script has it.
    """
    use, location = listed["use"], listed["location"]
    way, formats = job["ways"][use["access"]], [job["formats"][name] for name in names.values()]
    settings = {name: value for name, value in way["settings"].items() if name != "piece_bytes"}
    return {
        "cell": {
            "location": location, "folder": job["locations"][location], **names,
            "access": use["access"], "cache": use["cache"],
        },
        "images": job["images"],
        "settings": {**settings, **job["pieces"]},
        "sample": {
            "most": job["most"], "blocks": max(job["blocks"], USUAL_BLOCKS),
            "seconds": job["seconds"], "after": job["after"],
        },
        "code": dict(ChainMap(way["code"], *(of["code"] for of in formats))),
        "versions": dict(ChainMap(*(of["versions"] for of in formats))),
    }  # fmt: skip


def seconds_for(minutes: int, uses: int, blocks: int) -> float:
    """Return the seconds that a break-even run may take for one of so many uses.

    Args:
        minutes: of the whole run; 0 if the config does not limit them.
        uses: number of uses.
        blocks: of the config; with no limit of minutes, more than the usual ones take longer.
    """
    if minutes:
        return 60 * minutes * SHARE_OF_MINUTES / uses
    return SECONDS * max(1.0, blocks / USUAL_BLOCKS)


def layout_of(
    listed: Mapping[str, Any], seconds: float, most: int, blocks: int = 0, sides: int = 2
) -> tuple[Layout | None, float]:
    """Return how many images and blocks fit into so many seconds; None if too few do.

    Args:
        listed: entry of shortlist.json, for which ``why_not`` gives None.
        seconds: that the run may take.
        most: number of images that there are for a block.
        blocks: of the config; as many are run if there is time left and no more images.
        sides: number of formats that are compared.

    Returns:
        The layout, and the seconds as a share of those that the smallest one needs, 1 at most.
    """
    both = listed["candidate"], listed["before"]
    an_image = sum(
        choice["convert_seconds"][0] + READS * choice["epoch_seconds"][0] for choice in both
    ) * (sides / 2) / listed["use"]["images"]  # fmt: skip
    least = min(FEWEST_IMAGES, most)
    for usual in range(USUAL_BLOCKS, FEWEST_BLOCKS - 1, -1):
        images = int((seconds / usual - sides * OF_A_SIDE) / an_image)
        if images >= most:
            fitting = int(seconds / (most * an_image + sides * OF_A_SIDE))
            return Layout(most, max(usual, min(blocks, fitting))), 1.0
        if images >= least:
            return Layout(images, usual), 1.0
    return None, seconds / FEWEST_BLOCKS / (least * an_image + sides * OF_A_SIDE)


def totals(side: Mapping[str, list[float]], use: Mapping[str, Any], images: int) -> Floats:
    """Return the seconds in all of one side, one a block.

    Args:
        side: ``convert`` and ``epoch`` of break_even.json, in seconds, one a block.
        use: of the same answer.
        images: number of images in a block.
    """
    scale = use["images"] / images
    convert, epoch = scale * np.array(side["convert"]), scale * np.array(side["epoch"])
    least = least_epoch(use["images"], use["needed_per_second"])
    found: Floats = convert + use["epochs"] * np.maximum(epoch, least)
    return found


def gain_by(done: Mapping[str, Any], use: Mapping[str, Any], against: str, uses: int) -> Gain:
    """Return what the candidate gains over another side of a break-even run.

    Args:
        done: entry of break_even.json whose ``why_not`` is null.
        use: of the same answer.
        against: "before" or "copy".
        uses: number of answers that share the risk.
    """
    sides = done["sides"]
    staying, moving = (totals(sides[name], use, done["images"]) for name in (against, "candidate"))
    return gain_of(staying, moving, uses)


def pays_after(spent: Floats, saved: Floats) -> Interval | None:
    """Return the epochs after which the time to convert is saved, with a 95 % interval.

    Args:
        spent: seconds by which converting takes longer, one a block.
        saved: seconds by which an epoch is shorter, one a block.

    Returns:
        Zeros if nothing is spent, None if nothing is saved; bounds are not-a-number if blocks
        disagree on either, or are too few.
    """
    if np.mean(saved) <= 0:
        return None
    if np.mean(spent) <= 0:
        return 0.0, 0.0, 0.0
    epochs = spent / saved
    if (epochs <= 0).any() or len(epochs) < FOR_INTERVAL:
        return float(np.mean(spent) / np.mean(saved)), math.nan, math.nan
    low, high = interval(epochs)
    return float(np.exp(np.log(epochs).mean())), low, high
