"""Do what was recommended: convert images, and read both ways until that has paid for itself."""

import json
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
from imagebench import files, formats, made_with, processes
from imagebench.answers import break_even
from imagebench.answers.break_even import WhyNot
from imagebench.answers.uses import least_epoch
from imagebench.images.prepared import source_of
from imagebench.measuring.durability import make_durable
from imagebench.measuring.lock import JOB, machine_lock
from imagebench.measuring.page_cache import evict, warm
from imagebench.operations.access import Access
from imagebench.operations.base import Target, Work
from imagebench.operations.in_order import way_of
from imagebench.operations.reading import MOST_MISSES
from imagebench.states import Cache

SECONDS = 60
"""That it may take for one use, about; with fewer images, where that is not enough for all."""


def time_break_even(
    answer: Mapping[str, Any], inputs: Mapping[str, Path], stores: Path, job: Mapping[str, Any]
) -> dict[str, Any]:
    """Convert images as an answer says, and read them in both formats in turn.

    Args:
        answer: of answer.json.
        inputs: of the data set; see ``source_of``.
        stores: the folder of the stores of all locations.
        job: ``images`` as records have them; ``settings`` of every way of access; ``most``, the
            images that there are for it.

    Returns:
        What break_even.json has for it; see its schema.
    """
    use = answer["use"]
    found = {"location": answer["location"], "use": use["name"], "why_not": None}
    if reason := break_even.why_not(answer):
        return {**found, "why_not": reason}
    count = break_even.images_within(answer, SECONDS, job["most"])
    if count < break_even.FEWEST_IMAGES:
        return {**found, "why_not": WhyNot.TOO_LONG}
    is_cold, epochs = use["cache"] == Cache.COLD, {"best": [], "before": []}
    accesses: dict[str, Access] = {}
    converted = {}
    with machine_lock(JOB), ExitStack() as stack:
        for which in ("before", "best"):  # what is there, and then what it is brought to
            name = answer[which]["backend"]
            store = stores / answer["location"] / name / "break_even" / str(count) / f".{which}"
            target = Target(name, formats.load, store, job["settings"])
            access = accesses[which] = way_of(use["access"])
            # One of its own, which has not decoded any image yet.
            source = source_of(inputs, count, {**job, "cell": {"stored_images": count}})
            generator = np.random.default_rng(job["settings"]["seed"])
            access.work = Work(target, source, {}, source.digests, generator)
            access.start()
            stack.callback(access.stop)
            if is_cold and which == "best":
                evict(accesses["before"].work.target.store)
            converted[which] = stack.enter_context(access.stored(access.work, make_durable))
        least = least_epoch(count, use["needed_per_second"])
        for number in range(break_even.epochs_to_read(answer)):
            for which in sorted(epochs, reverse=bool(number % 2)):  # each goes first in turn
                seconds = epoch(accesses[which], number, is_cold=is_cold)
                if seconds is None:
                    return {**found, "why_not": WhyNot.UNPROVEN}
                epochs[which].append(max(seconds, least))
    if answer["before"]["backend"] in job["there"]:
        converted["before"] = 0.0
    saved = np.subtract(epochs["before"], epochs["best"])
    spent = converted["best"] - converted["before"]
    return {
        **found,
        "images": count,
        "predicted": answer["pays_after"],
        "converted": converted,
        "epochs": epochs,
        "crossing": break_even.crossing(spent, saved.tolist()),
    }


def epoch(access: Access, number: int, *, is_cold: bool) -> float | None:
    """Give the seconds to read all images once; None where the state of the cache is not proven."""
    stored, store = access.work.images.facts.count, access.work.target.store
    wanted = Cache.COLD if is_cold else Cache.WARM
    for _ in range(MOST_MISSES):
        share = None
        if not is_cold:
            warm(store)
        elif not access.keeps_open:  # else it empties the cache itself, once it is open
            share = evict(store)
        sample = access.sample(number, number, cold=is_cold, share=share)
        if sample.cache == wanted:
            return sample.seconds * stored / access.images(stored)
    return None


def write_break_even(inputs: Mapping[str, Path], params: Mapping[str, Any], output: Any) -> None:
    """Do what every answer says, and write break_even.json."""
    answers = json.loads(inputs["answer"].read_text("utf-8"))["answers"]
    params = dict(params)
    stores = Path(params.pop("stores"))
    job = {**params, "settings": params["of_access"]}
    found = [time_break_even(answer, inputs, stores, job) for answer in answers]
    with files.published_file(output.break_even) as partial:
        text = json.dumps({"break_even": found}, indent=1, allow_nan=False)
        partial.write_text(f"{text}\n", encoding="utf-8")
    made_with.write(output.made_with, params)


if __name__ == "__main__":
    inputs = {name: Path(path) for name, path in snakemake.input.items()}
    params = dict(snakemake.params.items())
    processes.supervised(
        lambda: write_break_even(inputs, params, snakemake.output),
        snakemake.log[0],
        what=snakemake.params.stores,
    )
