# Needs: what the other files make. Makes: what is asked for by default, and what is told of a run.

from contextlib import suppress

from imagebench import cluster_logs, run_lock
from imagebench.images import choosing
from imagebench.measuring import lock, room
from imagebench.measuring.record import parts_of
from imagebench.planning.jobs import changes

STARTED = time.time()
HELD = []  # locks, for as long as this process lives
TOLD = set()  # lines that were told already

RESULT_FILES = (
    "images.json", "timings.csv", "summary.csv", "comparisons.csv", "single_images.csv",
    "answer.json", "forecast.csv", "break_even.json", "report.html",
)  # fmt: skip


def tell(line):
    """Write a line to the terminal, once."""
    if line not in TOLD:
        TOLD.add(line)
        print(line, file=sys.stderr, flush=True)


def tell_what_is_measured():
    """Tell which formats are not measured, what of a folder is, and what is measured anew."""
    now = measured()
    for name, reason in now.skipped.items():
        tell(f"skipped: {name}: {reason}")
    for name, reason in now.not_applicable.items():
        tell(f"not applicable: {name}: {reason}")
    remarks = choosing.remarks(now.chosen.index, f"{RESULTS}/left_out.csv") if now.chosen else []
    for line in [*afforded(now), *remarks, *changes(now.jobs, RESULTS / "records", parts_of)]:
        tell(line)


def everything(wildcards):
    """List all that is made by default.

    Snakemake calls this when it looks for jobs: with a folder whose plan is not made yet, it calls it
    again after the checkpoint.
    """
    if workflow.is_main_process:
        take_the_folder()
    if not is_planned():
        tell("a plan comes first: only then is it known what is measured of this folder")
    measured()
    if workflow.is_main_process:
        tell_what_is_measured()
    figures = [f"{RESULTS}/figures/{name}.{end}" for name in FIGURES for end in ("png", "svg")]
    tables = [f"{RESULTS}/{name}" for name in RESULT_FILES]
    # Tables need the records; listed here as well, a record that somebody deleted, because it
    # looked odd, is measured again.
    return [*records(wildcards), *tables, *figures, f"{RESULTS}/{CONCLUDED}"]


def take_the_folder():
    """Take over from a run that was killed, and never from one that lives.

    Snakemake would ask for --unlock after each kill, though it can be seen that nobody lives.
    """
    folder = Path(".snakemake")
    if HELD or not is_real_run():
        return
    held = run_lock.take(folder)
    if held is None and is_locked():
        refuse(
            f"another run is under way in this folder, {Path.cwd()}: wait until it has ended, or run "
            "in a folder of its own"
        )
    if held is not None:
        HELD.append(held)
        if is_locked() and run_lock.was_taken_here(folder):
            print("going on after a run that was killed", file=sys.stderr)
            unlock()
        run_lock.note_host(folder)


CONCLUDED = "concluded"


rule conclude:
    input:
        planned,
        report=f"{RESULTS}/report.html",
        answer=f"{RESULTS}/answer.json",
        records=records,
        figures=expand(f"{RESULTS}/figures/{{figure}}.svg", figure=FIGURES),
    output:
        concluded=f"{RESULTS}/{CONCLUDED}",
    log:
        f"{RESULTS}/logs/conclude.log",
    params:
        locations=LOCATIONS,
    message:
        "Concluding"
    script:
        "../scripts/conclude.py"


localrules:
    conclude,


def require_room():
    """Refuse to begin if the largest store that a location still needs would not fit into it."""
    needs = {}
    missing = measured().jobs.missing(RESULTS / "records")
    for name, folder in LOCATIONS.items():
        backends = {(place[1], stored_in(place[3])) for place in missing if place[0] == name}
        # On a cluster, some locations may be seen by its nodes alone: jobs look at those.
        if backends and (not is_on_a_cluster() or locations.is_here(folder)):
            need = room.Need.largest(
                room.need_of_store(formats.load(backend), count, measured().facts)
                for backend, count in backends
            )
            place = locations.make_ready(name, folder, NAME)
            room.require_room(place, need, f"the stores of location {name}")


onstart:
    try:
        if not is_on_a_cluster():  # there, it is the jobs that wait for each other
            HELD.append(lock.acquire(lock.RUN))
        if is_planned():
            require_room()
    except BenchmarkError as error:
        refuse(error)
    start_jobs_without_a_limit()


onerror:
    for line in cluster_logs.causes(STARTED):
        print(f"error: {line}", file=sys.stderr)
