"""Sentences that a user reads before anything is measured."""

from collections.abc import Iterator
from pathlib import Path

from ..images import choosing
from ..measuring.record import parts_of
from .budget import in_words
from .jobs import changes
from .measured import Measured


def remarks(now: Measured, results: Path) -> Iterator[str]:
    """Yield what is not measured and why, what of a folder is, and what is measured anew."""
    for name, reason in now.skipped.items():
        yield f"skipped: {name}: {reason}"
    for name, reason in now.not_applicable.items():
        yield f"not applicable: {name}: {reason}"
    yield from of_budget(now)
    if now.chosen:
        yield from choosing.remarks(now.chosen.index, f"{results}/left_out.csv")
    yield from changes(now.jobs, results / "records", parts_of)


def of_budget(now: Measured) -> list[str]:
    """Return what of a folder fits into the minutes, and what more of them would add."""
    if not (now.budget and now.chosen):
        return []
    return in_words(now.budget, now.wanted_images or now.chosen.good)


def unmeasured(now: Measured, ready_made: list[str]) -> list[str]:
    """List formats that were not measured.

    Args:
        now: what is measured.
        ready_made: formats of the ready-made config that measures most. They do not count for a
            folder: there, it is the formats for which there was no time.
    """
    if now.chosen:
        return list(now.budget.backends_left_out) if now.budget else []
    return [name for name in ready_made if name not in {*now.backends, *now.not_applicable}]
