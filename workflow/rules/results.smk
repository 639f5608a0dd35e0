# Needs: the records of all timed jobs.
# Makes: results/{name}/timings.csv, summary.csv, comparisons.csv, single_images.csv, shortlist.json,
# forecast.csv, break_even.json, answer.json, figures/ and report.html.

from dataclasses import asdict

from imagebench.answers import break_even
from imagebench.configuration import ready_made

# What was not measured: of a folder, formats for which there was no time; else, those of "make formats".
if DATASET == "folder":
    UNMEASURED = list(AFFORDABLE.backends_left_out) if AFFORDABLE else []
else:
    READY_MADE = ready_made(HERE.parents[1] / "config")
    UNMEASURED = [name for name in READY_MADE if name not in {*BACKENDS, *NOT_APPLICABLE}]
COLUMNS = "../schemas/timings.schema.yaml"
WORDS = {name: asdict(words) for name, words in vocabulary.OPERATIONS.items()}
MOST_IN_A_BLOCK = min(ALL_FACTS.count, config["access_images"])


rule aggregate_timings:
    input:
        **{name: file for name, file in SOURCE_FILES.items() if name not in ("images", "labels")},
        records=[record for record, _ in planned_jobs()],
    output:
        table=reported("results/{name}/timings.csv", "Tables"),
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
        summary=reported("results/{name}/summary.csv", "Tables"),
        comparisons=reported("results/{name}/comparisons.csv", "Tables"),
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


rule choose_formats:
    input:
        timings="results/{name}/timings.csv",
    output:
        shortlist="results/{name}/shortlist.json",
        forecast="results/{name}/forecast.csv",
        made_with="results/{name}/made_with/choose_formats.json",
    log:
        "results/{name}/logs/choose_formats.log",
    params:
        **decides(
            "choose_formats",
            COLUMNS,
            uses=config["use"],
            traits={name: traits_for(formats.traits_of(name), DROPS) for name in BACKENDS},
            image_bytes=ALL_FACTS.total_bytes / ALL_FACTS.count,
            image_pixels=ALL_FACTS.pixels / ALL_FACTS.count,
            image_file_bytes=(
                None if ALL_FACTS.file_bytes is None else float(ALL_FACTS.file_bytes.mean())
            ),
            there_are=ALL_FACTS.count,
            piece_bytes=config["piece_bytes"],
        ),
        stores=lambda wildcards: f"results/{wildcards.name}/stores",
    message:
        "Choosing what to compare once more for {wildcards.name}"
    script:
        "../scripts/choose_formats.py"


rule time_break_even:
    input:
        **SOURCE_FILES,
        shortlist="results/{name}/shortlist.json",
    output:
        break_even="results/{name}/break_even.json",
        made_with="results/{name}/made_with/time_break_even.json",
    log:
        "results/{name}/logs/time_break_even.log",
    threads: whole_machine
    resources:
        **dict.fromkeys(SLOTS, 1),
        mem_mb=memory_for(MOST_IN_A_BLOCK),
        runtime=10 + 3 * config["minutes"] + 3 * len(config["use"]) * len(LOCATIONS),
    params:
        **decides(
            "time_break_even",
            images={**IMAGES, **copies_of(PLAN.stored_for_access)},
            locations=dict(LOCATIONS),
            ways={
                use["access"]: {
                    "settings": IN_ONE_MODE
                    | {
                        name: config[name]
                        for name in ("piece_bytes", "seed", *OPERATIONS[use["access"]].settings)
                    },
                    "code": digests_of(
                        "time_break_even.py", *files_of_operations([use["access"]])
                    ),
                }
                for use in config["use"].values()
            },
            formats={
                backend: {
                    "code": digests_of(*map(below_scripts, formats.files_of(backend))),
                    "versions": versions_of(backend),
                }
                for backend in [*BACKENDS, break_even.COPY]
            },
            pieces=pieces_of(MOST_IN_A_BLOCK, ONE_MODE),
            measured=config["image_count"],
            # Of a folder, the images of a block come after those that the main run has measured.
            after=config["image_count"] if DATASET == "folder" else 0,
            most=MOST_IN_A_BLOCK,
            there_are=ALL_FACTS.count,
            there=[backend for backend in BACKENDS if formats.traits_of(backend)["stays"]],
            blocks=config["blocks"],
            seconds=break_even.seconds_for(
                config["minutes"], len(config["use"]) * len(LOCATIONS), config["blocks"]
            ),
        ),
        stores=lambda wildcards: f"results/{wildcards.name}/stores",
        records=lambda wildcards: f"results/{wildcards.name}/records/break_even",
    message:
        "Comparing what was chosen with what is there once more"
    script:
        "../scripts/time_break_even.py"


rule answer_uses:
    input:
        timings="results/{name}/timings.csv",
        comparisons="results/{name}/comparisons.csv",
        shortlist="results/{name}/shortlist.json",
        break_even="results/{name}/break_even.json",
    output:
        answer=reported("results/{name}/answer.json", "Answer"),
        made_with="results/{name}/made_with/answer_uses.json",
    log:
        "results/{name}/logs/answer_uses.log",
    params:
        **decides(
            "answer_uses",
            COLUMNS,
            minutes=config["minutes"],
            blocks=config["blocks"],
            minutes_for_all=AFFORDABLE.minutes_for_all if AFFORDABLE else None,
            drops=DROPS,
            unmeasured=UNMEASURED,
            warnings={backend: formats.warnings_of(backend) for backend in BACKENDS},
        ),
    message:
        "Deciding what to do with {wildcards.name}"
    script:
        "../scripts/answer_uses.py"


rule plot_figures:
    input:
        summary="results/{name}/summary.csv",
        singles="results/{name}/single_images.csv",
        forecast="results/{name}/forecast.csv",
    output:
        figures=[file for figure in FIGURES for file in files_of_figure(figure)],
        captions=expand("results/{{name}}/captions/{figure}.rst", figure=FIGURES),
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
        report=reported("results/{name}/report.html", "Answer"),
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


rule forget_disturbed:
    log:
        f"results/{NAME}/logs/forget_disturbed.log",
    params:
        **decides("forget_disturbed", COLUMNS, results=str(RESULTS)),
    message:
        "Forgetting the records of disturbed blocks in {params.results}"
    script:
        "../scripts/forget_disturbed.py"
