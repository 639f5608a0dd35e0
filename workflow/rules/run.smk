# Needs: what the other files make. Makes: what happens before the first job of a run and after the last;
# no rules.

import json
import shutil
import time
from contextlib import suppress

from imagebench import cluster_logs, run_lock
from imagebench.files import remove_leftovers
from imagebench.measuring import lock
from imagebench.wording import counted

# In the order in which data flows; see put_times_in_order.
STAGES = [
    ("archive.tar.gz", "made_with/download_archive.json", "made_with/synthesize_archive.json"),
    ("unpickled/*", "made_with/unpickle_batches.json"),
    ("doubled/*", "made_with/double_images.json"),
    ("arrays/*", "made_with/digest_arrays.json"),
    ("folder/*",),
    ("records/*/*/store_*/*/*.json",),
    ("records/*/*/read_*/*/*.json",),
    ("images.json", "classes.json", "labels.csv", "left_out.csv", "made_with/describe_images.json"),
    ("timings.csv", "made_with/aggregate_timings.json"),
    ("summary.csv", "comparisons.csv", "single_images.csv", "made_with/summarize_timings.json"),
    ("shortlist.json", "forecast.csv", "made_with/choose_formats.json"),
    ("break_even.json", "made_with/time_break_even.json"),
    ("answer.json", "made_with/answer_uses.json"),
    ("figures/*", "captions/*", "made_with/plot_figures.json"),
    ("report.html", "made_with/write_report.json"),
]


def put_times_in_order(results, metadata):
    """Give results that were copied into a new clone modification times in the order of the flow.

    Snakemake keeps what it knows of files outside of results/, so that in a new clone it has nothing
    but their times to go by, and a plain copy shuffles those. Where Snakemake has been at work
    before, nothing is touched.
    """
    if metadata.exists():
        return
    files = [
        file
        for stage in STAGES
        for pattern in stage
        for file in sorted(results.glob(pattern))
        if file.is_file()
    ]
    if files:
        newest = max(file.stat().st_mtime for file in files)
        for place, file in enumerate(files):
            # All lie in the past, so that whatever a run makes is newer.
            time = newest - len(files) + place
            with suppress(OSError):  # a folder that cannot be written is refused when a run starts
                os.utime(file, (time, time))


def others_than_planned():
    """Find results that were made with anything else than they would be made with now.

    Returns:
        What differs, by the path of what says what it was made with.
    """
    planned = {**MADE_WITH, **dict(planned_jobs())}
    found = ((path, made_with.differences(Path(path), parts)) for path, parts in planned.items())
    return {path: other for path, other in found if other}


OTHERS = {}
# What makes results answer another question than before, in a record and in what images come from.
QUESTIONS = ("cell.", "images.", "settings.", "image_count", "md5")


def say_what_is_other():
    """Say what differs, and how many records are therefore measured anew, in one line each."""
    causes = {}
    for path in OTHERS.keys() - MADE_WITH.keys():  # the others only follow from records
        for cause in {other.partition(".")[2] or other for other in OTHERS[path]}:
            causes[cause] = causes.get(cause, 0) + 1
    for cause, count in sorted(causes.items()):
        print(f"measured anew: {counted(count, 'record')}, since {cause}", file=sys.stderr)


def why_not_to_replace():
    """Say why a run would replace the answers to one question by those to another; else None."""
    asked = [other for others in OTHERS.values() for other in others if other.startswith(QUESTIONS)]
    if not asked or not any(RESULTS.glob("records/**/*.json")):
        return None
    whose = f"another config ({asked[0].rpartition('.')[2]})"
    if any(other.startswith("images.digest") for other in asked):
        whose = "the folder before some of its files or labels were changed"
    return (
        f"{RESULTS} has results of {whose}, which this run "
        f"would replace: to keep both, give this config a name of its own, such as name: {NAME}-2; "
        f"to let go of those, delete {RESULTS}"
    )


STARTED = time.time()
HELD = []  # locks, for as long as this process lives


def say_what_is_measured():
    """Say which formats are not measured, and what of a folder is."""
    for name, reason in SKIPPED.items():
        print(f"skipped: {name}: {reason}", file=sys.stderr)
    for name, reason in NOT_APPLICABLE.items():
        print(f"not applicable: {name}: {reason}", file=sys.stderr)
    remarks = choosing.remarks(CHOSEN.index, f"{RESULTS}/left_out.csv") if CHOSEN else []
    for line in [*AFFORDED, *remarks]:
        print(line, file=sys.stderr)


def begin():
    """Do what must be done before any job, and refuse to start what cannot go well."""
    say_what_is_measured()
    say_what_is_other()
    try:
        if workflow.local_exec:  # elsewhere it is the jobs that wait for each other
            HELD.append(lock.acquire(lock.RUN))
        open_locations()
    except BenchmarkError as error:
        refuse(error)
    remove_leftovers(RESULTS)
    for partial in RESULTS.glob("stores/*/*/*/*/.*"):
        shutil.rmtree(partial)  # of jobs that were killed
    start_jobs_without_a_limit()
    show_progress()


def finish(succeeded):
    """Leave nothing behind, and say what came out, or why jobs of a cluster failed."""
    remove_read_stores()
    close_locations()
    if succeeded:
        say_the_answer()
    if INTERRUPTED:
        print("interrupted: the same command goes on where this ended", file=sys.stderr)
    elif not succeeded:
        for line in cluster_logs.causes(STARTED):
            print(f"error: {line}", file=sys.stderr)


def say_the_answer():
    """Say what to do, where that was made."""
    with suppress(OSError):
        found = json.loads((RESULTS / "answer.json").read_text("utf-8"))["answers"]
        for answer in found:
            name = f"{answer['use']['name']}: " if len(found) > 1 else ""
            print(f"\n{name}{' '.join(answer['sentences'])}", file=sys.stderr)


def remove_read_stores():
    """Remove stores that have been read, but whose run was killed before it could remove them."""
    if workflow.storage_settings.notemp:
        return
    for name in READ_OPERATIONS:
        stored_by = OPERATIONS[name].stored_by
        for store in RESULTS.glob(f"stores/*/*/{stored_by}/*/block-*"):  # where links lead, too
            *place, _, part, block = store.relative_to(RESULTS / "stores").parts
            record = RESULTS.joinpath("records", *place, name, part, f"{block}.json")
            if record.exists() and not is_asked_for(store.as_posix()):
                shutil.rmtree(store)


def take_the_folder():
    """Take over from a run that was killed, and never from one that lives.

    Snakemake would ask for --unlock after each kill, though it can be seen that nobody lives.
    """
    folder = Path(".snakemake")
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


def prepare():
    """Decide what is made anew, and whose folder this is."""
    make_anew(OTHERS)
    if is_real_run():
        if reason := why_not_to_replace():
            refuse(reason)
        be_quiet_when_interrupted()
        take_the_folder()
    elif workflow.dryrun:
        say_what_is_measured()
        say_what_is_other()
        if reason := why_not_to_replace():
            print(f"a run will be refused: {reason}", file=sys.stderr)
        plan_as_table()


if workflow.is_main_process:
    put_times_in_order(RESULTS, Path(".snakemake/metadata"))
    OTHERS.update(others_than_planned())
    if keep_choice and why_not_to_replace() is None:
        keep_choice()
    before_planning(prepare)
    run_at_start(begin)
    run_at_end(finish)
