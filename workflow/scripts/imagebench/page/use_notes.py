"""What the page adds to the sentences of an answer: rules, room on the disk, what is lost."""

import math
from collections.abc import Callable, Sequence

from .. import wording
from ..answers.break_even import FEWEST_IMAGES, WhyNot
from ..sizes import readable_bytes
from .use_words import Answer

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


def room(answer: Answer) -> str:
    """Say what as many images as were asked about will take of a disk and of memory."""
    best, images = answer["best"], wording.counted(answer["chosen_for"], "image")
    size, memory = (spanned(best[of], readable_bytes) for of in ("size", "memory"))
    files = spanned(best["files"], lambda count: f"{count:,.0f}")
    plural = "s" if best["files"][2] > 1 else ""
    return (
        f"On disk, {images} will take about {size}, in {files} file{plural}; a process that "
        f"reads them has {memory} of memory of its own, which the system cannot take back."
    )


def spanned(values: Sequence[float], words: Callable[[float], str]) -> str:
    """A value, and its bounds where they differ once they are put into words."""
    middle, low, high = (words(math.ceil(value)) for value in values)
    return middle if low == high else f"{middle} ({low} to {high})"


def dropped(answer: Answer) -> str:
    """Return what formats that do not keep the files would lose of a folder."""
    counts = [
        wording.counted(number, "file") + DROPPED[what] for what, number in answer["drops"].items()
    ]
    return (
        f"Of all that there are, {wording.listed(counts)}: formats that keep the files keep that, "
        "and formats of pixels lose it, so that they are not without loss here."
    )


DROPPED = {
    "pages": " with several pages or frames",
    "orientation": " with an orientation in EXIF",
}
"""What a format of pixels does not keep of a file."""


NOT_DONE = {
    WhyNot.TOO_LONG: f"The two were not compared once more: even {FEWEST_IMAGES} images would have "
    "taken too long.",
    WhyNot.UNPROVEN: "The two were not compared once more: the system did not keep the page cache "
    "as it was to be.",
}
"""Why there was no break-even run, where a reader may ask."""
