# Needs: the records of all timed jobs.
# Makes: results/{dataset}/timings.csv, summary.csv, comparisons.csv, single_images.csv, figures/ and
# report.html.


rule aggregate_timings:
    input:
        records=[record_of(cell) for cell in planned_cells()],
        images="results/{dataset}/doubled/images.npy",
        labels="results/{dataset}/doubled/labels.npy",
    output:
        table="results/{dataset}/timings.csv",
    log:
        "results/{dataset}/logs/aggregate_timings.log",
    conda:
        "../../envs/results.yaml"
    params:
        plan={"cells": planned_cells()},
        code=code_of("aggregate_timings.py"),
    message:
        "Joining all samples into {output.table}"
    script:
        "../scripts/aggregate_timings.py"


rule summarize_timings:
    input:
        timings="results/{dataset}/timings.csv",
    output:
        summary="results/{dataset}/summary.csv",
        comparisons="results/{dataset}/comparisons.csv",
        singles="results/{dataset}/single_images.csv",
    log:
        "results/{dataset}/logs/summarize_timings.log",
    conda:
        "../../envs/results.yaml"
    params:
        code=code_of("summarize_timings.py"),
    message:
        "Summarising {input.timings} into {output.summary}"
    script:
        "../scripts/summarize_timings.py"


rule plot_figures:
    input:
        summary="results/{dataset}/summary.csv",
        singles="results/{dataset}/single_images.csv",
    output:
        [figure(name) for name in FIGURES],
    log:
        "results/{dataset}/logs/plot_figures.log",
    conda:
        "../../envs/results.yaml"
    threads: 4
    params:
        code=code_of("plot_figures.py"),
    message:
        "Drawing the figures of {wildcards.dataset}"
    script:
        "../scripts/plot_figures.py"


rule write_report:
    input:
        timings="results/{dataset}/timings.csv",
        summary="results/{dataset}/summary.csv",
        comparisons="results/{dataset}/comparisons.csv",
        figures=expand("results/{{dataset}}/figures/{figure}.png", figure=PAGE_FIGURES),
    output:
        report="results/{dataset}/report.html",
    log:
        "results/{dataset}/logs/write_report.log",
    conda:
        "../../envs/results.yaml"
    params:
        captions={name: caption_of(name) for name in PAGE_FIGURES},
        config=dict(config),
        skipped=dict(SKIPPED),
        command="snakemake --cores all --configfile mine.yaml",
        code=code_of("write_report.py", "imagebench/analysis/page/report.html.jinja"),
    message:
        "Writing {output.report}"
    script:
        "../scripts/write_report.py"
