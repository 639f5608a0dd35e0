# Needs: config. Makes: the checked config, the plan of all timed jobs and helpers; no rules.

import os
import random
import shutil
import sys
import time
from contextlib import suppress
from functools import cache
from pathlib import Path

from snakemake.exceptions import WorkflowError

from workflow.scripts.imagebench import backends, cluster_logs, versions
from workflow.scripts.imagebench.code_digest import code_digests
from workflow.scripts.imagebench.configuration import ConfigurationError, complete
from workflow.scripts.imagebench.failures import BenchmarkError
from workflow.scripts.imagebench.measurement import access, locations, lock, space

try:
    config = complete(
        config,
        Path(workflow.basedir, "workflow/schemas/config.schema.yaml"),
        backends,
    )
except ConfigurationError as error:
    raise WorkflowError(str(error)) from None

# In every run, whatever the config names: the limit that all is compared with, and the limit under
# another name, between which no difference may be found.
BACKENDS = [
    name
    for name in dict.fromkeys([*config["backends"], "raw", "control"])
    if backends.missing(name) is None
]
# What is not installed is left out, and named with the line that installs it.
SKIPPED = {
    name: reason for name in config["backends"] if (reason := backends.missing(name)) is not None
}
LOCATIONS = config["locations"]
SINGLE = "single"
ACCESS = "access"
ACCESS_IMAGES = min(config["access_images"], config["image_count"])
MANY = ("store_many", "read_many")

# In the order in which data flows; see put_times_in_order.
STAGES = [
    "archive.tar.gz",
    "unpickled/*",
    "doubled/*",
    "records/*/*/store_*/**/*.json",
    "records/*/*/read_*/**/*.json",
    "timings.csv",
    "summary.csv",
    "comparisons.csv",
    "single_images.csv",
    "figures/*",
    "report.html",
]


wildcard_constraints:
    dataset=r"lookalike|cifar10",
    location="|".join(LOCATIONS),
    backend=r"[a-z0-9_]+(\+[a-z0-9_]+)*",
    operation="|".join(access.available()),
    part=ACCESS,
    cutoff=r"[1-9][0-9]*",
    block=r"[1-9][0-9]*",


def put_times_in_order(results, metadata):
    """Give results that were copied into a new clone modification times in the order of the flow.

    Snakemake keeps what it knows of files outside of results/, so that in a new clone it has nothing
    but their times to go by, and a plain copy shuffles those. Where Snakemake has been at work
    before, nothing is touched.
    """
    if metadata.exists():
        return
    files = [file for stage in STAGES for file in sorted(results.glob(stage)) if file.is_file()]
    if files:
        newest = max(file.stat().st_mtime for file in files)
        for place, file in enumerate(files):
            # All lie in the past, so that whatever a run makes is newer.
            time = newest - len(files) + place
            with suppress(OSError):  # a folder that cannot be written is refused when a run starts
                os.utime(file, (time, time))


if workflow.is_main_process:
    put_times_in_order(Path("results", config["dataset"]), Path(".snakemake/metadata"))


def remove_leftovers(results):
    """Remove stores that have been read, but whose run was killed before it could remove them."""
    if workflow.storage_settings.notemp:
        return
    for store in results.glob("stores/*/*/*/block-*"):  # also where a location is a link
        location, backend, cutoff, block = store.parts[-4:]
        kind = "read_single" if cutoff == SINGLE else f"read_many/{cutoff}"
        was_read = (results / "records" / location / backend / kind / f"{block}.json").exists()
        if was_read and store.as_posix() not in map(str, workflow.dag.targetfiles):
            shutil.rmtree(store)


STARTED = time.time()

HELD = []  # locks, for as long as this process lives

# Asked once, and handed down to all jobs by the environment.
os.environ[versions.COMMIT_VARIABLE] = versions.describe_commit(Path(workflow.basedir))


onstart:
    # Before any job, since no job could leave its results or even its log.
    place = next(place for place in (Path("results"), Path(".")) if place.exists())
    if not os.access(place, os.W_OK):
        raise WorkflowError(
            f"cannot write into {place.resolve()}: make it writable, or run in another folder"
        )
    for name, reason in SKIPPED.items():
        print(f"skipped: {name}: {reason}", file=sys.stderr)
    if workflow.local_exec:  # elsewhere it is the jobs that wait for each other
        HELD.append(lock.acquire(lock.RUN))
    # With a limit to how many jobs start in a second, which cannot be switched off, Snakemake plans
    # anew a second after each job, and again a second later, for ever: with a thousand jobs behind
    # it, it took three quarters of a core beside whatever was timed. So it goes without.
    workflow.scheduler.job_rate_limiter = None
    try:
        open_locations()
    except BenchmarkError as error:
        raise WorkflowError(str(error)) from None
    for partial in Path("results", config["dataset"]).glob("stores/*/*/*/.*"):
        shutil.rmtree(partial)  # of jobs that were killed


onsuccess:
    close_locations()


onerror:
    close_locations()
    for line in cluster_logs.causes(STARTED):
        print(f"error: {line}", file=sys.stderr)


# Which jobs there are, and in which order they are timed.


def scheduled_cells():
    """List (location, backend, cutoff or "single" or "access", block) in the order of their timing.

    Block 1 of everything comes before block 2 of anything, each block in another shuffled order, so
    that a machine that becomes slower does so for all backends alike. Each block's order depends on
    seed and block alone: further blocks leave the order of the earlier ones as it was.
    """
    cells = []
    for block in range(1, config["blocks"] + 1):
        part = [
            (location, backend, part, block)
            for location in LOCATIONS
            for backend in BACKENDS
            for part in [SINGLE, ACCESS, *map(str, config["cutoffs"])]
        ]
        random.Random(f"{config['seed']} {block}").shuffle(part)
        cells.extend(part)
    return cells


POSITION = {cell: place for place, cell in enumerate(scheduled_cells())}


def part_of(wildcards):
    """Name the store that a timed job makes or reads among those of its backend."""
    return wildcards.get("cutoff") or wildcards.get("part", SINGLE)


def images_stored(wildcards):
    """Count the images of the store that a timed job makes or reads."""
    part = part_of(wildcards)
    return {SINGLE: 1, ACCESS: ACCESS_IMAGES}.get(part) or int(part)


def timing_priority(wildcards, is_read):
    """Give earlier cells of the schedule a higher priority, and a store's read comes right after it.

    Cells outside of the schedule, asked for by the name of a file, come last.
    """
    cell = wildcards.location, wildcards.backend, part_of(wildcards), int(wildcards.block)
    return 2 * (len(POSITION) - POSITION.get(cell, len(POSITION))) + is_read


def store_priority(wildcards):
    return timing_priority(wildcards, is_read=False)


def read_priority(wildcards):
    return timing_priority(wildcards, is_read=True)


def whole_machine(wildcards):
    """Take all cores, so that a timed job never runs beside another one.

    A cluster is asked for one, on a node that nobody else gets; there, this takes all there are.
    """
    return workflow.cores if workflow.local_exec and workflow._cores else 1


# What jobs are told, and what decides whether they run again.


def cell_of(operation=None):
    """Make the function that describes a timed job: what its record will say about it.

    The operation is that of the wildcard, if none is given.
    """

    def cell(wildcards):
        stored = images_stored(wildcards)
        name = operation or wildcards.operation
        return {
            "dataset": wildcards.dataset,
            "location": wildcards.location,
            "folder": LOCATIONS[wildcards.location],
            "backend": wildcards.backend,
            "operation": name,
            "images": stored if operation else access.load(name).images(stored),
            "stored_images": stored,
            "block": int(wildcards.block),
        }

    return cell


def settings_of(wildcards):
    """Give what a way of access is to do: it is measured anew when this changes."""
    names = ["seed", *access.load(wildcards.operation).settings]
    return {name: config[name] for name in names}


# Snakemake asks for these again and again, for all jobs that are ready whenever one has finished,
# and so beside the next one that is timed. One run takes the code for what it was in the beginning.
digests_of = cache(code_digests)


@cache
def versions_for(backend):
    """Give the versions that a backend is measured with."""
    libraries = versions.library_versions(backends.libraries_of(backend))
    return {"python": versions.python_version(), **libraries}


def code_of(script, *more, times_backend=False):
    """Make the function that gives the digests of all code that a job runs.

    A job is run again when they change, and only then: not when a clone renews modification times,
    not for an edit of a backend that it has nothing to do with.
    """

    def digests(wildcards):
        own = backends.files_of(wildcards.backend) if times_backend else []
        operation = wildcards.get("operation")
        own += [Path(access.__file__).with_name(f"{operation}.py")] if operation else []
        scripts = Path(workflow.basedir, "workflow/scripts").resolve()
        return dict(digests_of(script, *more, *(str(path.relative_to(scripts)) for path in own)))

    return digests


def versions_of(wildcards):
    """Give the versions that a timed job runs with: samples of others are measured again."""
    return dict(versions_for(wildcards.backend))


def planned_cells():
    """List what timings.csv must hold: one cell for each record, in the order of the table."""
    operations = [("store_single", 1, 1), ("read_single", 1, 1)]
    operations += [(name, cutoff, cutoff) for cutoff in config["cutoffs"] for name in MANY]
    operations += [
        (name, access.load(name).images(ACCESS_IMAGES), ACCESS_IMAGES) for name in config["access"]
    ]
    return [
        {
            "dataset": config["dataset"],
            "location": location,
            "backend": backend,
            "operation": operation,
            "images": images,
            "stored_images": stored,
            "block": block,
        }
        for location in LOCATIONS
        for backend in BACKENDS
        for operation, images, stored in operations
        for block in range(1, config["blocks"] + 1)
    ]


def record_of(cell):
    """Name the record that a planned cell leaves."""
    part = ""
    if cell["operation"] in MANY:
        part = "{images}/"
    elif cell["operation"] in config["access"]:
        part = f"{ACCESS}/"
    pattern = (
        "results/{dataset}/records/{location}/{backend}/{operation}/" f"{part}block-{{block}}.json"
    )
    return pattern.format(**cell)
