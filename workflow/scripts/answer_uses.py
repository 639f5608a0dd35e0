"""Decide what to do for each use, as JSON for the page, the terminal and other programs."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from imagebench import files, keys, processes
from imagebench.answers import cautions
from imagebench.answers.advice import Run, advise
from imagebench.evidence.tables import read_table, read_timings
from imagebench.page import use_words


def answer_uses(inputs: Mapping[str, Path], answer: Path, **run: Any) -> None:
    """Write answer.json."""
    timings, comparisons = read_timings(inputs["timings"]), read_table(inputs["comparisons"])
    listed, done = (
        json.loads(inputs[name].read_text("utf-8"))[name] for name in ("shortlist", "break_even")
    )
    known = Run(**run, answers=len(listed), cautions=cautions.of_answers(timings, comparisons))
    found = [advise(*pair, known) for pair in zip(listed, done, strict=True)]
    answers = [{"sentences": use_words.sentences(one), **one} for one in found]
    files.publish_json(answer, {"answers": answers})


if __name__ == "__main__":
    with processes.in_one_line(snakemake.log[0]):
        params = dict(snakemake.params.items())
        answer_uses(
            {name: Path(path) for name, path in snakemake.input.items()},
            Path(snakemake.output.answer),
            **{name: of for name, of in params.items() if name != "code"},
        )
        keys.settle(snakemake.input.stamp)
