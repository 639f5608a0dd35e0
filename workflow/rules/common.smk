# Needs: config. Makes: the checked config, the plan, and what decides whether a job runs again; no
# rules.

import os
import re
import sys
from functools import cache
from pathlib import Path

# The library stands beside the rules, also where another workflow uses this one as a module.
HERE = Path(workflow.current_basedir.get_path_or_uri(secret_free=False))
sys.path.insert(0, str(HERE.parent / "scripts"))

from imagebench import formats, code_digest, made_with, versions
from imagebench.configuration import ConfigurationError, complete
from imagebench.errors import BenchmarkError
from imagebench import operations
from imagebench.measuring import locations
from imagebench.plan import SINGLE, Plan, settings_in, stored_in


def refuse(reason):
    """End before any job with one line; Snakemake would put places in its own files around it."""
    print(f"error: {reason}", file=sys.stderr, flush=True)
    raise SystemExit(1)


# Snakemake fills in what is in braces, and hands the interpreter's path to a shell as it is.
for path, unsafe in ((os.getcwd(), r"[{}]"), (HERE, r"[{}]"), (sys.executable, r"[^\w@%+=:,./~-]")):
    if found := re.search(unsafe, str(path)):
        refuse(
            f"{str(path)!r} has {found[0]!r} in its path, which Snakemake cannot work with: move it to "
            "a path of letters, digits and - _ . alone"
        )
if moves_results():
    refuse(
        "this workflow cannot be used as a module with a prefix: give its config a name, which is that "
        "of its folder in results/"
    )

try:
    config = complete(config, HERE.parent / "schemas/config.schema.yaml", backends)
    if workflow.is_main_process:
        locations.require_results_folder(locations.INSIDE)
except (ConfigurationError, BenchmarkError) as error:
    refuse(error)

NAME = config["name"]
RESULTS = Path("results", NAME)
# In every run, whatever the config names: the limit that all is compared with, and the limit under
# another name, between which no difference may be found.
BACKENDS = [
    name
    for name in dict.fromkeys([*config["backends"], "raw", "control"])
    if formats.missing(name) is None
]
# What is not installed is left out, and named with the line that installs it.
SKIPPED = {
    name: reason for name in config["backends"] if (reason := formats.missing(name)) is not None
}
LOCATIONS = config["locations"]
PLAN = Plan(config, BACKENDS, {name: operations.load(name) for name in operations.available()})


wildcard_constraints:
    name=re.escape(NAME),
    location="|".join(LOCATIONS),
    backend=r"[a-z0-9_]+(\+[a-z0-9_]+)*",
    operation="|".join(operations.available()),
    part=r"[1-9][0-9]*(-[a-z_]+=[0-9]+)*",
    cutoff=r"[1-9][0-9]*",
    block=r"[1-9][0-9]*",


def part_of(wildcards):
    """Name the store that a timed job makes or reads among those of its backend."""
    return wildcards.get("cutoff") or wildcards.get("part", SINGLE)


def priority_of(reads):
    """Make the function that says in which order jobs are timed."""

    def priority(wildcards):
        place = wildcards.location, wildcards.backend, part_of(wildcards), int(wildcards.block)
        return PLAN.priority(*place, reads=reads)

    return priority


def whole_machine(wildcards):
    """Take all cores, so that a timed job never runs beside another one.

    A cluster is asked for one, on a node that nobody else gets; there, this takes all there are.
    """
    return workflow.cores if workflow.local_exec and workflow._cores else 1


# What decides whether a job runs again. Snakemake compares it as params; what was made with it says
# it too, since results may come from elsewhere.

MADE_WITH = {}  # by the path of what says it

# Snakemake asks for these again and again, for all jobs that are ready whenever one has finished,
# and so beside the next one that is timed. One run takes the code for what it was in the beginning.
digests_of = cache(code_digest.code_digests)

# The images that everything is measured with.
IMAGES = (
    {"dataset": "lookalike", "seed": config["seed"]}
    if config["dataset"] == "lookalike"
    else {"dataset": config["dataset"], "md5": config["cifar10"]["md5"].lower()}
)


def decides(rule, *files, folder=NAME, **settings):
    """Give the settings and the code that the one job of a rule is made with, as its params."""
    params = {**settings, "code": digests_of(f"{rule}.py", *files)}
    MADE_WITH[f"results/{folder}/made_with/{rule}.json"] = params
    return params


@cache
def code_of(operation, backend):
    """Give the digests of all code that a timed job runs.

    A job is run again when they change, and only then: not when a clone renews modification times,
    not for an edit of a backend that it has nothing to do with.
    """
    is_access = operation in PLAN.access
    own = formats.files_of(backend)
    own += [Path(operations.__file__).with_name(f"{operation}.py")] if is_access else []
    script = "read_access.py" if is_access else f"{operation}.py"
    scripts = code_digest.SCRIPTS
    return digests_of(script, *(path.relative_to(scripts).as_posix() for path in own))


@cache
def versions_of(backend):
    """Give the versions that a backend is measured with: samples of others are measured again."""
    libraries = versions.library_versions(formats.libraries_of(backend))
    return {"python": versions.python_version(), **libraries}


@cache
def job_of(location, backend, operation, part, block):
    """Give all that decides what a timed job measures, which its record keeps."""
    access_only = {"seed": config["seed"]} if operation in PLAN.access else {}
    return {
        "cell": PLAN.cell(location, backend, operation, part, block),
        "images": IMAGES,
        "settings": {**access_only, **settings_in(part)},
        "code": code_of(operation, backend),
        "versions": versions_of(backend),
    }


def timed(operation=None):
    """Give a timed rule all that decides what its jobs measure, as its params.

    The operation is that of the wildcard, if none is given.
    """

    def part(key, wildcards):
        name = operation or wildcards.operation
        place = wildcards.location, wildcards.backend, name, part_of(wildcards)
        return job_of(*place, int(wildcards.block))[key]

    return {
        key: lambda wildcards, key=key: part(key, wildcards)
        for key in ("cell", "images", "settings", "code", "versions")
    }


def record_of(cell):
    """Name the record that a planned cell leaves."""
    return f"results/{NAME}/{PLAN.record(cell)}"


def planned_jobs():
    """Give all that decides what each planned record measures, by the record's path."""
    for cell in PLAN.cells():
        place = cell["location"], cell["backend"], cell["operation"], PLAN.part(cell)
        yield record_of(cell), job_of(*place, cell["block"])
