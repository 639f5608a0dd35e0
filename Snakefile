# In which format should images be kept? The whole chain: a data set is downloaded or made,
# unpickled and repeated; stored and read in every way that the config names; and what that took
# becomes tables and figures.

from snakemake.utils import min_version

min_version("9.27")


configfile: "config/config.yaml"


report: "workflow/report/workflow.rst"


include: "workflow/rules/common.smk"
include: "workflow/rules/locations.smk"
include: "workflow/rules/cluster.smk"
include: "workflow/rules/figures.smk"
include: "workflow/rules/dataset.smk"
include: "workflow/rules/timing.smk"
include: "workflow/rules/results.smk"


rule all:
    default_target: True
    input:
        # Tables need the records; named here as well, a record that somebody deleted, because it
        # looked odd, is measured again.
        [record_of(cell) for cell in planned_cells()],
        expand(
            [
                "results/{dataset}/timings.csv",
                "results/{dataset}/summary.csv",
                "results/{dataset}/comparisons.csv",
                "results/{dataset}/single_images.csv",
                "results/{dataset}/figures/{figure}.png",
                "results/{dataset}/figures/{figure}.svg",
                "results/{dataset}/report.html",
            ],
            dataset=config["dataset"],
            figure=FIGURES,
        ),
    message:
        "All is done: open results/{}/report.html".format(config["dataset"])


rule page:
    input:
        "results/{}/report.html".format(config["dataset"]),
    message:
        "All is done: open {input}"
