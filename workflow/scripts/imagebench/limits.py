"""What a format does not hold: known from the facts, before anything is stored or timed."""

from collections.abc import Mapping

from .contract import Backend
from .modes import in_words
from .pieces import Facts
from .wording import counted


def why_not(backend: Backend, facts: Facts) -> str | None:
    """Say in one line why a format cannot hold images; None if it can.

    Args:
        backend: the format.
        facts: of all images.
    """
    if backend.keeps_files:
        if facts.file_bytes is None:
            return f"{backend.label} keeps files, and these images come from none"
        size, most = int(facts.file_bytes.max(initial=0)), backend.largest_file
        too_large = (
            f"a file of {size:,} bytes does not fit into {backend.label}, which holds {most:,} "
            "bytes an image at most"
        )
        return too_large if size > most else None
    if backend.one_shape and facts.shape is None:
        return f"{backend.label} holds images of one shape and type, and these differ"
    others = {mode: count for mode, count in facts.modes.items() if mode not in backend.modes}
    if others and backend.modes:
        kinds = (
            f"{count:,} {'is' if count == 1 else 'are'} {in_words(mode)}"
            for mode, count in others.items()
        )
        return (
            f"{backend.label} does not keep all of {counted(facts.count, 'image')} as they are: "
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


def traits_for(traits: Mapping[str, bool], drops: Mapping[str, int]) -> dict[str, bool]:
    """Say what holds for a format with the images at hand.

    Args:
        traits: of the format alone; see ``formats.traits_of``.
        drops: what formats of pixels drop of these images; see ``images.index.dropped``.

    Returns:
        The traits; a format that drops anything is not ``lossless``.
    """
    return {**traits, "lossless": traits["lossless"] and (traits["keeps_files"] or not drops)}
