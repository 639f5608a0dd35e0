# Needs: the checked config of common.smk.
# Makes: the names of the figures, and where Snakemake's report has them; no rules.
#
# Which figures there are follows from the config alone, and not from what is installed or fits into the
# minutes: so each is a file of its own, which is made again if it is deleted, and the rule that makes
# them is the same before and after a folder has been looked at.

from imagebench.figures import registry
from imagebench.states import RESERVED

# At the start of a line, Snakemake takes "report" for the directive.
from snakemake.io import report as in_report

FIGURES = registry.that_apply(
    len({*config["backends"], *RESERVED}) + (DATASET == "folder"),
    len(LOCATIONS),
    len(config["cutoffs"]),
)
PAGE_FIGURES = registry.on_page(FIGURES)


def files_of_figure(figure):
    """Name a figure as PNG and SVG; for Snakemake's report with its caption, which is made with it."""
    facts = FIGURES[figure]
    return [
        in_report(
            f"results/{{name}}/figures/{figure}.{ending}",
            caption=str(Path(RESULTS, "captions", f"{figure}.rst").absolute()),
            category="Figures",
            subcategory=facts["category"],
            labels={"scale": facts["scale"], "results": "{name}", "file": ending.upper()},
        )
        for ending in ("png", "svg")
    ]


def reported(file, category):
    """Name a file that Snakemake's report has, with what workflow/report says of it."""
    path = Path(file)
    return in_report(
        file,
        caption=f"../report/{path.stem}.rst",
        category=category,
        labels={"file": path.name},  # of two labels, Snakemake makes a switch
    )
