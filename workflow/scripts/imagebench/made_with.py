"""What a result was made with, kept beside it, so that it can be believed or made anew.

Snakemake remembers this in a folder of its own, which stays behind when results are copied. Here
a result says it itself: a record in its own text, all else in ``made_with/<rule>.json``. Before a
run, it is held against what would make the result now.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from .files import published_file

FORMAT = 5
"""Of records and of these files; results of another format are made anew."""

FINGERPRINT = re.compile(rb'"fingerprint": "([0-9a-f]{16})"')
HEAD_BYTES = 100
"""The fingerprint is among the first bytes: thousands of records are looked at in a moment."""


def described(parts: Mapping[str, Any]) -> dict[str, Any]:
    """Put a fingerprint before the parts that a result was made with: what is kept beside it."""
    return {"fingerprint": fingerprint(parts), "made_with": dict(parts)}


def fingerprint(parts: Mapping[str, Any]) -> str:
    """Give 16 hexadecimal digits that are another for whatever is other in ``parts``."""
    text = json.dumps([FORMAT, parts], sort_keys=True)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]


def write(path: str | Path, parts: Mapping[str, Any]) -> None:
    """Keep what results were made with.

    Args:
        path: of the JSON file to make.
        parts: anything that JSON can hold, by name.
    """
    with published_file(path) as partial:
        partial.write_text(json.dumps(described(parts), indent=1) + "\n", encoding="utf-8")


def differences(path: Path, parts: Mapping[str, Any]) -> list[str]:
    """Name what was other when a result was made than it is now.

    Args:
        path: of a record, or of a file that ``write`` made.
        parts: what it would be made with now.

    Returns:
        Names with both values, such as "settings.batch_size was 64, is 256"; nothing if all is the
        same, or if there is no such file.
    """
    try:
        with open(path, "rb") as file:
            found = FINGERPRINT.search(file.read(HEAD_BYTES))
    except FileNotFoundError:
        return []
    if found and found[1].decode("ascii") == fingerprint(parts):
        return []
    try:
        was = json.loads(path.read_text(encoding="utf-8"))["made_with"]
    except (ValueError, KeyError, TypeError):
        return ["format is not the one of now"]
    return list(compared(was, json.loads(json.dumps(parts)))) or ["format is not the one of now"]


def compared(was: Any, now: Any, name: str = "") -> Iterator[str]:
    """Go through what differs, down to the names that hold it."""
    if isinstance(was, dict) and isinstance(now, dict):
        for key in dict.fromkeys([*was, *now]):
            place = f"{name}.{key}" if name else str(key)
            yield from compared(was.get(key), now.get(key), place)
    elif was != now:
        values = [value for value in (was, now) if not isinstance(value, dict | list)]
        # Of code there are digests, which say nothing to anybody.
        says_it = len(values) == 2 and not name.startswith("code.")
        yield f"{name} was {was}, is {now}" if says_it else f"{name} is another"
