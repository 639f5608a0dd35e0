"""What a format does not hold: known from the facts, before anything is stored or timed."""

from .contract import Backend
from .modes import in_words
from .pieces import Facts


def why_not(backend: Backend, facts: Facts) -> str | None:
    """Say in one line why a format cannot hold images; None if it can.

    Args:
        backend: the format.
        facts: of all images.
    """
    if backend.keeps_files:
        if facts.file_bytes is None:
            return f"{backend.label} keeps files, and these images come from none"
        return None
    if backend.one_shape and facts.shape is None:
        return f"{backend.label} holds images of one shape and type, and these differ"
    others = {mode: count for mode, count in facts.modes.items() if mode not in backend.modes}
    if others and backend.modes:
        kinds = (f"{count:,} are {in_words(mode)}" for mode, count in others.items())
        return (
            f"{backend.label} does not keep all of {facts.count:,} images as they are: "
            f"{', '.join(kinds)}"
        )
    height, width = facts.largest
    for given, most, where in (
        (max(height, width), backend.largest_side, " a side"),
        (height * width, backend.largest_pixels, ""),
    ):
        if given > most:
            return (
                f"images of {height:,} x {width:,} pixels do not fit into {backend.label}, which "
                f"holds {most:,} pixels{where} at most"
            )
    return None
