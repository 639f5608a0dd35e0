"""Say for each use which format suits it, as JSON for the page, the terminal and other programs."""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd
import psutil
from imagebench import files, made_with, processes
from imagebench.answers.costs import options_from
from imagebench.answers.uses import Use
from imagebench.answers.using import FARTHEST, Answer, answer
from imagebench.evidence.pooling import CELL, measures, shown
from imagebench.evidence.summaries import block_times
from imagebench.evidence.tables import read_timings
from imagebench.page import use_words
from imagebench.states import Cache

SHARE_OF_MEMORY = 0.5
"""Pixels that come to no more than this stay in memory while they are read again and again."""


def answers_of(
    timings: pd.DataFrame,
    uses: Mapping[str, Mapping[str, Any]],
    traits: Mapping[str, Mapping[str, bool]],
    image_bytes: int,
    there_are: int = 0,
) -> list[dict[str, Any]]:
    """Answer each use in each location.

    Args:
        timings: as ``tables.read_timings`` gives it.
        uses: of the config, by their names.
        traits: what holds for each backend; see ``uses.Option``.
        image_bytes: of the pixels of one image, on average.
        there_are: images of which those that were measured are a sample; what a use is about that
            does not say how many there will be, unless they are too many for that.
    """
    rows = shown(measures(timings))
    key = [*CELL, "backend_label", "host", "block"]
    memory = rows.groupby(key, sort=False, dropna=False)["peak_memory_bytes"].max()
    blocks = block_times(rows).merge(memory.rename("memory").reset_index(), on=key)
    found = []
    for location in blocks["location"].unique():
        measured, options_of = options_from(blocks, traits, location)
        for name, wanted in uses.items():
            all_of_them = there_are if there_are <= FARTHEST * measured else 0
            images = wanted["images"] or max(all_of_them, measured)
            use = Use(**{**wanted, "name": name, "images": images,
                         "cache": cache_of(wanted["cache"], images * image_bytes)})  # fmt: skip
            found.append({"location": location, **described(answer(use, measured, options_of))})
    return found


def cache_of(wanted: str | None, size: int) -> Cache:
    """Give the state of the page cache that epochs meet: warm, if all that is read fits into it."""
    if wanted:
        return Cache(wanted)
    fits = size < SHARE_OF_MEMORY * psutil.virtual_memory().total
    return Cache.WARM if fits else Cache.COLD


def described(found: Answer) -> dict[str, Any]:
    """Give an answer with its words, as JSON has it: what is not known is null."""
    plain: dict[str, Any] = without_nan(asdict(found))
    return {"sentences": use_words.sentences(found), **plain}


def without_nan(value: Any) -> Any:
    """Put None in the place of every number that is not known."""
    if isinstance(value, dict):
        return {name: without_nan(of) for name, of in value.items()}
    if isinstance(value, list | tuple):
        return [without_nan(of) for of in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


if __name__ == "__main__":
    with processes.in_one_line(snakemake.log[0]):
        given = (snakemake.params[name] for name in ("uses", "traits", "image_bytes", "there_are"))
        found = answers_of(read_timings(Path(snakemake.input.timings)), *given)
        with files.published_file(snakemake.output.answer) as partial:
            text = json.dumps({"answers": found}, indent=1, allow_nan=False)
            partial.write_text(text + "\n", encoding="utf-8")
        made_with.write(snakemake.output.made_with, dict(snakemake.params.items()))
