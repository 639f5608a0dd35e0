"""Convert to the candidate of each use and read it beside what it competes with, block by block.

What was measured for a use in a location is kept in a record, named by what decides it: only what
has no record is timed.
"""

import json
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from imagebench import files, formats, keys, processes
from imagebench.answers import break_even
from imagebench.answers.break_even import Layout, WhyNot
from imagebench.code_digest import require_unchanged
from imagebench.images.fresh import sources_of_blocks
from imagebench.images.prepared import folder_in
from imagebench.measuring.lock import JOB, machine_lock
from imagebench.operations.base import Target
from imagebench.operations.side_by_side import Side, run_blocks
from imagebench.states import Cache


def time_break_even(
    listed: Mapping[str, Any],
    inputs: Mapping[str, Path],
    stores: Path,
    records: Path,
    job: Mapping[str, Any],
) -> dict[str, Any]:
    """Return one use's entry of break_even.json, see the schema; it is timed if it has no record.

    Args:
        listed: entry of shortlist.json.
        inputs: of the data set; see ``source_of``.
        stores: the folder of the stores of all locations.
        records: the folder of the records.
        job: ``images`` as records have them; ``locations``, their folders; ``ways``, the
            ``settings`` and ``code`` of each way of access; ``formats``, the ``code`` and
            ``versions`` of each backend; ``pieces``, the size of a piece if there are several;
            ``seconds`` that a use may take; ``blocks`` of the config; ``most``, the images of a
            block; ``measured``, those of the main run, and ``after``, how many of them a block must
            not take; ``there_are``, all of the data set; ``there``, the backends that need not be
            made.
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
    question = break_even.question_of(listed, names, job)
    settings = job["ways"][use["access"]]["settings"]
    record = records / f"{keys.key_of(question)}.json"
    measured = measured_before(record)
    if measured is None:
        layout, share = break_even.layout_of(
            listed, job["seconds"], job["most"], job["blocks"], len(names)
        )
        if layout is None:
            return {**found, "why_not": WhyNot.TOO_LONG, "share_of_need": share}
        place = folder / "break_even" / use["name"]
        sides = {
            which: Side(Target(name, formats.load, place / f".{which}", settings),
                        name in job["there"])
            for which, name in names.items()
        }  # fmt: skip
        with machine_lock(JOB):
            require_unchanged(question["code"])
            measured = run_use(use, sides, layout, inputs, {**job, "settings": settings})
            require_unchanged(question["code"])
        files.publish_json(record, {"made_with": question, "measured": measured})
    blocks = measured.pop("blocks")
    if "sides" in measured:
        needed = job["measured"] + measured["images"] * blocks
        measured["fresh"] = needed <= job["there_are"]
    return {**found, **measured}


def measured_before(record: Path) -> dict[str, Any] | None:
    """Return what a record holds; None if there is none, or if it is damaged."""
    try:
        content = json.loads(record.read_text("utf-8"))
        is_whole = keys.key_of(content["made_with"]) == record.stem
        return dict(content["measured"]) if is_whole else None
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def run_use(
    use: Mapping[str, Any],
    sides: Mapping[str, Side],
    layout: Layout,
    inputs: Mapping[str, Path],
    job: Mapping[str, Any],
) -> dict[str, Any]:
    """Run all blocks of a use, and return what its record keeps of them.

    Args:
        use: of the entry of shortlist.json.
        sides: what is compared.
        layout: how many images and blocks.
        inputs: of the data set.
        job: see ``time_break_even``, with the ``settings`` of its way of access.
    """
    sources, left_out = sources_of_blocks(
        inputs, job["measured"], layout.images, layout.blocks, job
    )
    found = {"blocks": layout.blocks, **({"left_out": left_out} if left_out else {})}
    seconds = run_blocks(sides, sources, use["access"], is_cold=use["cache"] == Cache.COLD)
    if seconds is None:
        return {**found, "why_not": WhyNot.UNPROVEN}
    return {**found, "images": layout.images, "sides": seconds}


def is_elsewhere(folder: Path, stores: Path) -> bool:
    """Return True if a folder lies on another device than the stores."""
    stores.mkdir(parents=True, exist_ok=True)
    return folder.stat().st_dev != stores.stat().st_dev


def write_break_even(inputs: Mapping[str, Path], params: Mapping[str, Any], output: Any) -> None:
    """Write break_even.json, after timing what has no record."""
    listed = json.loads(inputs["shortlist"].read_text("utf-8"))["shortlist"]
    job, stores, records = params["job"], Path(params["stores"]), Path(params["records"])
    entry = partial(time_break_even, inputs=inputs, stores=stores, records=records, job=job)
    files.publish_json(output.break_even, {"break_even": list(map(entry, listed))})
    keys.settle(inputs["stamp"])


if __name__ == "__main__":
    inputs = {name: Path(path) for name, path in snakemake.input.items()}
    params = dict(snakemake.params.items())
    processes.supervised(
        lambda: write_break_even(inputs, params, snakemake.output),
        snakemake.log[0],
        what=snakemake.params.stores,
    )
