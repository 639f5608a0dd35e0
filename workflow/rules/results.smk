# Needs: the records of all timed jobs.
# Makes: results/{name}/timings.csv, summary.csv, comparisons.csv, single_images.csv, answer.json,
# forecast.csv, break_even.json, figures/ and report.html.

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
        forecast="results/{name}/forecast.csv",
        made_with="results/{name}/made_with/answer_uses.json",
    log:
        "results/{name}/logs/answer_uses.log",
    params:
        **decides(
            "answer_uses",
            COLUMNS,
            uses=config["use"],
            traits={name: traits_for(formats.traits_of(name), DROPS) for name in BACKENDS},
            drops=DROPS,
            image_bytes=ALL_FACTS.total_bytes / ALL_FACTS.count,
            image_pixels=ALL_FACTS.pixels / ALL_FACTS.count,
            there_are=ALL_FACTS.count,
            piece_bytes=config["piece_bytes"],
        ),
        stores=lambda wildcards: f"results/{wildcards.name}/stores",
    message:
        "Choosing a format for {wildcards.name}"
    script:
        "../scripts/answer_uses.py"


rule time_break_even:
    input:
        **SOURCE_FILES,
        answer="results/{name}/answer.json",
    output:
        break_even="results/{name}/break_even.json",
        made_with="results/{name}/made_with/time_break_even.json",
    log:
        "results/{name}/logs/time_break_even.log",
    threads: whole_machine
    resources:
        **dict.fromkeys(SLOTS, 1),
        mem_mb=memory_for(PLAN.stored_for_access),
        runtime=10 + 3 * len(config["use"]) * len(LOCATIONS),
    params:
        **decides(
            "time_break_even",
            *files_of_operations({use["access"] for use in config["use"].values()}),
            images={**IMAGES, **copies_of(PLAN.stored_for_access)},
            # Another name than in records: others are no question of their own.
            of_access={
                name: config[name]
                for use in config["use"].values()
                for name in ("piece_bytes", "seed", *OPERATIONS[use["access"]].settings)
            },
            most=PLAN.stored_for_access,
            there=[backend for backend in BACKENDS if formats.traits_of(backend)["stays"]],
        ),
        stores=lambda wildcards: f"results/{wildcards.name}/stores",
    message:
        "Doing what was recommended, until it has paid for itself"
    script:
        "../scripts/time_break_even.py"


rule plot_figures:
    input:
        summary="results/{name}/summary.csv",
        singles="results/{name}/single_images.csv",
        forecast="results/{name}/forecast.csv",
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
        break_even="results/{name}/break_even.json",
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
