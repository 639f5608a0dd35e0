"""Say what came out of a run, name what failed in it, and leave nothing behind."""

import json
import os
import shutil
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from imagebench import code_digest, processes
from imagebench.errors import BenchmarkError
from imagebench.measuring import locations
from imagebench.measuring.record import forget_failed
from imagebench.wording import reasons_of


def conclude(
    records: Iterable[Path], answer: Path, report: str, places: Mapping[str, str], concluded: Path
) -> None:
    """Print the answers, and remove stores that runs which were killed have left.

    Args:
        records: of all timed jobs.
        answer: ``answer.json``.
        report: path of the page.
        places: the folder of each location.
        concluded: the file to be made, if nothing has failed.

    Raises:
        BenchmarkError: naming each format that failed and why; its records are deleted, so that the
            next run tries again.
    """
    results = answer.parent
    answers = json.loads(answer.read_text("utf-8"))["answers"]
    for entry in answers:
        names = [entry["use"]["name"], *([entry["location"]] if len(places) > 1 else [])]
        name = f"{', '.join(names)}: " if len(answers) > 1 else ""
        print(f"\n{name}{' '.join(entry['sentences'])}", file=sys.stderr)
    remove_stores(results / "stores", float(os.environ[code_digest.BEGAN_VARIABLE]))
    for name, folder in places.items():
        locations.clear(name, folder, results.name)
    failed = {}
    for path, reason in forget_failed(records).items():
        failed.setdefault(path.relative_to(results / "records").parts[1], reason)
    if failed:
        raise BenchmarkError(
            f"{reasons_of(failed)}. {report} has all others; the next run tries what failed again"
        )
    print(f"All is done: open {report}", file=sys.stderr)
    concluded.touch()


def remove_stores(folder: Path, began: float) -> None:
    """Remove the stores that were made before this run began, by runs that were killed."""
    for store in folder.glob("*/*/*/*/*"):  # where links lead, too
        if store.stat().st_ctime < began:
            shutil.rmtree(store) if store.is_dir() else store.unlink()


if __name__ == "__main__":
    with processes.in_one_line(snakemake.log[0]):
        conclude(
            map(Path, snakemake.input.records),
            Path(snakemake.input.answer),
            snakemake.input.report,
            snakemake.params.locations,
            Path(snakemake.output.concluded),
        )
