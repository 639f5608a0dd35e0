# Needs: what the other files make. Makes: how a run begins and ends.

from imagebench import cluster_logs
from imagebench.files import remove_leftovers
from imagebench.measuring import lock
from imagebench.planning.space import require_space

STARTED = time.time()


rule conclude:
    input:
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
