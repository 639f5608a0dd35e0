"""What to do for a use: decided once, after the break-even run, in numbers and names.

The terminal, the page and answer.json are all written from this one finding. If the images are
there as files, the default is to stay: to move is advised only if the break-even run shows a gain
above the margin, with a risk of 1 % that all uses of a run share. Where nothing was there before,
the candidate is kept.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np

from ..evidence.statistics import MARGIN
from .break_even import USUAL_BLOCKS, WhyNot, gain_by, pays_after, totals
from .forecast import FARTHEST, Refusal
from .gain import Gain

FAR_FROM_PLAIN = 2.0
"""If an epoch takes this many times as long as one of plain bytes, better formats may exist."""

MOST_LONGER = 20.0
"""A run of more than this many times the length is not worth its while."""

LONGER_AT_LEAST = 1.3
"""A run that is no longer than this many times as long would not settle what is open."""


class Kind(StrEnum):
    """What is advised."""

    MOVE = "move"
    STAY = "stay"
    KEEP = "keep"
    NOTHING = "nothing"


class Why(StrEnum):
    """Why the files stay where they are."""

    NOTHING_ELSE = "nothing else was measured"
    NOTHING_FITS = "no other format fits"
    AS_NEEDED = "they come as fast as they are needed"
    NO_GAIN = "no gain above the margin"
    OPEN = "the gain is not sure"
    OTHER_DEVICE = "the gain is one of devices"
    NOT_RUN = "the break-even run was not possible"


@dataclass(frozen=True)
class Run:
    """What is known of the run beside its measurements.

    Attributes:
        answers: number of answers, which share the risk.
        minutes: that the run may take; 0 for any number.
        blocks: that the config asks for.
        unmeasured: formats that the ready-made configs have, and this run has not measured.
        minutes_for_all: minutes that would do for the formats that were left out for lack of time.
        drops: for how many files of a folder pages and orientation are dropped by what does not
            keep the files.
        cautions: what must be known before an answer is believed; each has ``kind``, ``count`` and
            ``total``.
        warnings: what must be known of a format that is advised, by its backend.
    """

    answers: int = 1
    minutes: int = 0
    blocks: int = 3
    unmeasured: Sequence[str] = ()
    minutes_for_all: int | None = None
    drops: Mapping[str, int] | None = None
    cautions: Sequence[Mapping[str, Any]] = ()
    warnings: Mapping[str, Sequence[str]] = field(default_factory=dict)


def advise(listed: Mapping[str, Any], done: Mapping[str, Any], run: Run) -> dict[str, Any]:
    """Return an answer of answer.json, without its sentences.

    Args:
        listed: entry of shortlist.json.
        done: entry of break_even.json for the same use and location.
        run: see ``Run``.
    """
    gain = copy = None
    is_scaled = can_be_scaled(listed, done)
    use = {**listed["use"], "images": listed["asked_images"]} if is_scaled else listed["use"]
    if done["why_not"] is None:
        gain = gain_by(done, use, "before", run.answers)
        if "copy" in done["sides"]:
            copy = gain_by(done, use, "copy", run.answers)
    kind, why = decide(listed, done, gain, copy)
    best = {Kind.STAY: listed["before"], Kind.NOTHING: None}.get(kind, listed["candidate"])
    otherwise = listed["otherwise"].items()
    factor = longer(copy if why == Why.OTHER_DEVICE else gain) if kind == Kind.STAY else None
    plain = listed["against_plain_bytes"].get(best["backend"]) if best else None
    return {
        "location": listed["location"],
        "kind": kind,
        "why": why,
        "use": use,
        "best": best,
        "stays": kind == Kind.STAY,
        "candidate": listed["candidate"],
        "before": listed["before"],
        "broken": listed["broken"],
        "gain": gain and {**asdict(gain), "images": done["images"], "fresh": done["fresh"]},
        "not_compared": done["why_not"],
        "gain_beside": copy and asdict(copy),
        "other_device": done.get("other_device", False),
        "sides": sides_of(listed, done, use),
        "scaled_from": done["images"] if is_scaled else None,
        "pays_after": epochs_to_pay(done) if gain and kind != Kind.STAY else None,
        "minutes_to_tell": minutes_to_tell(why, done, run, factor),
        "blocks_to_tell": blocks_to_tell(run, factor),
        "measured": listed["measured"],
        "chosen_for": listed["use"]["images"],
        "blocks": listed["blocks"],
        "others": listed["others"],
        "unmeasured": list(run.unmeasured),
        "far_from_plain_bytes": plain if plain and plain > FAR_FROM_PLAIN else None,
        "alike": listed["alike"],
        "simpler_by": listed["simpler_by"],
        "next_best": listed["next_best"],
        "ruled_out": listed["ruled_out"],
        "loosen": listed["loosen"],
        "drops": dict(run.drops or {}),
        "refused": None if is_scaled else listed["refused"],
        "asked_images": listed["asked_images"],
        "otherwise": {
            change: None if best and name == best["backend"] else name for change, name in otherwise
        },
        "cautions": list(run.cautions),
        "warnings": list(run.warnings.get(best["backend"], ())) if best else [],
    }


def can_be_scaled(listed: Mapping[str, Any], done: Mapping[str, Any]) -> bool:
    """Return True if the break-even run tells of all images, though the main run does not.

    It has more images in a block, so that these may be enough where those of the main run are too
    few.
    """
    is_few = listed["refused"] in (Refusal.TOO_FAR, Refusal.HIDDEN)
    if not is_few or done["why_not"] is not None:
        return False
    return bool(listed["asked_images"] <= FARTHEST * done["images"])


def decide(
    listed: Mapping[str, Any], done: Mapping[str, Any], gain: Gain | None, copy: Gain | None
) -> tuple[Kind, Why | None]:
    """Return what is advised, and why if that is to stay."""
    if not listed["candidate"] and (not listed["is_there"] or listed["broken"]):
        return Kind.NOTHING, None
    if not listed["is_there"]:
        return Kind.KEEP, None
    is_better = gain and gain.is_sure and (copy is None or copy.is_sure)
    if listed["broken"] or is_better:  # if staying breaks a rule, there is no other way
        return Kind.MOVE, None
    return Kind.STAY, why_to_stay(listed, done, gain)


def why_to_stay(listed: Mapping[str, Any], done: Mapping[str, Any], gain: Gain | None) -> Why:
    """Return why the files stay where they are."""
    needed, before = listed["use"]["needed_per_second"], listed["before"]["epoch_seconds"][0]
    if not listed["candidate"]:
        return Why.NOTHING_FITS if listed["others"] else Why.NOTHING_ELSE
    if gain and gain.is_sure:
        return Why.OTHER_DEVICE
    if needed and listed["use"]["images"] / before >= needed:
        return Why.AS_NEEDED
    if gain:
        return Why.NO_GAIN if gain.is_excluded else Why.OPEN
    return Why.NO_GAIN if done["why_not"] == WhyNot.NO_GAIN else Why.NOT_RUN


def sides_of(
    listed: Mapping[str, Any], done: Mapping[str, Any], use: Mapping[str, Any]
) -> dict[str, dict[str, float]]:
    """Return the seconds to ``convert``, of an ``epoch`` and in ``total`` of both formats.

    They are of all images of the use, by the break-even run if there was one, else by the main run.
    """
    found = {}
    for name in ("candidate", "before"):
        choice = listed[name]
        if choice and done["why_not"] is None:
            side, scale = done["sides"][name], use["images"] / done["images"]
            found[name] = {
                **{part: scale * float(np.mean(side[part])) for part in ("convert", "epoch")},
                "total": float(np.exp(np.log(totals(side, use, done["images"])).mean())),
            }
        elif choice:
            found[name] = {
                part: choice[f"{part}_seconds"][0] for part in ("convert", "epoch", "total")
            }
    return found


def epochs_to_pay(done: Mapping[str, Any]) -> list[float | None] | None:
    """Return the epochs after which converting has paid for itself, and the ends of the interval.

    Unknown ends are None. Zero means that it takes no longer in the first place.
    """
    before, candidate = (
        {name: np.array(of) for name, of in done["sides"][which].items()}
        for which in ("before", "candidate")
    )
    spent = candidate["convert"] - before["convert"]
    found = pays_after(spent, before["epoch"] - candidate["epoch"])
    return found and [value if math.isfinite(value) else None for value in found]


def longer(gain: Gain | None) -> float | None:
    """Return how many times as long a run must be to settle a gain that is open; None if too long.

    Bounds come closer with the root of a run's length.
    """
    if gain is None or gain.is_sure or gain.is_excluded:
        return None
    distance = abs(math.log(gain.ratio / (1 + MARGIN)))
    half = math.log(gain.at_most / gain.ratio)
    factor = max(LONGER_AT_LEAST, (half / distance) ** 2) if distance else math.inf
    return factor if factor <= MOST_LONGER else None


def blocks_to_tell(run: Run, factor: float | None) -> int | None:
    """Return the blocks of a config that would tell more; None if none would, or minutes count."""
    if run.minutes or factor is None:
        return None
    return math.ceil(max(run.blocks, USUAL_BLOCKS) * factor)


def minutes_to_tell(
    why: Why | None, done: Mapping[str, Any], run: Run, factor: float | None
) -> int | None:
    """Return the minutes of a run that would tell more; None if none would, or all are allowed."""
    if not run.minutes:
        return None
    if why == Why.NOTHING_ELSE:
        return run.minutes_for_all
    if why == Why.NOT_RUN and done.get("share_of_need"):
        return math.ceil(run.minutes / float(done["share_of_need"]))
    return math.ceil(run.minutes * factor) if factor else None
