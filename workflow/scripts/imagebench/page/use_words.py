"""An answer that can be read aloud: what to do, what it gains, how sure that is."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .. import wording
from ..answers.break_even import WhyNot
from ..answers.forecast import FARTHEST, Refusal
from ..answers.using import Answer, Choice
from ..evidence.statistics import FEWEST_BLOCKS, MARGIN
from ..sizes import readable_bytes
from . import phrases

MORE = "set image_count and cutoffs to more"
REFUSALS = {
    Refusal.TOO_FAR: f"they are more than {FARTHEST} times as many; {MORE}",
    Refusal.BENDS: f"the time an image changes with their number; {MORE}",
    Refusal.HIDDEN: f"among so few, opening a store takes most of the time; {MORE}",
    Refusal.CACHE: f"the processor's cache holds all that were measured, and not these; {MORE}",
    Refusal.MEMORY: "memory holds all that were measured, and not these",
    Refusal.ROOM: "the file system that was measured cannot hold them",
}
"""Why nothing is foretold."""

SIMPLER = {
    "stays": "staying is simplest",
    "keeps_files": "this leaves the files as they are",
    "lossless": "this loses nothing",
    "few_files": "this has few files",
    "small": "this is smallest",
    "widely_read": "this is what most programs read",
}
"""Why something was taken though another is faster by a little."""

RULES = {
    "lossless": "nothing may be lost (lossless)",
    "keep_originals": "the files must be kept byte for byte (keep_originals)",
    "most_files": "there would be too many files (most_files)",
    "most_bytes": "it would take too much space (most_bytes)",
    "most_memory": "reading it takes too much memory of its own (most_memory)",
    "network_file_system": "it is not made for a network file system (network_file_system)",
    "appendable": "images cannot be added to it (appendable)",
}
"""Why a format is ruled out, by the key of the config."""


def sentences(answer: Answer) -> list[str]:
    """Say what to do, what it gains, and how sure that is."""
    if answer.best is None:
        return nothing_left(answer)
    return [what(answer), gain(answer), certainty(answer)]


def nothing_left(answer: Answer) -> list[str]:
    """Say that no format fits, and which rule to loosen; or that nothing was measured."""
    if not answer.ruled_out:
        return ["Nothing was measured that would answer this: no read of this kind was proven."]
    way_out = f" Loosen {answer.loosen} first." if answer.loosen else ""
    count = wording.counted(len(answer.ruled_out), "format")
    return [f"No format fits: each of {count} breaks a rule.{way_out}"]


def what(answer: Answer) -> str:
    """Say what to do."""
    best = answer.best
    assert best is not None  # noqa: S101
    if answer.stays:
        reason = "nothing that was measured gains enough to move them"
        if answer.use.needed_per_second and rate(best, answer) >= answer.use.needed_per_second:
            reason = "they come as fast as they are needed"
        return f"Leave them as they are: {reason}."
    return f"Keep them as {best.label} ({best.backend})."


def gain(answer: Answer) -> str:
    """Say how long all takes, and what that saves."""
    best, before, use = answer.best, answer.before, answer.use
    assert best is not None  # noqa: S101
    epochs = wording.counted(use.epochs, "epoch")
    takes = "takes" if use.epochs == 1 else "take"
    whole = duration(best.total_seconds[0])
    per_second = f"{rate(best, answer):,.0f} images a second"
    if before is None or answer.stays:
        return f"{epochs} then {takes} {whole}, at {per_second}."
    ratio = before.ratio[0]
    if ratio <= 1 + MARGIN:
        return f"{epochs} then {takes} {whole}, about as long as with {before.label}."
    words = f"{epochs} then {takes} {whole} instead of {duration(before.total_seconds[0])}"
    words += f" with {before.label}, conversion included"
    pays = answer.pays_after
    if pays is None:
        return f"{words}."
    if pays[0] <= 1:
        return f"{words}; it has paid for itself within the first epoch."
    bounds = "" if math.isnan(pays[1]) else f" [{math.floor(pays[1])}, {math.ceil(pays[2])}]"
    return f"{words}; it has paid for itself after {math.ceil(pays[0])} epochs{bounds}."


def certainty(answer: Answer) -> str:
    """Say how sure that is."""
    return f"{how_sure(answer)}{how_far(answer)}"


def how_sure(answer: Answer) -> str:
    """Say how the next best format compares."""
    repeats = wording.counted(answer.blocks, "repeat")
    if answer.blocks < FEWEST_BLOCKS:
        return f"It rests on {repeats}, too few to say how sure it is."
    if not answer.next_best:
        return "Nothing else fits, so that there was no choice."
    other = answer.next_best[0]
    times, bounds = wording.bounded(*other.ratio)
    if answer.simpler_by:
        reason = SIMPLER[answer.simpler_by]
        after = f"{times} times as long {bounds}. Of what is about as fast, {reason}."
        return f"Over {repeats}, {other.label} takes {after}"
    doubt = "" if other.ratio[1] > 1 else ", so that it may as well be the better one"
    words = f"takes {times} times as long {bounds}{doubt}."
    return f"Over {repeats}, the next best, {other.label}, {words}"


def how_far(answer: Answer) -> str:
    """Say how far the number of images is from what was measured; nothing where it is the same."""
    measured = f"{answer.measured:,}"
    if answer.refused:
        asked = f"{answer.asked_images:,}"
        return (
            f" All of this is about {measured} images. Of {asked} nothing is foretold: "
            f"{REFUSALS[answer.refused]}."
        )
    is_foretold = answer.use.images > answer.measured
    return f" All of it is foretold from what {measured} images took." if is_foretold else ""


def room(answer: Mapping[str, Any]) -> str:
    """Say what as many images as were asked about will take of a disk and of memory."""
    best, images = answer["best"], f"{answer['use']['images']:,} images"
    size, memory = (spanned(best[of], readable_bytes) for of in ("size", "memory"))
    files = spanned(best["files"], lambda count: f"{count:,.0f}")
    plural = "s" if best["files"][2] > 1 else ""
    return (
        f"On disk, {images} are foretold to take {size}, in {files} file{plural}; a process that "
        f"reads them has {memory} of memory of its own, which the system cannot take back."
    )


def spanned(values: Sequence[float], words: Callable[[float], str]) -> str:
    """A value, and its bounds where they differ once they are put into words."""
    middle, low, high = (words(math.ceil(value)) for value in values)
    return middle if low == high else f"{middle} ({low} to {high})"


def done(found: Mapping[str, Any]) -> str:
    """Say what came of doing what was recommended, or why it was not done, where one may ask."""
    if reason := found["why_not"]:
        return NOT_DONE.get(WhyNot(reason), "")
    epochs = wording.counted(len(found["epochs"]["best"]), "epoch")
    images = f"{found['images']:,} images"
    words = f"It was done with {images}: converted once, and read both ways for {epochs}."
    times, bounds = phrases.bounded(*found["predicted"])
    if found["crossing"] is None:
        return f"{words} It had not paid for itself by then; {times} {bounds} were predicted."
    if not found["crossing"]:
        return f"{words} It took no longer to store in the first place."
    measured = wording.ratio(found["crossing"])
    return f"{words} It had paid for itself after {measured} epochs; predicted: {times} {bounds}."


NOT_DONE = {
    WhyNot.AFTER_THE_LAST_EPOCH: "It would not have paid for itself within as many epochs, so that "
    "it was not tried how many it takes.",
    WhyNot.TOO_LONG: "It was not tried when it pays for itself, since even a few images would have "
    "taken too long.",
    WhyNot.UNPROVEN: "When it pays for itself was tried, but the system did not keep the page "
    "cache as it was to be.",
}
"""Why what was recommended was not done, where a reader may ask."""


def rate(choice: Choice, answer: Answer) -> float:
    """Images a second."""
    return answer.use.images / choice.epoch_seconds[0]


def duration(seconds: float) -> str:
    """A time as one says it: "3 h 10 min", "7 min", "45 s", "0.3 s"."""
    if seconds >= 3570:
        hours, minutes = divmod(round(seconds / 60), 60)
        return f"{hours:,} h {minutes} min" if minutes and hours < 100 else f"{hours:,} h"
    if seconds >= 99.5:
        return f"{seconds / 60:.0f} min"
    return f"{seconds:.0f} s" if seconds >= 9.95 else f"{seconds:.2g} s"
