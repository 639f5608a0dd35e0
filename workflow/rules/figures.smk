# Needs: the checked config, and the backends, of common.smk.
# Makes: the names of the figures, and their captions; no rules.

from imagebench.figures import registry
from snakemake.io import report as in_report

FIGURES = registry.that_apply(len(config["backends"]) + 2, len(LOCATIONS), len(config["cutoffs"]))
PAGE_FIGURES = registry.on_page(FIGURES)
CAPTIONS = Path(".snakemake/image-storage-bench/captions").absolute()

if workflow.is_main_process:
    # Snakemake reads what it says below each figure from a file.
    CAPTIONS.mkdir(parents=True, exist_ok=True)
    for name, facts in FIGURES.items():
        (CAPTIONS / f"{name}.rst").write_text(facts["caption"], encoding="utf-8")


def files_of_figure(figure):
    """Name a figure as PNG and SVG, with its caption for the report."""
    facts = FIGURES[figure]
    return [
        in_report(
            f"results/{{name}}/figures/{figure}.{ending}",
            caption=str(CAPTIONS / f"{figure}.rst"),
            category=facts["category"],
            labels={"scale": facts["scale"], "results": "{name}", "file": ending.upper()},
        )
        for ending in ("png", "svg")
    ]
