"""Convert to the candidate of each use and read it beside what it competes with, block by block."""

import json
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from imagebench import files, formats, keys, processes
from imagebench.answers import break_even
from imagebench.answers.break_even import WhyNot
from imagebench.images.fresh import sources_of_blocks
from imagebench.images.prepared import folder_in
from imagebench.measuring.lock import JOB, machine_lock
from imagebench.operations.base import Target
from imagebench.operations.side_by_side import Side, run_blocks
from imagebench.states import Cache


def time_break_even(
    listed: Mapping[str, Any], inputs: Mapping[str, Path], stores: Path, job: Mapping[str, Any]
) -> dict[str, Any]:
    """Run one use, and return its entry of break_even.json; see the schema.

    Args:
        listed: entry of shortlist.json.
        inputs: of the data set; see ``source_of``.
        stores: the folder of the stores of all locations.
        job: ``images`` as records have them; ``settings`` of every way of access; ``seconds`` that
            it may take; ``blocks`` of the config; ``most``, the images of a block; ``measured``,
            those of the main run; ``there_are``, all of the data set; ``there``, the backends that
            need not be made.
    """
    use, why_not = listed["use"], break_even.why_not(listed)
    names = {which: (listed[which] or {}).get("backend") for which in ("before", "candidate")}
    folder = stores / listed["location"]
    found = {"location": listed["location"], "use": use["name"], "why_not": why_not}
    found["other_device"] = listed["is_there"] and is_elsewhere(folder_in(inputs)[0].root, folder)
    if why_not:
        return found
    if found["other_device"]:
        names["copy"] = break_even.COPY
    layout, share = break_even.layout_of(
        listed, job["seconds"], job["most"], job["blocks"], len(names)
    )
    if layout is None:
        return {**found, "why_not": WhyNot.TOO_LONG, "share_of_need": share}
    place = folder / "break_even" / use["name"]
    sides = {
        which: Side(Target(name, formats.load, place / f".{which}", job["settings"]),
                    name in job["there"])
        for which, name in names.items()
    }  # fmt: skip
    sources, left_out = sources_of_blocks(
        inputs, job["measured"], layout.images, layout.blocks, job
    )
    if left_out:
        found["left_out"] = left_out
    seconds = run_blocks(sides, sources, use["access"], is_cold=use["cache"] == Cache.COLD)
    if seconds is None:
        return {**found, "why_not": WhyNot.UNPROVEN}
    fresh = job["measured"] + layout.images * layout.blocks <= job["there_are"]
    return {**found, "images": layout.images, "fresh": fresh, "sides": seconds}


def is_elsewhere(folder: Path, stores: Path) -> bool:
    """Return True if a folder lies on another device than the stores."""
    stores.mkdir(parents=True, exist_ok=True)
    return folder.stat().st_dev != stores.stat().st_dev


def write_break_even(inputs: Mapping[str, Path], params: Mapping[str, Any], output: Any) -> None:
    """Run every use, and write break_even.json."""
    listed = json.loads(inputs["shortlist"].read_text("utf-8"))["shortlist"]
    params = dict(params)
    stores = Path(params.pop("stores"))
    job = {**params, "settings": params["of_access"]}
    run = partial(time_break_even, inputs=inputs, stores=stores, job=job)
    with machine_lock(JOB):
        files.publish_json(output.break_even, {"break_even": list(map(run, listed))})
    keys.settle(inputs["stamp"])


if __name__ == "__main__":
    inputs = {name: Path(path) for name, path in snakemake.input.items()}
    params = dict(snakemake.params.items())
    processes.supervised(
        lambda: write_break_even(inputs, params, snakemake.output),
        snakemake.log[0],
        what=snakemake.params.stores,
    )
