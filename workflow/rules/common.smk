# Needs: config. Makes: the checked config, all that is measured, and what decides whether a job runs.

import os
import re
import sys
import time
from functools import cache
from pathlib import Path
from typing import NamedTuple

from imagebench import code_digest, formats, keys, operations, versions, vocabulary
from imagebench.configuration import SCHEMA_FILE, complete
from imagebench.errors import BenchmarkError
from imagebench.limits import traits_for
from imagebench.measuring import locations
from imagebench.modes import image_bytes
from imagebench.planning import folder as folder_plan
from imagebench.planning.jobs import below_scripts, records_can_be_of
from imagebench.planning.measured import PIECE_VARIABLE, what_is_measured
from imagebench.planning.plan import BLOCK, PLACE, stored_in

# Snakemake fills in what is in braces, and hands the interpreter's path to a shell as it is.
for path, unsafe in (
    (os.getcwd(), r"[{}]"),
    (HERE or "", r"[{}]"),
    (sys.executable, r"[^\w@%+=:,./~-]"),
):
    if found := re.search(unsafe, str(path)):
        refuse(
            f"{str(path)!r} has {found[0]!r} in its path, which Snakemake cannot work with: move it to "
            "a path of letters, digits and - _ . alone"
        )

# Asked once, and handed down to all jobs by the environment.
os.environ.setdefault(code_digest.BEGAN_VARIABLE, str(time.time()))
os.environ.setdefault(versions.COMMIT_VARIABLE, versions.describe_commit(HERE and HERE.parents[1]))

try:
    config = complete(config, SCHEMA_FILE, formats, operations)
    if workflow.is_main_process:
        locations.require_results_folder(locations.INSIDE)
    DATASET, NAME, LOCATIONS = config["dataset"], config["name"], config["locations"]
    RESULTS = Path("results", NAME)
    # A job on another machine takes pieces of the size that its run has.
    PIECE_BYTES = None if workflow.is_main_process else int(os.environ.get(PIECE_VARIABLE, 0))
    if DATASET != "folder":
        FOLDER_PLAN, MEASURED = None, what_is_measured(config, piece_bytes=PIECE_BYTES)
        config = MEASURED.config
        os.environ[PIECE_VARIABLE] = str(config["piece_bytes"])
    elif workflow.is_main_process:
        state = folder_plan.state_of(config)
        FOLDER_PLAN = folder_plan.looked_at(RESULTS / "folder", state)
    else:  # a job on a node takes what was decided, and lists nothing again
        FOLDER_PLAN = folder_plan.last_look(RESULTS / "folder")
except BenchmarkError as error:
    refuse(error)

READ_OPERATIONS = [name for name in vocabulary.OPERATIONS if operations.load(name).stored_by]
STORE_OPERATIONS = list(dict.fromkeys(operations.load(name).stored_by for name in READ_OPERATIONS))


def is_planned():
    """Return True if it is known what is measured, without any checkpoint."""
    return FOLDER_PLAN is None or FOLDER_PLAN.exists()


@cache
def measured():
    """Return all that is measured; see ``Measured``.

    Of a folder, it is known once the checkpoint ``plan_folder`` has run: until then, Snakemake is asked
    to run that first, and to call again.
    """
    if FOLDER_PLAN is None:
        return MEASURED
    found = folder_plan.known(FOLDER_PLAN)
    if found is None:
        checkpoints.plan_folder.get()
        found = folder_plan.known(FOLDER_PLAN)
    if found is None:
        refuse(
            f"what is known of the folder of images is damaged or not there: delete {FOLDER_PLAN}, and "
            "run again without --touch"
        )
    try:
        now = what_is_measured(config, *found, PIECE_BYTES)
    except BenchmarkError as error:
        refuse(error)
    os.environ[PIECE_VARIABLE] = str(now.config["piece_bytes"])
    return now


def later(function):
    """Return a param that follows from what is measured: a value if that is known while parsing."""
    if FOLDER_PLAN is None:
        return function(MEASURED)
    return lambda wildcards: function(measured())


def planned(wildcards):
    """Return no input; of a folder, let Snakemake run its checkpoint before a job."""
    measured()
    return []


def any_of(names):
    """Return the regular expression of a wildcard that has one of these values."""
    return "|".join(map(re.escape, names))


wildcard_constraints:
    name=re.escape(NAME),
    location=any_of(LOCATIONS),
    backend=r"[a-z0-9_@]+(\+[a-z0-9_@]+)*",
    operation=any_of(vocabulary.OPERATIONS),
    part=r"[1-9][0-9]*(-[a-z_]+=[0-9]+)*",
    block=r"[1-9][0-9]*",
    key=keys.PATTERN,


def place_of(wildcards):
    """Return the place of a timed job: location, backend, operation, part and block."""
    *place, block = (wildcards[name] for name in PLACE)
    return *place, int(block)


def whole_machine(wildcards):
    """Return all cores, so that a timed job never runs beside another one."""
    return workflow.cores


# What decides whether a job runs. That of a timed job is in the name of its record. All other rules have
# params, which Snakemake compares, and take a stamp, an empty file whose name says the same: it is missing
# where results come from elsewhere, and so new.


class Decided(NamedTuple):
    """What a rule's outputs follow from beside its inputs, and the stamp that says so."""

    params: dict
    stamp: str


STAMPS = []  # of all rules


def decides(rule, *files, folder="{name}", **settings):
    """Return the params of the one job of a rule, and its stamp.

    Args:
        rule: whose script has its name.
        files: that the script loads by name while it runs, relative to the folder of scripts.
        folder: of results.
        settings: values, and functions of wildcards. Those are what follows from a plan, and so no
            part of the stamp, whose name must be known before there is a plan.
    """
    params = {**settings, "code": digests_of(f"{rule}.py", *files)}
    known = {name: value for name, value in params.items() if not callable(value)}
    stamp = f"results/{folder}/stamps/{rule}-{keys.key_of(known)}"
    STAMPS.append(stamp.format(name=NAME))
    return Decided(params, stamp)


# Snakemake asks for these again and again, for all jobs that are ready whenever one has finished,
# and so beside the next one that is timed. One run takes the code for what it was in the beginning.
digests_of = cache(code_digest.code_digests)


def recorded_with():
    """Return what tells the records of this config from those of others.

    Of a folder, records are known after its checkpoint, and a stamp is named before: there, it is the
    config, the code and the versions of everything that can be measured.
    """
    if FOLDER_PLAN is None:
        return list(MEASURED.jobs.records)
    return records_can_be_of(config)


def files_in(wing, ending):
    """List the files of a wing of the library that are looked up while a script runs."""
    found = (code_digest.SCRIPTS / "imagebench" / wing).rglob(f"*.{ending}")
    return sorted(map(below_scripts, found))
