"""Write report.html, the answers of a run with all that they rest on, as one file."""

import json
from pathlib import Path
from typing import Any

from imagebench import files, keys, processes
from imagebench.evidence.tables import read_table, read_timings
from imagebench.page import rendering

PARTS = ("captions", "config", "command", "skipped", "afforded", "good_for")
"""Of the params, what the page is made of; the others say when it is made anew."""


def write_report(
    timings: Path, summary: Path, comparisons: Path, target: Path, **more: Any
) -> None:
    """Write the page; see ``rendering.render`` for what it is made of."""
    tables = read_timings(timings), read_table(summary), read_table(comparisons)
    with files.published_file(target) as partial:
        partial.write_text(rendering.render(*tables, **more), encoding="utf-8")


if __name__ == "__main__":
    with processes.in_one_line(snakemake.log[0]):
        failures = json.loads(Path(snakemake.input.failures).read_text("utf-8"))
        failed = {name: f"it failed: {reason}" for name, reason in failures.items()}
        write_report(
            Path(snakemake.input.timings),
            Path(snakemake.input.summary),
            Path(snakemake.input.comparisons),
            Path(snakemake.output.report),
            images=json.loads(Path(snakemake.input.images).read_text("utf-8")),
            uses=json.loads(Path(snakemake.input.answer).read_text("utf-8"))["answers"],
            pictures=[Path(figure) for figure in snakemake.input.figures],
            not_applicable=snakemake.params.not_applicable | failed,
            **{name: snakemake.params[name] for name in PARTS},
        )
        keys.settle(snakemake.input.stamp)
