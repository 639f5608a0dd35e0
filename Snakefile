# In which format should images be kept? The whole chain: a data set is downloaded or made,
# unpickled and repeated; stored and read in every way that the config names; and what that took
# becomes tables and figures.

import os

from snakemake.utils import min_version

min_version("9.27")


# The schema has every default; a folder that uses this workflow need not have the file.
if os.path.exists("config/config.yaml"):

    configfile: "config/config.yaml"


report: "workflow/report/workflow.rst"


include: "workflow/rules/snakemake_internals.smk"
include: "workflow/rules/common.smk"
include: "workflow/rules/locations.smk"
include: "workflow/rules/cluster.smk"
include: "workflow/rules/figures.smk"
include: "workflow/rules/images.smk"
include: "workflow/rules/timing.smk"
include: "workflow/rules/results.smk"
include: "workflow/rules/run.smk"


rule all:
    default_target: True
    input:
        # Tables need the records; named here as well, a record that somebody deleted, because it
        # looked odd, is measured again.
        [record for record, _ in planned_jobs()],
        expand(
            [
                "results/{name}/timings.csv",
                "results/{name}/summary.csv",
                "results/{name}/comparisons.csv",
                "results/{name}/single_images.csv",
                "results/{name}/answer.json",
                "results/{name}/forecast.csv",
                "results/{name}/break_even.json",
                "results/{name}/figures/{figure}.png",
                "results/{name}/figures/{figure}.svg",
                "results/{name}/report.html",
            ],
            name=NAME,
            figure=FIGURES,
        ),
    message:
        f"All is done: open results/{NAME}/report.html"


rule page:
    input:
        f"results/{NAME}/report.html",
    message:
        "All is done: open {input}"
