# Needs: what the other files make. Makes: what is asked for by default, and what is told of a run.

from contextlib import suppress

from imagebench import cluster_logs, run_lock
from imagebench.files import remove_leftovers
from imagebench.measuring import lock
from imagebench.planning.space import require_space

STARTED = time.time()
HELD = []  # locks, for as long as this process lives

RESULT_FILES = (
    "images.json", "timings.csv", "summary.csv", "comparisons.csv", "single_images.csv",
    "answer.json", "forecast.csv", "break_even.json", "report.html",
)  # fmt: skip


def everything(wildcards):
    """List all that is made by default.

    Snakemake calls this when it looks for jobs: with a folder whose plan is not made yet, it calls it
    again after the checkpoint.
    """
    if not is_planned():
        tell("a plan comes first: only then is it known what is measured of this folder")
    figures = [f"{RESULTS}/figures/{name}.{end}" for name in FIGURES for end in ("png", "svg")]
    tables = [f"{RESULTS}/{name}" for name in RESULT_FILES]
    # Tables need the records; listed here as well, a record that somebody deleted, because it
    # looked odd, is measured again.
    # A stamp is asked for by name, since Snakemake makes no missing file that nothing new needs.
    return [*records(wildcards), *STAMPS, *tables, *figures, f"{RESULTS}/{CONCLUDED}"]


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


onstart:
    try:
        if not is_on_a_cluster():  # there, it is the jobs that wait for each other
            HELD.append(lock.acquire(lock.RUN))
        if is_planned():
            # On a cluster, some locations may be seen by its nodes alone: their jobs look at them.
            require_space(
                measured(),
                RESULTS,
                lambda folder: not is_on_a_cluster() or locations.is_here(folder),
            )
    except BenchmarkError as error:
        refuse(error)
    remove_leftovers(RESULTS)
    start_jobs_without_a_limit()


onerror:
    for line in cluster_logs.causes(STARTED):
        print(f"error: {line}", file=sys.stderr)
