"""How numbers and lists are put into words, in figures and on the page."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence

from .states import UNKNOWN

NOTHING = "—"


CLOSE = 1.1
"""Bounds that are closer together than this factor are given with a digit more."""


def ratio(value: float) -> str:
    """A ratio with three digits at most, such as "1.04", "8.1", "94" or "1,230"."""
    if not math.isfinite(value):
        return NOTHING
    return rounded(value, decimals(value)) if value >= 0.01 else f"{value:.1g}"


def decimals(value: float) -> int:
    """So many digits behind the point has a ratio that is as large as this."""
    return sum(value < bound for bound in (9.95, 1.995)) if value < 99.5 else -1


def rounded(value: float, digits: int) -> str:
    """A number with so many digits behind the point; with three in all, if they are negative."""
    return f"{int(float(f'{value:.3g}')):,}" if digits < 0 else f"{value:,.{digits}f}"


def bounded(value: float, low: float, high: float) -> tuple[str, str]:
    """A ratio and its interval in brackets, all with as many digits as tell them apart.

    There is no interval where its bounds are not known.
    """
    if not all(map(math.isfinite, (value, low, high))):
        return ratio(value), ""
    digits = decimals(value) + (high < CLOSE * low and value < 99.5)
    middle, *ends = (rounded(of, digits) for of in (value, low, high))
    return middle, f"[{ends[0]},\N{NO-BREAK SPACE}{ends[1]}]"  # no line ends within it


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


UNITS = (("s", 1), ("ms", 1e3), ("µs", 1e6))


def readable_seconds(seconds: float) -> str:
    """Seconds with a unit that keeps the number short, such as "0.41 ms"."""
    if math.isnan(seconds):
        return UNKNOWN
    unit, factor = unit_of(seconds)
    return f"{seconds * factor:.3g} {unit}"


def unit_of(seconds: float) -> tuple[str, float]:
    """The unit that keeps so many seconds short, and how many of it a second has."""
    return next((of for of in UNITS if seconds * of[1] >= 0.1), UNITS[-1])


def bounded_seconds(seconds: float, low: float, high: float) -> tuple[str, str]:
    """Seconds and their interval, with as many digits: "0.280 ms" and "0.279 to 0.283"."""
    if not all(map(math.isfinite, (seconds, low, high))):
        return readable_seconds(seconds), ""
    unit, factor = unit_of(seconds)
    digits = max(0, 2 - math.floor(math.log10(seconds * factor)))
    middle, *ends = (f"{of * factor:,.{digits}f}" for of in (seconds, low, high))
    return f"{middle} {unit}", " to ".join(ends)


def duration(seconds: float) -> str:
    """A time as one says it: "3 h 10 min", "7 min", "45 s", "0.3 s"."""
    if seconds >= 3570:
        hours, minutes = divmod(round(seconds / 60), 60)
        return f"{hours:,} h {minutes} min" if minutes and hours < 100 else f"{hours:,} h"
    if seconds >= 99.5:
        return f"{seconds / 60:.0f} min"
    return f"{seconds:.0f} s" if seconds >= 9.95 else f"{seconds:.2g} s"


def reasons_of(failed: Mapping[str, str]) -> str:
    """Join the reasons why backends failed, which are given by the backends' names."""
    return "; ".join(f"{name} failed: {reason}" for name, reason in failed.items())
