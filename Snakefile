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
include: "workflow/rules/cluster.smk"
include: "workflow/rules/figures.smk"
include: "workflow/rules/images.smk"
include: "workflow/rules/timing.smk"
include: "workflow/rules/results.smk"
include: "workflow/rules/run.smk"


rule all:
    default_target: True
    input:
        everything,


rule page:
    input:
        planned,
        f"results/{NAME}/report.html",
    message:
        f"All is done: open results/{NAME}/report.html"
