"""Keys: a record's file name says what made it, so that a job must run if its file is missing.

The key of a record is the hash of everything that decides the measurement. A table has one name
whatever made it; there, an empty file, its stamp, has the key in its name. Each rule has one stamp:
a job that makes tables removes the older ones.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from .errors import BenchmarkError

FORMAT = 6
"""Version of what records and tables hold; it is a part of every key."""

PATTERN = "[0-9a-f]{16}"
"""Regular expression of a key."""


def key_of(parts: Any) -> str:
    """Return a 16-digit hash of ``parts``, which JSON can hold."""
    text = json.dumps([FORMAT, parts], sort_keys=True)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]


def require_key(parts: Mapping[str, Any], key: str, path: str | Path) -> None:
    """Refuse to make a file under a key that is not that of its parts.

    Raises:
        BenchmarkError: naming the file, if code, libraries or config are no longer those that the
            run was planned with.
    """
    if key_of(parts) != key:
        raise BenchmarkError(
            f"{path} was planned with other code, libraries or settings than this machine has now: "
            "run again, and let all nodes see the same"
        )


def settle(path: str | Path) -> None:
    """Keep the stamp by which tables were just made, and remove that rule's older ones.

    Args:
        path: of the stamp; its name is the rule's, a ``-``, and the key.
    """
    path = Path(path)
    forget(path.parent, path.name.rpartition("-")[0], but=path)


def forget(folder: Path, rule: str, but: Path | None = None) -> None:
    """Remove the stamps of a rule, so that its tables are made anew."""
    for old in folder.glob(f"{rule}-*"):
        if old != but:
            old.unlink(missing_ok=True)


def differences(was: Any, now: Any, name: str = "") -> Iterator[str]:
    """Yield what differs between two nested dictionaries, such as "settings.seed was 1, is 2"."""
    if isinstance(was, dict) and isinstance(now, dict):
        for key in dict.fromkeys([*was, *now]):
            place = f"{name}.{key}" if name else str(key)
            yield from differences(was.get(key), now.get(key), place)
    elif was != now:
        values = [value for value in (was, now) if not isinstance(value, dict | list)]
        # A digest says nothing to a reader.
        is_told = len(values) == 2 and not name.startswith("code.") and name != "images.digest"
        yield f"{name} was {was}, is {now}" if is_told else f"{name} has changed"
