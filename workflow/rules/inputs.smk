# Needs: the checked config, and what is measured, of common.smk; the figures.
# Makes: functions of wildcards for the inputs, params and targets of rules; no rules.

from imagebench import run_lock
from imagebench.planning.remarks import remarks

HELD = []  # locks, for as long as this process lives

CONCLUDED = "concluded"
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


def of_folder(name):
    """Return the input function for a file that the checkpoint of a folder leaves."""

    def file(wildcards):
        measured()
        return ancient(f"{RESULTS}/folder/{name}")

    return file


def of_all_images():
    """Return how many images there are, and how copies of them are changed."""
    count = config["image_count"]
    return {"image_count": count, **MEASURED.copies_of(count)}


def store_of(wildcards):
    """Return the path of the store that a timed job makes or reads.

    The store of a way of access is hidden, and a part of its job.
    """
    store = Path("results", NAME, "stores", measured().jobs.store(*place_of(wildcards)))
    is_hidden = wildcards.operation not in {*READ_OPERATIONS, *STORE_OPERATIONS}
    return str(store.with_name(f".{store.name}") if is_hidden else store)


def record_of_store(wildcards):
    """Return the path of the record of the store that a job reads."""
    return f"results/{NAME}/records/{measured().jobs.store(*place_of(wildcards))}.json"


def of_each(function):
    """Return a param with what a function says of each backend that is measured, by its name."""
    return later(lambda now: {backend: function(backend) for backend in now.backends})


@cache
def tell(line):
    """Write a line to the terminal, once."""
    print(line, file=sys.stderr, flush=True)


@cache
def tell_what_is_measured():
    """Write what is measured, and what is measured anew, to the terminal; the records are looked for once."""
    for line in remarks(measured(), RESULTS):
        tell(line)


def records(wildcards):
    """List the records of all timed jobs, and tell what they are of: every target asks for them."""
    if workflow.is_main_process:
        take_the_folder()
        tell_what_is_measured()
    return [f"{RESULTS}/records/{record}" for record in measured().jobs.records]


def mean_file_bytes(facts):
    """Return the mean size of an image's file in bytes; None of images that are in no files."""
    return None if facts.file_bytes is None else float(facts.file_bytes.mean())
