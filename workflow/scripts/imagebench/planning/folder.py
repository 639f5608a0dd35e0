"""What is measured of a folder of images: decided once, by a job, and kept as files.

While the Snakefile is parsed, a folder is listed and nothing more. If its listing and the settings
are those of the last look, all is known; otherwise ``plan_folder`` looks, times a few images with
each format, and keeps what it decides. A plan is kept under the hash of what it follows from, so
that it is found again when a folder becomes what it was.
"""

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from .. import formats, keys
from ..digests import image_digests
from ..errors import BenchmarkError, describe, may_be_damage
from ..files import publish_json
from ..images import choosing
from ..images.folder import FolderSource
from ..images.index import facts_of
from ..images.labels import table_of
from ..images.sample import Chosen, load
from ..images.walking import files_below
from ..limits import why_not
from ..measuring import trial
from ..modes import OneMode, one_mode
from ..operations import read_crops
from ..silence import silenced
from ..states import RESERVED
from .budget import Budget, Cost, afford

TRIAL_IMAGES, TRIAL_BYTES = 500, 48 << 20
"""Images, and bytes of their pixels, that each format is tried with; one larger image is taken."""

OF_PLAN = ("backends", "cutoffs", "image_count", "access", "access_images", "crop")
"""Keys of a config that a plan follows from, beside the minutes."""

FIRST_RULES = ("describe_images", "aggregate_timings")
"""Rules whose tables are made anew when a folder has other images; all others follow these."""


def state_of(config: Mapping[str, Any]) -> str:
    """Return a 16-digit hash of the listing of a folder and of the settings of its plan.

    Files count by name, size and time of the last change. Nothing is read but the table of labels.

    Raises:
        BenchmarkError: if there is no such folder, or no such table of labels.
    """
    settings = config["folder"]
    root = choosing.checked_root(settings["path"])
    found = hashlib.sha256(os.fsencode(root))
    for name, _ in files_below(root, [Path("results"), Path(".snakemake")], []):
        found.update(name + b"\0")
        try:
            status = os.stat(os.path.join(os.fsencode(root), name))
        except OSError:
            continue
        found.update(f"{status.st_size} {status.st_mtime_ns}\n".encode("ascii"))
    if settings["labels"] not in ("folders", "none"):
        found.update(table_of(settings["labels"], root).read_bytes())
    uses = sorted({use["access"] for use in config["use"].values()})
    more = [config[key] for key in (*OF_PLAN, "seed", "minutes")]
    missing = [name for name in config["backends"] if formats.missing(name)]
    return keys.key_of([found.hexdigest(), settings, more, uses, missing])


def looked_at(folder: Path, state: str) -> Path:
    """Return the path of the file that says that a folder was looked at in some state."""
    return folder / f"looked_at-{state}.json"


def last_look(folder: Path) -> Path | None:
    """Return the path of the file that says in which state a folder was looked at last."""
    return next(iter(folder.glob("looked_at-*.json")), None)


def known(path: Path) -> tuple[Chosen, Budget | None] | None:
    """Return the images of a folder that are measured, and the budget; None if that is not known.

    Args:
        path: of the file that ``looked_at`` names.
    """
    try:
        budget = json.loads(path.read_text("utf-8"))["budget"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    chosen = load(path.parent)
    return None if chosen is None else (chosen, Budget.from_json(budget) if budget else None)


def plan_folder(config: Mapping[str, Any], path: Path) -> None:
    """Look at a folder, decide what is measured, and keep that.

    Files whose size and time are those of the last look are not read again. Nothing is written
    before all is decided.

    Args:
        config: complete.
        path: that ``looked_at`` names, to be made; all is kept beside it.

    Raises:
        BenchmarkError: if the folder or the settings are such that nothing can be measured.
    """
    settings, seed, folder = config["folder"], config["seed"], path.parent
    looked = choosing.look(settings, seed, folder)
    count = config["image_count"] or looked.good
    budget, plan_file = None, folder / "plans" / f"{key_of_plan(config, looked)}.json"
    if config["minutes"]:
        budget = budget_for(config, looked, count, read_budget(plan_file), folder)
        count = budget.images
    chosen = choosing.ready(looked, settings, count, seed)
    now = {"images": key_of_images(chosen), "budget": budget.as_json() if budget else None}
    if budget:
        publish_json(plan_file, now["budget"])
    choosing.keep(chosen, folder)
    before = last_look(folder)
    if before and json.loads(before.read_text("utf-8")) != json.loads(json.dumps(now)):
        for rule in FIRST_RULES:
            keys.forget(folder.parent / "stamps", rule)
    publish_json(path, now)
    for old in folder.glob("looked_at-*.json"):
        if old != path:
            old.unlink()


def key_of_plan(config: Mapping[str, Any], looked: Chosen) -> str:
    """Return a 16-digit hash of all that a plan follows from, but for the minutes."""
    missing = [name for name in config["backends"] if formats.missing(name)]
    return keys.key_of([looked.identity, [config[key] for key in OF_PLAN], missing])


def key_of_images(chosen: Chosen) -> str:
    """Return a 16-digit hash of all that is known of a folder's images, but for times and place."""
    index = chosen.index
    reasons = sorted((os.fsdecode(name), why) for name, why in index.reasons.items())
    first = chosen.digest_of(len(chosen.order))
    return keys.key_of(
        [chosen.identity, first, reasons, sorted(index.classes.items()), index.notes]
    )


def read_budget(path: Path) -> Budget | None:
    """Return the budget that an earlier look at these images came to, or None."""
    try:
        return Budget.from_json(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def budget_for(
    config: Mapping[str, Any], looked: Chosen, count: int, before: Budget | None, folder: Path
) -> Budget:
    """Choose what fits into the minutes; once, since another time the machine is faster or slower.

    Args:
        config: complete.
        looked: all images that there are.
        count: of images that the config asks for.
        before: an earlier choice for the same images; more minutes only add to it.
        folder: in which formats are tried.
    """
    if before and before.minutes >= config["minutes"]:
        return before
    cutoffs = [cutoff for cutoff in config["cutoffs"] if cutoff != "all" and cutoff < count]
    costs, failed = costs_of(config, looked, folder)

    def reads(way: str) -> Callable[[int], tuple[int, bool]]:
        return lambda images: (min(config["access_images"], images), way == "read_crops")

    access = {way: reads(way) for way in config["access"]}
    uses = {use["access"] for use in config["use"].values()}
    budget = afford(config["minutes"], costs, count, cutoffs, access, uses=uses, before=before)
    return replace(budget, failed=failed)


def costs_of(
    config: Mapping[str, Any], looked: Chosen, folder: Path
) -> tuple[dict[str, Cost], dict[str, str]]:
    """Try every format with a few images, none of which is damaged.

    Returns:
        The cost of each format, and why others failed, both by their names.
    """
    count = min(TRIAL_IMAGES, looked.good)
    tried = choosing.ready(looked, config["folder"], count, config["seed"])
    rows, facts = tried.index.rows[tried.order], tried.all_facts
    few = next(iter(facts_of(rows, [], tried.index.change).spans(TRIAL_BYTES))).stop
    source = FolderSource(tried.index, tried.order[:few])
    # If sizes differ widely, a few images can be far from the mean.
    larger = facts.image_bytes / source.facts.image_bytes
    mode = one_mode(facts.modes)

    def cropped(piece: Any) -> Any:
        numbers = np.arange(len(piece.labels))
        if mode is not None:
            piece = OneMode(mode, source.facts.cmyk).of(piece, numbers)
        return image_digests(*read_crops.ReadCrops().cropped(piece, numbers, config["crop"]))

    of_job = trial.of_job()
    with silenced():
        of_source = larger * trial.of_source(source)
        of_crop = trial.of_call(cropped, source)
    costs, failed = {}, {}
    for name in dict.fromkeys(["in_place", *RESERVED, *config["backends"]]):
        if formats.missing(name) is not None or why_not(formats.load(name), facts) is not None:
            continue
        try:
            with silenced():
                seconds = trial.of_backend(formats.load(name), source, folder / ".trial")
        except Exception as error:
            if name in RESERVED or not may_be_damage(error):
                raise BenchmarkError(f"{name} cannot be tried: {describe(error)}") from error
            failed[name] = f"it failed when it was tried with a few images: {describe(error)}"
            continue
        of_store, of_read = (larger * each for each in seconds)
        costs[name] = Cost(of_job, of_source, of_store, of_read, of_crop)
    return costs, failed
