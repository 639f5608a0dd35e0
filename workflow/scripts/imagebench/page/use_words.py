"""The sentences of an answer: what to do, what it gains, how sure that is, what would tell more.

Each takes an answer of answer.json, so that the terminal, the page and the file say the same.
"""

import math
from collections.abc import Mapping
from typing import Any

from .. import wording
from ..answers.advice import Kind, Why
from ..answers.forecast import FARTHEST, Refusal
from ..evidence.statistics import FEWEST_BLOCKS, MARGIN

MORE = "measure more of them, by minutes or by image_count and cutoffs"
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

Answer = Mapping[str, Any]
"""One of answer.json, with or without its sentences."""

CAUTIONS = {
    "noise": "This run was too noisy to trust: {count:,} of {total:,} blocks were disturbed. Stop "
    "what else is running, then let “make again” measure these anew.",
    "control": "The control of this run came out as a difference: {count:,} of {total:,} "
    "comparisons of one and the same code, so that gains as small as that may not be real.",
}
"""What comes before an answer that must not be believed as it stands."""

REASONS = {
    Why.NOTHING_ELSE: "nothing else was measured",
    Why.NOTHING_FITS: "no other format that was measured fits the rules",
    Why.AS_NEEDED: "they come as fast as they are needed",
    Why.NO_GAIN: "{promising}, gains no more than {margin}",
    Why.OTHER_DEVICE: "{promising}, gains over files on another device, and not surely over the "
    "same files beside it",
    Why.NOT_RUN: "{promising}, could not be compared with them once more",
    Why.OPEN: "it is not sure that anything gains more than {margin}; {promising}, may be up to "
    "{most} times as fast{least}",
}
"""Why files stay where they are."""


def sentences(answer: Answer) -> list[str]:
    """Return what to do, what it gains, how sure that is and what would tell more."""
    cautions = [CAUTIONS[of["kind"]].format(**of) for of in answer["cautions"]]
    if answer["kind"] == Kind.NOTHING:
        said = nothing_left(answer)
    elif answer["kind"] == Kind.STAY:
        said = [
            f"Leave them as they are: {reason(answer)}.",
            time_to_read(answer),
            more_run(answer),
        ]
    else:
        said = [
            what(answer),
            saving(answer),
            certainty(answer),
            *(f"Mind that {of}." for of in answer["warnings"]),
        ]
    return [*cautions, *filter(None, [*said, beyond(answer), how_far(answer)])]


def nothing_left(answer: Answer) -> list[str]:
    """Return that no format fits, and which rule to loosen; or that nothing was measured."""
    if not answer["ruled_out"]:
        return ["Nothing was measured that would answer this: no read of this kind was proven."]
    way_out = f" Loosen {answer['loosen']} first." if answer["loosen"] else ""
    count = len(answer["ruled_out"])
    if count == 1:
        return [f"No format fits: the only one that was measured breaks a rule.{way_out}"]
    return [f"No format fits: each of {count} formats breaks a rule.{way_out}"]


def what(answer: Answer) -> str:
    """Return which format to take, or to move to."""
    best = answer["best"]
    if best["backend"].startswith("in_place"):
        size = best["backend"].rpartition("@")[2]
        return f"Leave the files where they are, and decode them at {size} pixels or more."
    verb = "Keep them" if answer["kind"] == Kind.KEEP else "Move them"
    forced = (
        f", since leaving them where they are breaks {answer['broken']}" if answer["broken"] else ""
    )
    return f"{verb} {'as' if verb == 'Keep them' else 'to'} {named(best)}{forced}."


def named(choice: Mapping[str, Any]) -> str:
    """Return what a format is called, and its name in a config."""
    return f"{choice['label']} ({choice['backend']})"


def reason(answer: Answer) -> str:
    """Return why the files stay where they are."""
    candidate, gain = answer["candidate"], answer["gain"] or {"high": 1.0, "low": 1.0}
    fitting = answer["others"] - len(set(answer["ruled_out"]) - {"in_place"})
    of = "the only other that fits" if fitting == 1 else f"the most promising of {fitting:,} others"
    is_slower = gain["low"] < 1
    return REASONS[answer["why"]].format(
        promising=f"{named(candidate)}, {of}" if candidate else "",
        margin=wording.percent(MARGIN, 0),
        most=wording.ratio(gain["high"]),
        least=f", or take {wording.ratio(1 / gain['low'])} times as long" if is_slower else "",
    )


def time_to_read(answer: Answer) -> str:
    """Return how long all epochs take with the files as they are."""
    return f"{epochs_take(answer)} {wording.duration(answer['sides']['before']['total'])}."


def more_run(answer: Answer) -> str:
    """Return what would tell more, where the files stay for lack of evidence."""
    if answer["why"] not in (Why.NOTHING_ELSE, Why.OPEN, Why.NOT_RUN, Why.OTHER_DEVICE):
        return ""
    left = len(answer["unmeasured"])
    if answer["why"] == Why.NOTHING_ELSE and not answer["minutes_to_tell"]:
        return "Name formats under backends to compare them."
    if answer["minutes_to_tell"]:
        of = (
            f" for {wording.counted(left, 'more format')}"
            if answer["why"] == Why.NOTHING_ELSE
            else ""
        )
        return f"Set minutes to {answer['minutes_to_tell']:,} or more to know{of}."
    if answer["blocks_to_tell"]:
        return f"Set blocks to {answer['blocks_to_tell']:,} or more to know."
    if answer["why"] == Why.OPEN:
        return (
            "No run of a sensible length would settle it: whichever it is, the difference is small."
        )
    return ""


def saving(answer: Answer) -> str:
    """Return how long all epochs take, and what that saves."""
    best = answer["sides"]["candidate"]["total"]
    takes = f"{epochs_take(answer)} {wording.duration(best)}"
    if answer["before"] is None:
        return f"{takes}."
    before, label = answer["sides"]["before"]["total"], answer["before"]["label"]
    ratio = before / best
    if 1 / (1 + MARGIN) <= ratio <= 1 + MARGIN:
        return f"{takes}, about as long as with {label}."
    words = f"{takes} instead of {wording.duration(before)} with {label}, conversion included"
    pays = answer["pays_after"]
    if pays is None or ratio < 1:
        return f"{words}."
    if max(of or 0 for of in pays) <= 1:
        return f"{words}; it has paid for itself within the first epoch."
    if pays[1] is None:
        return f"{words}; it has paid for itself after about {wording.ratio(pays[0])} epochs."
    bounds = f"[{math.floor(pays[1])}, {math.ceil(pays[2])}]"
    return f"{words}; it has paid for itself after {math.ceil(pays[0])} epochs {bounds}."


def epochs_take(answer: Answer) -> str:
    """Return how a sentence on the time of all epochs begins."""
    epochs = answer["use"]["epochs"]
    return f"{wording.counted(epochs, 'epoch')} then {'takes' if epochs == 1 else 'take'}"


def certainty(answer: Answer) -> str:
    """Return how sure it is that a format should be taken."""
    gain, parts = answer["gain"], []
    if gain:
        times, bounds = wording.bounded(gain["ratio"], gain["low"], gain["high"])
        fresh = "other " if gain["fresh"] and answer["kind"] == Kind.MOVE else ""
        parts.append(
            f"In a comparison of these two alone, {wording.counted(gain['blocks'], 'block')} of "
            f"{wording.counted(gain['images'], f'{fresh}image')}, {answer['before']['label']} took "
            f"{times} times as long {bounds}."
        )
    elif answer["before"]:
        parts.append("It was not compared with that once more.")
    if answer["blocks"] < FEWEST_BLOCKS:
        repeats = wording.counted(answer["blocks"], "repeat")
        return " ".join([*parts, f"It was chosen by {repeats}, too few to say how sure that is."])
    if answer["next_best"]:
        parts.append(next_one(answer))
    elif answer["kind"] == Kind.KEEP and not answer["before"]:
        parts.append("Nothing else fits, so that there was no choice.")
    return " ".join(parts)


def next_one(answer: Answer) -> str:
    """Return how the next best format compares in the main run."""
    repeats, other = wording.counted(answer["blocks"], "repeat"), answer["next_best"][0]
    times, bounds = wording.bounded(*(math.nan if of is None else of for of in other["ratio"]))
    if answer["simpler_by"]:
        simpler = SIMPLER[answer["simpler_by"]]
        return (
            f"It was chosen over {repeats}, in which {other['label']} takes {times} times as long "
            f"{bounds}; of what is about as fast, {simpler}."
        )
    doubt = "" if (other["ratio"][1] or 0) > 1 else ", so that it may as well be the better one"
    return (
        f"It was chosen over {repeats}, in which the next best, {other['label']}, takes {times} "
        f"times as long {bounds}{doubt}."
    )


def beyond(answer: Answer) -> str:
    """Return how far the answer is from plain bytes, and what measures the formats between."""
    if not answer["far_from_plain_bytes"]:
        return ""
    times = wording.ratio(answer["far_from_plain_bytes"])
    words = f"In the same run, plain bytes in one file are read {times} times as fast"
    left = len(answer["unmeasured"])
    if not left:
        return f"{words}."
    if answer["kind"] != Kind.KEEP:
        return f"{words}; {wording.counted(left, 'format')} between were left out for lack of time."
    return f"{words}, so that better formats may exist: “make formats” measures {left:,} more."


def how_far(answer: Answer) -> str:
    """Return how far the number of images is from what was measured; nothing if it is the same."""
    if answer["refused"]:
        asked = f"{answer['asked_images']:,}"
        return (
            f"All of this is about {wording.counted(answer['measured'], 'image')}. Of {asked} "
            f"nothing is foretold: {REFUSALS[answer['refused']]}."
        )
    if answer["scaled_from"]:
        images = wording.counted(answer["use"]["images"], "image")
        return f"It is scaled to {images} from blocks of {answer['scaled_from']:,}."
    if answer["use"]["images"] <= answer["measured"]:
        return ""
    images = wording.counted(answer["use"]["images"], "image")
    return f"It is foretold for {images} from what fewer took."
