"""Under which conditions a measurement was made."""

import os
import platform
from importlib import metadata
from pathlib import Path


def conditions(store: Path, libraries: tuple[str, ...]) -> dict[str, object]:
    """Describe the machine, the file system of ``store`` and the versions that took part.

    What a system does not tell is recorded as "unknown".
    """
    return {
        "host": platform.node() or "unknown",
        "cpu": cpu_model(),
        "cores": os.cpu_count() or 0,
        "kernel": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "libraries": {name: metadata.version(name) for name in ("numpy", *libraries)},
        "filesystem": filesystem(store),
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


def filesystem(path: Path) -> str:
    """Name the type of the file system that holds ``path``, from the longest matching mount."""
    try:
        mounts = Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()
    except OSError:
        return "unknown"
    place = path.resolve()
    kinds = {}
    for line in mounts:
        _, point, kind, *_ = line.split(" ")
        # The kernel writes blanks and the like as octal escapes.
        point = point.encode("ascii", "surrogateescape").decode("unicode_escape")
        if place.is_relative_to(point):
            kinds[point] = kind
    return kinds[max(kinds, key=len)] if kinds else "unknown"


def load() -> float | None:
    """Mean number of processes that wanted to run during the last minute."""
    try:
        return os.getloadavg()[0]
    except OSError:
        return None
