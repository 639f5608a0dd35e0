"""How numbers and lists are put into words, in figures and on the page."""

import math
from collections.abc import Callable, Iterable, Sequence

from .states import UNKNOWN

NOTHING = "—"


CLOSE = 1.1
"""Bounds that are closer together than this factor are given with a digit more."""


def ratio(value: float, *, finely: bool = False) -> str:
    """A ratio with three digits at most, such as "1.04", "8.1", "94" or "1,230"."""
    if not math.isfinite(value):
        return NOTHING
    if value >= 99.5:
        return f"{int(float(f'{value:.3g}')):,}"
    if value >= 9.95:
        return f"{value:.{int(finely)}f}"
    if value >= 1.995:
        return f"{value:.{1 + finely}f}"
    return f"{value:.2f}" if value >= 0.01 else f"{value:.1g}"


def interval(low: float, high: float, *, finely: bool = False) -> str:
    """An interval in brackets; nothing where there is none."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return ""
    # No line ends within it.
    return f"[{ratio(low, finely=finely)},\N{NO-BREAK SPACE}{ratio(high, finely=finely)}]"


def bounded(value: float, low: float, high: float) -> tuple[str, str]:
    """A ratio and its interval, both with as many digits as tell them apart."""
    finely = bool(high < CLOSE * low)  # not so where they are not known
    return ratio(value, finely=finely), interval(low, high, finely=finely)


def percent(share: float, digits: int = 1) -> str:
    """A share in per cent, such as "0.2 %"."""
    return f"{100 * share:.{digits}f} %"


def listed(words: Iterable[str], last: str = "and") -> str:
    """Join words as one writes them: "a", "a and b", "a, b and c", and "a, x; b, y and c, z"."""
    items: Sequence[str] = list(words)
    if len(items) < 2:
        return "".join(items)
    between = "; " if any("," in item for item in items) else ", "
    return f"{between.join(items[:-1])} {last} {items[-1]}"


def counted(number: int, word: str) -> str:
    """A number with its word in the plural where it needs one: "1 block", "3 blocks"."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def minutes(number: float) -> str:
    """A time that somebody waits for: "a minute", "12 minutes", "3 hours"."""
    if number < 1.5:
        return "a minute"
    return f"{number:.0f} minutes" if number < 99.5 else f"{number / 60:.0f} hours"


def spanned(values: Iterable[float], form: Callable[[float], str]) -> str:
    """A single value, or the smallest and the largest of several."""
    known = [value for value in values if math.isfinite(value)]
    if not known:
        return NOTHING
    ends = [form(min(known)), form(max(known))]
    return ends[0] if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"


def readable_seconds(seconds: float) -> str:
    """Seconds with a unit that keeps the number short, such as "0.41 ms"."""
    if math.isnan(seconds):
        return UNKNOWN
    for unit, factor in (("s", 1), ("ms", 1e3), ("µs", 1e6)):
        if seconds * factor >= 0.1 or unit == "µs":
            break
    return f"{seconds * factor:.3g} {unit}"
