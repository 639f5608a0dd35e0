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
include: "cluster.smk"
include: "figures.smk"
include: "inputs.smk"
include: "images.smk"
include: "timing.smk"
include: "results.smk"
include: "run.smk"


# What one can ask for: the table of all samples, or the page, with what these need.
rule table:
    input:
        records,
        STAMPS,
        f"results/{NAME}/timings.csv",
    message:
        f"All is measured: see results/{NAME}/timings.csv"


rule page:
    input:
        records,
        STAMPS,
        f"results/{NAME}/report.html",
    message:
        f"All is done: open results/{NAME}/report.html"
