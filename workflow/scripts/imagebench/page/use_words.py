"""An answer that can be read aloud: what to do, what it gains, how sure that is."""

import math

from .. import wording
from ..answers.using import FARTHEST, Answer, Choice
from ..evidence.statistics import FEWEST_BLOCKS, MARGIN

BENT = 1.35
"""So many times as long an image may take among ten times as many, before that is said."""

RULES = {
    "lossless": "nothing may be lost (lossless)",
    "keep_originals": "the files must be kept byte for byte (keep_originals)",
    "most_files": "there would be too many files (most_files)",
    "most_bytes": "it would take too much space (most_bytes)",
    "most_memory": "reading it takes too much memory (most_memory)",
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
    """Say that no format fits, and which rule to loosen; or that nothing can be known of it."""
    if answer.is_too_far:
        images, measured = f"{answer.use.images:,}", f"{answer.measured:,}"
        return [
            f"Of {images} images nothing can be said: that is more than {FARTHEST} times the "
            f"{measured} that were measured. Set image_count and cutoffs to more."
        ]
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
    if answer.alike:
        after = f"{times} times as long {bounds}: of what is about as fast, the simplest was taken."
        return f"Over {repeats}, {other.label} takes {after}"
    doubt = "" if other.ratio[1] > 1 else ", so that it may as well be the better one"
    words = f"takes {times} times as long {bounds}{doubt}."
    return f"Over {repeats}, the next best, {other.label}, {words}"


def how_far(answer: Answer) -> str:
    """Say how far the number of images is from what was measured; nothing where it is the same."""
    images, measured = answer.use.images, answer.measured
    if images == measured:
        return ""
    words = "which holds only as long as time grows as their number does"
    bent = ""
    if images > measured and answer.bend > BENT:
        times = wording.ratio(answer.bend)
        bent = f"; among most that were measured, an image already took {times} times as long"
    return f" All of it is scaled from {measured:,} images, {words}{bent}."


def rate(choice: Choice, answer: Answer) -> float:
    """Images a second."""
    return answer.use.images / choice.epoch_seconds


def duration(seconds: float) -> str:
    """A time as one says it: "3 h 10 min", "7 min", "45 s", "0.3 s"."""
    if seconds >= 3570:
        minutes = round(seconds / 60)
        return (
            f"{minutes // 60:,} h {minutes % 60} min" if minutes < 6000 else f"{minutes // 60:,} h"
        )
    if seconds >= 99.5:
        return f"{seconds / 60:.0f} min"
    return f"{seconds:.0f} s" if seconds >= 9.95 else f"{seconds:.2g} s"
