# Needs: nothing. Makes: sure that Snakemake is of a version that was tried, that the library is at
# hand, and what it imports; no rules.

import importlib.util
import inspect
import os
import re
import sys
from importlib import metadata
from pathlib import Path

from packaging.specifiers import SpecifierSet


def refuse(reason):
    """End before any job with one line; Snakemake would put places in its own files around it."""
    print(f"error: {reason}", file=sys.stderr, flush=True)
    raise SystemExit(1)


# "make test-versions" tries both ends.
SNAKEMAKE = ">=9.20,<9.28"
PIP = f"{sys.executable} -m pip install"

if (found := metadata.version("snakemake")) not in SpecifierSet(SNAKEMAKE):
    refuse(
        f"Snakemake {found} is installed, and {SNAKEMAKE} is needed: {PIP} 'snakemake{SNAKEMAKE}'"
    )


def missing_libraries(requirements):
    """List what a file of requirements names that is not installed."""
    for line in requirements.read_text(encoding="utf-8").splitlines():
        if name := re.match(r"[\w-]+", line):
            try:
                metadata.version(name[0])
            except metadata.PackageNotFoundError:
                yield name[0]


def library_address(rules):
    """Return the repository of hosted rules as pip calls it."""
    found = re.match(r"https://raw\.githubusercontent\.com/([^/]+/[^/]+)/([^/]+)/", rules)
    return f"git+https://github.com/{found[1]}@{found[2]}" if found else "git+https://..."


# The folder of these rules; None if they are on a repository host, or at a commit of one.
ADDRESS = inspect.currentframe().f_code.co_filename
HERE = Path(ADDRESS).parent
if HERE.is_dir():
    ENVIRONMENT = HERE.parents[1] / "envs/requirements"
    if missing := list(missing_libraries(ENVIRONMENT.with_suffix(".in"))):
        refuse(f"{', '.join(missing)} must be installed: {PIP} -r {ENVIRONMENT}.txt")
    # The library beside the rules goes before one that is installed; for scripts of jobs, too.
    sys.path.insert(0, str(HERE.parent / "scripts"))
    search = filter(None, [sys.path[0], os.getenv("PYTHONPATH")])
    os.environ.update(PYTHONPATH=os.pathsep.join(search))
else:
    HERE = None
    if ADDRESS.startswith("git+file:"):
        refuse(
            f"Snakemake cannot run the scripts of {ADDRESS}: clone it, and name the clone's path"
        )
    if importlib.util.find_spec("imagebench") is None:
        refuse(f"the library of these rules must be installed: {PIP} {library_address(ADDRESS)}")
