# In which format should images be kept? The whole chain: a data set is downloaded or made,
# unpickled and repeated; stored and read in every way that the config names; and what that took
# becomes tables and figures.

import os


include: "installed.smk"


# The schema has every default; a folder that uses this workflow need not have the file.
if os.path.exists("config/config.yaml"):

    configfile: "config/config.yaml"


report: "../report/workflow.rst"


include: "snakemake_internals.smk"
include: "common.smk"
include: "locations.smk"
include: "cluster.smk"
include: "figures.smk"
include: "images.smk"
include: "timing.smk"
include: "results.smk"
include: "run.smk"


# What "all" is made of, and says in the end: a rule that an included file has is no default target.
ALL = [
    # Tables need the records; named here as well, a record that somebody deleted, because it
    # looked odd, is measured again.
    *[record for record, _ in planned_jobs()],
    *expand(
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
]
ALL_IS_DONE = f"All is done: open results/{NAME}/report.html"


rule page:
    input:
        f"results/{NAME}/report.html",
    message:
        "All is done: open {input}"
