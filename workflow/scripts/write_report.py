"""Write report.html, the answers of a run with all that they rest on, as one file."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from imagebench import files, made_with, processes
from imagebench.evidence import tables
from imagebench.page import rendering


def write_report(
    timings: Path,
    summary: Path,
    comparisons: Path,
    target: Path,
    *,
    pictures: Sequence[Path],
    captions: Mapping[str, str],
    config: Mapping[str, Any],
    command: str,
    skipped: Mapping[str, str] | None = None,
    good_for: Mapping[str, str] | None = None,
) -> None:
    """Write the page; see ``rendering.render`` for what it is made of."""
    page = rendering.render(
        tables.read_timings(timings),
        tables.read_table(summary),
        tables.read_table(comparisons),
        pictures=pictures,
        captions=captions,
        config=config,
        command=command,
        skipped=skipped,
        good_for=good_for,
    )
    with files.published_file(target) as partial:
        partial.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    with processes.in_one_line(snakemake.log[0]):
        write_report(
            Path(snakemake.input.timings),
            Path(snakemake.input.summary),
            Path(snakemake.input.comparisons),
            Path(snakemake.output.report),
            pictures=[Path(figure) for figure in snakemake.input.figures],
            captions=snakemake.params.captions,
            config=snakemake.params.config,
            command=snakemake.params.command,
            skipped=snakemake.params.skipped,
            good_for=snakemake.params.good_for,
        )
        made_with.write(snakemake.output.made_with, dict(snakemake.params.items()))
