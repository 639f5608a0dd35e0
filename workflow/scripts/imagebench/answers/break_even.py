"""After how many epochs a format that was really converted to has paid for itself."""

import math
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

FEWEST_IMAGES = 10
"""Of fewer, what opening a store takes would count more than what the images do."""


class WhyNot(StrEnum):
    """Why it was not tried."""

    NOTHING_CHANGES = "nothing changes"
    NEVER = "never"
    AFTER_THE_LAST_EPOCH = "after the last epoch"
    TOO_LONG = "too long"
    UNPROVEN = "unproven"


def why_not(answer: Mapping[str, Any]) -> WhyNot | None:
    """Say why there is nothing to try for an answer of answer.json; None where there is."""
    if not answer["best"] or not answer["before"] or answer["stays"]:
        return WhyNot.NOTHING_CHANGES
    if answer["pays_after"] is None:
        return WhyNot.NEVER
    return WhyNot.AFTER_THE_LAST_EPOCH if epochs_to_read(answer) > answer["use"]["epochs"] else None


def epochs_to_read(answer: Mapping[str, Any]) -> int:
    """Give as many epochs as were predicted until it has paid for itself, and one more."""
    predicted: float = answer["pays_after"][0]
    return math.ceil(predicted) + 1


def images_within(answer: Mapping[str, Any], seconds: float, most: int) -> int:
    """Say with how many images all of it takes no longer, converting and reading both.

    Args:
        answer: of answer.json, for which ``why_not`` gives None.
        seconds: that it may take, about.
        most: images, however fast they are.
    """
    both = answer["best"], answer["before"]
    whole = sum(
        choice["convert_seconds"][0] + epochs_to_read(answer) * choice["epoch_seconds"][0]
        for choice in both
    )
    return min(most, int(answer["use"]["images"] * seconds / whole))


def crossing(spent: float, saved: Sequence[float]) -> float | None:
    """Say after how many epochs what was saved comes to what was spent.

    Args:
        spent: seconds by which it took longer to begin with.
        saved: seconds that each epoch took less.

    Returns:
        That number, the last epoch counted in part; zero where nothing was spent, None where the
        epochs were not enough.
    """
    left = max(spent, 0.0)
    for number, one in enumerate(saved):
        if one >= left:
            return number + (left / one if left else 0.0)
        left -= one
    return None
