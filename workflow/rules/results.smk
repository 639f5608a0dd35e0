# Needs: the records of all timed jobs.
# Makes: results/{name}/timings.csv, summary.csv, comparisons.csv, single_images.csv, answer.json, figures/
# and report.html.

from dataclasses import asdict

COLUMNS = "../schemas/timings.schema.yaml"
WORDS = {name: asdict(words) for name, words in vocabulary.OPERATIONS.items()}


rule aggregate_timings:
    input:
        **{name: file for name, file in SOURCE_FILES.items() if name not in ("images", "labels")},
        records=[record for record, _ in planned_jobs()],
    output:
        table="results/{name}/timings.csv",
        made_with="results/{name}/made_with/aggregate_timings.json",
    log:
        "results/{name}/logs/aggregate_timings.log",
    params:
        **decides(
            "aggregate_timings",
            COLUMNS,
            # One dictionary, since of several values it would not be seen that two were swapped.
            plan={record: made_with.fingerprint(job) for record, job in planned_jobs()},
            names={backend: formats.words_of(backend)["label"] for backend in BACKENDS},
        ),
    message:
        "Joining all samples into {output.table}"
    script:
        "../scripts/aggregate_timings.py"


rule summarize_timings:
    input:
        timings="results/{name}/timings.csv",
    output:
        summary="results/{name}/summary.csv",
        comparisons="results/{name}/comparisons.csv",
        singles="results/{name}/single_images.csv",
        made_with="results/{name}/made_with/summarize_timings.json",
    log:
        "results/{name}/logs/summarize_timings.log",
    params:
        **decides("summarize_timings", COLUMNS),
    message:
        "Summarising {input.timings} into {output.summary}"
    script:
        "../scripts/summarize_timings.py"


rule answer_uses:
    input:
        timings="results/{name}/timings.csv",
    output:
        answer="results/{name}/answer.json",
        made_with="results/{name}/made_with/answer_uses.json",
    log:
        "results/{name}/logs/answer_uses.log",
    params:
        **decides(
            "answer_uses",
            COLUMNS,
            uses=config["use"],
            traits={backend: formats.traits_of(backend) for backend in BACKENDS},
            image_bytes=FACTS.image_bytes,
            there_are=ALL_FACTS.count,
        ),
    message:
        "Choosing a format for {wildcards.name}"
    script:
        "../scripts/answer_uses.py"


rule plot_figures:
    input:
        summary="results/{name}/summary.csv",
        singles="results/{name}/single_images.csv",
    output:
        figures=[file for figure in FIGURES for file in files_of_figure(figure)],
        made_with="results/{name}/made_with/plot_figures.json",
    log:
        "results/{name}/logs/plot_figures.log",
    threads: 4
    params:
        **decides("plot_figures", COLUMNS, *files_in("figures", "py"), words=WORDS),
    message:
        "Drawing the figures of {wildcards.name}"
    script:
        "../scripts/plot_figures.py"


rule write_report:
    input:
        timings="results/{name}/timings.csv",
        summary="results/{name}/summary.csv",
        comparisons="results/{name}/comparisons.csv",
        images="results/{name}/images.json",
        answer="results/{name}/answer.json",
        figures=expand("results/{{name}}/figures/{figure}.png", figure=PAGE_FIGURES),
    output:
        report="results/{name}/report.html",
        made_with="results/{name}/made_with/write_report.json",
    log:
        "results/{name}/logs/write_report.log",
    params:
        **decides(
            "write_report",
            COLUMNS,
            *files_in("page", "jinja"),
            *files_in("page", "css"),
            *files_in("page/recipes", "py"),
            words=WORDS,
            captions={figure: FIGURES[figure]["caption"] for figure in PAGE_FIGURES},
            good_for={backend: formats.words_of(backend)["good_for"] for backend in BACKENDS},
            config=dict(config),
            skipped=dict(SKIPPED),
            not_applicable=dict(NOT_APPLICABLE),
            afforded=AFFORDED,
            command="snakemake --cores all --configfile mine.yaml",
        ),
    message:
        "Writing {output.report}"
    script:
        "../scripts/write_report.py"
