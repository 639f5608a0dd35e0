# Needs: the checked config. Makes: what is measured of a folder of images, before anything is planned;
# no rules.

import json
from dataclasses import replace

import numpy as np
from imagebench.affording import Affordable, Cost, afford, in_words
from imagebench.digests import image_digests
from imagebench.errors import describe, may_be_damage
from imagebench.files import publish_json
from imagebench.images import choosing
from imagebench.images.folder import FolderSource
from imagebench.images.index import facts_of
from imagebench.images.sample import load
from imagebench.measuring import trial
from imagebench.modes import OneMode, one_mode
from imagebench.operations import read_crops
from imagebench.silence import silenced

TRIAL_IMAGES, TRIAL_BYTES = 500, 48 << 20  # and pixels in bytes, but for one image that is larger


def choose_images(config, folder):
    """Look at a folder, decide what is measured, and fit the config to that.

    Only the process that plans looks; those of jobs take what it has left.

    Returns:
        The images; the plan, and its words, unless all is measured; and what writes all this down,
        called when it is sure that the run is not refused.
    """
    plan_file = folder / "plan.json"
    if workflow.is_main_process:
        looked = choosing.look(config["folder"], config["seed"], folder)
    else:
        chosen = looked = load(folder)
    count, plan, words, made_for = config["image_count"] or looked.good, None, [], None
    if config["minutes"]:
        if workflow.is_main_process:
            made_for, plan = plan_for(config, looked, count, plan_file)
        else:
            plan = read_plan(plan_file)[1]
        words, count = in_words(plan, count), plan.images
        take(config, plan)
    if workflow.is_main_process:
        chosen = choosing.ready(looked, config["folder"], count, config["seed"])

    def keep():
        choosing.keep(chosen, folder)
        if made_for and read_plan(plan_file) != (made_for, plan):
            publish_json(plan_file, {"made_for": made_for, "plan": plan.as_json()})

    return chosen, plan, words, keep


def take(config, plan):
    """Measure what a plan has chosen; what cannot be measured at all is still named later."""
    backends = [name for name in config["backends"] if name not in plan.backends_left_out]
    config.update(
        blocks=plan.blocks,
        cutoffs=list(plan.cutoffs),
        backends=backends,
        access=list(plan.access),
    )


def read_plan(path):
    """Read what a plan was made for, and the plan; None and None if there is none."""
    try:
        found = json.loads(path.read_text("utf-8"))
        return found["made_for"], Affordable.from_json(found["plan"])
    except (OSError, ValueError, KeyError, TypeError):
        return None, None


def plan_for(config, chosen, count, path):
    """Choose what fits into the minutes; once, since another time the machine is faster or slower.

    Returns:
        What decides the plan, and the plan.
    """
    made_for = {
        "images": chosen.identity,
        **{
            key: config[key]
            for key in ("backends", "cutoffs", "image_count", "access", "access_images")
        },
    }
    minutes = config["minutes"]
    was_for, before = read_plan(path)
    if was_for != made_for:
        before = None
    if before and before.minutes >= minutes:
        return made_for, before
    cutoffs = [cutoff for cutoff in config["cutoffs"] if cutoff != "all" and cutoff < count]
    costs, failed = costs_of(config, chosen, path.parent)
    plan = afford(
        minutes,
        costs,
        count,
        cutoffs,
        {
            way: lambda images, way=way: (min(config["access_images"], images), way == "read_crops")
            for way in config["access"]
        },
        uses={use["access"] for use in config["use"].values()},
        before=before,
    )
    return made_for, replace(plan, failed=failed)


def costs_of(config, chosen, folder):
    """Try every format with a few images, none of which is damaged.

    Returns:
        The cost of each format, and why others failed, both by their names.
    """
    count = min(TRIAL_IMAGES, chosen.good)
    chosen = choosing.ready(chosen, config["folder"], count, config["seed"])
    rows = chosen.index.rows[chosen.order]
    change = chosen.index.change
    facts = chosen.all_facts
    few = next(iter(facts_of(rows, [], change).spans(TRIAL_BYTES))).stop
    source = FolderSource(chosen.index, chosen.order[:few])
    # Of images whose sizes differ widely, a few can be far from the mean.
    larger = facts.image_bytes / source.facts.image_bytes
    of_job = trial.of_job()
    with silenced():
        of_source = larger * trial.of_source(source)
    mode = one_mode(facts.modes)

    def cropped(piece):
        numbers = np.arange(len(piece.labels))
        if mode is not None:
            piece = OneMode(mode, source.facts.cmyk).of(piece, numbers)
        return image_digests(*read_crops.ReadCrops().cropped(piece, numbers, config["crop"]))

    with silenced():
        of_crop = trial.of_call(cropped, source)
    costs, failed = {}, {}
    for name in dict.fromkeys(["in_place", *RESERVED, *config["backends"]]):
        if formats.missing(name) is None and why_not(formats.load(name), facts) is None:
            try:
                with silenced():
                    seconds = trial.of_backend(formats.load(name), source, folder / ".trial")
            except Exception as error:
                if name in RESERVED or not may_be_damage(error):
                    raise BenchmarkError(f"{name} cannot be tried: {describe(error)}") from error
                failed[name] = f"it failed when it was tried with a few images: {describe(error)}"
                continue
            costs[name] = Cost(
                of_job, of_source, *(larger * of_image for of_image in seconds), of_crop
            )
    return costs, failed
