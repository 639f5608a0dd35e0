"""Which versions take part: of the libraries, of Python, and of this project itself."""

import json
import os
import platform
import subprocess
from collections.abc import Iterable
from functools import cache
from importlib import metadata
from pathlib import Path

from .states import UNKNOWN

CODE = ("Snakefile", "workflow", "profiles", ":(exclude)workflow/profiles")
"""What can change a measurement; which partition of a cluster to use is everybody's own."""

DISTRIBUTION = "image-storage-bench"
"""What pip calls this library."""

COMMIT_VARIABLE = "IMAGEBENCH_COMMIT"
"""Environment variable that hands the state of the code down from a run to its jobs: asking git
takes longer than many a timed job has."""


NOT_INSTALLED = "not installed"


def library_versions(names: Iterable[str]) -> dict[str, str]:
    """Give the installed versions of NumPy and of the distributions that are named."""
    return {name: version(name) for name in sorted({"numpy", *names})}


@cache
def is_installed(name: str) -> bool:
    """Whether there is a distribution of this name, without importing it."""
    return version(name) != NOT_INSTALLED


def version(name: str) -> str:
    """Give the version of an installed distribution, or say that it is not installed."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return NOT_INSTALLED


def python_version() -> str:
    """Give the version of Python that runs this."""
    return platform.python_version()


def describe_commit(folder: Path | None) -> str:
    """Name the commit of the code, and say whether the code has been changed since.

    Args:
        folder: of the clone; None if the rules are not on this machine, and the library is one that
            pip has installed.

    Returns:
        Twelve hexadecimal digits, followed by " with changes" where tracked files differ or new
        ones have come; "unknown" where there is no git, or where the folder is not the top of a
        repository.
    """
    if folder is None:
        return installed_commit()
    try:
        top = git(folder, "rev-parse", "--show-toplevel").strip()
        if not os.path.samefile(top, folder):  # a copy within somebody's own repository
            return UNKNOWN
        commit = git(folder, "rev-parse", "--short=12", "HEAD").strip()
        changes = git(folder, "status", "--porcelain", "--", *CODE)
    except (OSError, subprocess.SubprocessError):
        return UNKNOWN
    return f"{commit} with changes" if changes.strip() else commit


def installed_commit() -> str:
    """Name the commit from which pip has installed this library; "unknown" if it was none."""
    try:
        origin = json.loads(
            metadata.distribution(DISTRIBUTION).read_text("direct_url.json") or "{}"
        )
    except metadata.PackageNotFoundError:
        return UNKNOWN
    return str(origin.get("vcs_info", {}).get("commit_id", UNKNOWN))[:12]


def git(folder: Path, *arguments: str) -> str:
    """Ask git about the repository of a folder."""
    done = subprocess.run(  # noqa: S603
        ["git", "-C", str(folder), *arguments],  # noqa: S607
        capture_output=True, check=True, timeout=30,
    )  # fmt: skip
    # Names of files may be told as they are, and need not be UTF-8.
    return done.stdout.decode("utf-8", "replace")
