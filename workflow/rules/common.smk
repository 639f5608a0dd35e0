# Needs: config. Makes: the checked config, the plan, and what decides whether a job runs again; no
# rules.

import os
import re
import sys
import time
from functools import cache
from pathlib import Path

# The library stands beside the rules, also where another workflow uses this one as a module.
HERE, COMMIT = folder_of_rules()
sys.path.insert(0, str(HERE.parent / "scripts"))

from imagebench import code_digest, formats, made_with, operations, versions, vocabulary
from imagebench.configuration import complete, fitted
from imagebench.errors import BenchmarkError
from imagebench.images import sources
from imagebench.images.index import dropped
from imagebench.limits import traits_for, why_not
from imagebench.measuring import locations
from imagebench.memory_limits import piece_bytes_within
from imagebench.modes import image_bytes, one_mode
from imagebench.pieces import largest_of
from imagebench.plan import BLOCK, PLACE, Plan, settings_in, stored_in
from imagebench.states import RESERVED


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
    config = complete(config, HERE.parent / "schemas/config.schema.yaml", formats, operations)
    if workflow.is_main_process:
        locations.require_results_folder(locations.INSIDE)
except BenchmarkError as error:
    refuse(error)

NAMED = dict(config)  # before anything is fitted to the images
NAME = config["name"]
RESULTS = Path("results", NAME)


# What is measured of a folder must be known before anything is planned.
include: "folder.smk"


# Of a folder: its images; the plan of what fits into the minutes that there are, and its words; and
# what writes this down.
CHOSEN, AFFORDABLE, AFFORDED, keep_choice = None, None, [], None
try:
    if config["dataset"] == "folder":
        CHOSEN, AFFORDABLE, AFFORDED, keep_choice = choose_images(config, RESULTS / "folder")
    IMAGES, FACTS, SOURCE_COUNT = sources.described(config, CHOSEN)
    config.update(fitted(config, FACTS.count))
except BenchmarkError as error:
    refuse(error)


def piece_bytes():
    """Give the bytes of a piece: as the config names them, or as many as the memory here allows.

    A cluster gives each of its jobs the memory that it asks for, see memory_for.
    """
    if not workflow.local_exec or workflow.remote_exec:
        return config["piece_bytes"]
    mode = one_mode(CHOSEN.all_facts.modes if CHOSEN else FACTS.modes)
    size = max(FACTS.total_bytes, FACTS.count * image_bytes(FACTS, mode))
    largest = largest_of(FACTS, 1)
    in_memory = any(locations.is_in_memory(folder) for folder in config["locations"].values())
    return piece_bytes_within(config["piece_bytes"], largest, size, 2 if in_memory else 1)


try:
    config["piece_bytes"] = piece_bytes()
except BenchmarkError as error:
    refuse(error)
# In every run, whatever the config names: the baseline that all is compared with, and the same under
# another name, between which no difference may be found; of a folder, what is there already.
WANTED = dict.fromkeys([*config["backends"], *(["in_place"] if CHOSEN else []), *RESERVED])
# What is not installed is left out, and named with the line that installs it.
SKIPPED = {name: reason for name in WANTED if (reason := formats.missing(name)) is not None}
# What cannot hold these images is never made to, and named with how many it cannot hold; of a folder,
# all count, and not the sample alone.
ALL_FACTS = CHOSEN.all_facts if CHOSEN else FACTS
# The mode that images of several modes are brought to by the ways of access.
ONE_MODE = one_mode(ALL_FACTS.modes)
IN_ONE_MODE = {} if ONE_MODE is None else {"one_mode": ONE_MODE}
NOT_APPLICABLE = {
    name: reason
    for name in WANTED
    if name not in SKIPPED and (reason := why_not(formats.load(name), ALL_FACTS)) is not None
}
NOT_APPLICABLE |= AFFORDABLE.failed if AFFORDABLE else {}
# What files of the folder hold and formats of pixels drop: pages, frames, orientation.
DROPS = dropped(CHOSEN.index.rows) if CHOSEN else {}
BACKENDS = [name for name in WANTED if name not in SKIPPED and name not in NOT_APPLICABLE]
LOCATIONS = config["locations"]
OPERATIONS = {name: operations.load(name) for name in vocabulary.OPERATIONS}
PLAN = Plan(config, BACKENDS, OPERATIONS)
READ_OPERATIONS = [name for name, operation in OPERATIONS.items() if operation.stored_by]
STORE_OPERATIONS = list(dict.fromkeys(OPERATIONS[name].stored_by for name in READ_OPERATIONS))


def any_of(names):
    """Make the regular expression of a wildcard that has one of these values."""
    return "|".join(map(re.escape, names))


wildcard_constraints:
    name=re.escape(NAME),
    location=any_of(LOCATIONS),
    backend=r"[a-z0-9_@]+(\+[a-z0-9_@]+)*",
    operation=any_of(OPERATIONS),
    part=r"[1-9][0-9]*(-[a-z_]+=[0-9]+)*",
    block=r"[1-9][0-9]*",


def cell_of(wildcards):
    """Take what names a cell out of a job's wildcards."""
    *place, block = (wildcards[name] for name in PLACE)
    return *place, int(block)


def priority_of(wildcards):
    """Say in which order jobs are timed."""
    return PLAN.priority(*cell_of(wildcards))


def store_of(wildcards):
    """Name the store that a timed job makes or reads.

    That of a way of access is hidden: it is removed when a run starts, should its job be killed.
    """
    stored_by = OPERATIONS[wildcards.operation].stored_by or wildcards.operation
    block = BLOCK.format(**{**wildcards, "operation": stored_by})
    store = Path("results", wildcards.name, "stores", block)
    return str(store if stored_by in STORE_OPERATIONS else store.with_name(f".{store.name}"))


def record_of_store(wildcards):
    """Name the record that was left with the store that a job reads."""
    block = Path(store_of(wildcards)).relative_to(Path("results", wildcards.name, "stores"))
    return f"results/{wildcards.name}/records/{block}.json"


def whole_machine(wildcards):
    """Take all cores, so that a timed job never runs beside another one.

    A cluster is asked for one, on a node that nobody else gets; there, this takes all there are.
    """
    return workflow.cores if workflow.local_exec and workflow._cores else 1


# What decides whether a job runs again. Snakemake compares it as params; what was made with it says
# it too, since results may come from elsewhere.

MADE_WITH = {}  # by the path of what says it

# Asked once, and handed down to all jobs by the environment.
os.environ.setdefault(code_digest.BEGAN_VARIABLE, str(time.time()))
os.environ.setdefault(versions.COMMIT_VARIABLE, COMMIT or versions.describe_commit(HERE.parents[1]))

# Snakemake asks for these again and again, for all jobs that are ready whenever one has finished,
# and so beside the next one that is timed. One run takes the code for what it was in the beginning.
digests_of = cache(code_digest.code_digests)


def copies_of(count):
    """Give the seed by which images are changed that are more than the data set has."""
    return {"copies": {"seed": config["seed"]}} if count > SOURCE_COUNT else {}


def pieces_of(count, mode):
    """Give the setting that changes what is measured where there is more than one piece."""
    largest = max(FACTS.image_bytes, image_bytes(FACTS, mode))
    several = count * largest > config["piece_bytes"]
    return {"piece_bytes": config["piece_bytes"]} if several else {}


def files_in(wing, ending):
    """List the files of a wing of the library that are looked up while a script runs."""
    found = (code_digest.SCRIPTS / "imagebench" / wing).rglob(f"*.{ending}")
    return sorted(map(below_scripts, found))


def decides(rule, *files, folder=NAME, **settings):
    """Give the settings and the code that the one job of a rule is made with, as its params."""
    params = {**settings, "code": digests_of(f"{rule}.py", *files)}
    MADE_WITH[f"results/{folder}/made_with/{rule}.json"] = params
    return params


def below_scripts(path):
    """Name a file as digests of code name it."""
    return path.relative_to(code_digest.SCRIPTS).as_posix()


def files_of_operations(names):
    """Name the files that are these operations' own."""
    return sorted(below_scripts(operations.file_of(name)) for name in names)


@cache
def code_of(operation, backend):
    """Give the digests of all code that a timed job runs.

    A job is run again when they change, and only then: not when a clone renews modification times,
    not for an edit of a backend that it has nothing to do with.
    """
    of_format = map(below_scripts, formats.files_of(backend))
    return digests_of("time_block.py", *of_format, *files_of_operations([operation]))


@cache
def versions_of(backend):
    """Give the versions that a backend is measured with: samples of others are measured again."""
    libraries = versions.library_versions(formats.libraries_of(backend))
    return {"python": versions.python_version(), **libraries}


@cache
def job_of(location, backend, operation, part, block):
    """Give all that decides what a timed job measures, which its record keeps."""
    is_access = not OPERATIONS[operation].in_every_run
    of_access = {"seed": config["seed"], **IN_ONE_MODE} if is_access else {}
    cell = PLAN.cell(location, backend, operation, part, block)
    stored = stored_in(part)
    del cell["part"]  # which says what the number of images and the settings say
    return {
        "cell": cell,
        "images": {**IMAGES, **copies_of(stored)},
        "settings": {
            **of_access,
            **settings_in(part),
            **pieces_of(stored, ONE_MODE if is_access else None),
        },
        "code": code_of(operation, backend),
        "versions": versions_of(backend),
    }


def decides_block():
    """Give a timed rule all that decides what its jobs measure, as its params."""
    return {
        key: lambda wildcards, key=key: job_of(*cell_of(wildcards))[key]
        for key in ("cell", "images", "settings", "code", "versions")
    }


def planned_jobs():
    """Give all that decides what each planned record measures, by the record's path."""
    for cell in PLAN.cells():
        place = (cell[name] for name in PLACE)
        yield f"results/{NAME}/records/{BLOCK.format(**cell)}.json", job_of(*place)
