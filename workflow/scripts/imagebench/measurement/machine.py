"""Under which conditions a measurement was made."""

import os
import platform
from collections.abc import Iterable
from pathlib import Path

from ..versions import COMMIT_VARIABLE, library_versions


def conditions(store: Path, libraries: Iterable[str]) -> dict[str, object]:
    """Describe the machine, the file system of ``store`` and the versions that took part.

    What a system does not tell is recorded as "unknown".
    """
    kind, options = filesystem(store)
    return {
        "host": platform.node() or "unknown",
        "cpu": cpu_model(),
        "cores": os.cpu_count() or 0,
        "kernel": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "libraries": library_versions(libraries),
        "filesystem": kind,
        "mount_options": options,
        "commit": os.environ.get(COMMIT_VARIABLE, "unknown"),
        "load": load(),
    }


def cpu_model() -> str:
    """Name the processor."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or "unknown"
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.processor() or "unknown"


def filesystem(path: Path) -> tuple[str, str]:
    """Name the type and the mount options of the file system that holds ``path``."""
    try:
        mounts = Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()
    except OSError:
        return "unknown", "unknown"
    place = path.resolve()
    found = {}
    for line in mounts:
        _, point, kind, options, *_ = line.split(" ")
        # The kernel writes blanks and the like as octal escapes.
        point = point.encode("ascii", "surrogateescape").decode("unicode_escape")
        if place.is_relative_to(point):
            found[point] = kind, options
    # The longest of the mounts that fit, and of those on top of each other the last.
    return found[max(found, key=len)] if found else ("unknown", "unknown")


def load() -> float | None:
    """Mean number of processes that wanted to run during the last minute."""
    try:
        return os.getloadavg()[0]
    except OSError:
        return None
