"""Numbers from the tables of facts that Linux keeps below /proc and /sys."""

import re
from pathlib import Path


def numbers_in(table: str | Path, *patterns: bytes) -> list[int | None]:
    r"""Find the first number that follows each of several patterns at the start of a line.

    A table is read as bytes, since names in it can be any: of processes, hosts, mounts.

    Args:
        table: its path.
        patterns: regular expressions, such as ``rb"VmHWM:\s*"``.

    Returns:
        For each pattern a number, or None where the system has no such table or line.
    """
    try:
        with open(table, "rb") as file:
            content = file.read()
    except OSError:
        return [None] * len(patterns)
    found = [re.search(rb"^" + pattern + rb"(\d+)", content, re.MULTILINE) for pattern in patterns]
    return [int(match[1]) if match else None for match in found]
