# Needs: the records of all timed jobs.
# Makes: results/{name}/timings.csv, summary.csv, comparisons.csv, single_images.csv, shortlist.json,
# forecast.csv, break_even.json, answer.json, figures/ and report.html.

from dataclasses import asdict

from imagebench.answers import break_even
from imagebench.configuration import ready_made
from imagebench.planning.comparison import job_of_comparison
from imagebench.planning.remarks import of_budget, unmeasured

COLUMNS = "imagebench/schemas/timings.schema.yaml"
WORDS = {name: asdict(words) for name, words in vocabulary.OPERATIONS.items()}


TIMED = decides(
    "aggregate_timings",
    COLUMNS,
    recorded_with=recorded_with(),
    names=of_each(lambda backend: formats.words_of(backend)["label"]),
)


rule aggregate_timings:
    input:
        **{name: file for name, file in SOURCE_FILES.items() if name not in ("images", "labels")},
        stamp=TIMED.stamp,
        records=records,
    output:
        table=reported("results/{name}/timings.csv", "Tables"),
        failures="results/{name}/failures.json",
    log:
        "results/{name}/logs/aggregate_timings.log",
    params:
        **TIMED.params,
    message:
        "Joining all samples into {output.table}"
    script:
        "../scripts/aggregate_timings.py"


SUMMARIZED = decides("summarize_timings", COLUMNS)


rule summarize_timings:
    input:
        stamp=SUMMARIZED.stamp,
        timings="results/{name}/timings.csv",
    output:
        summary=reported("results/{name}/summary.csv", "Tables"),
        comparisons=reported("results/{name}/comparisons.csv", "Tables"),
        singles="results/{name}/single_images.csv",
    log:
        "results/{name}/logs/summarize_timings.log",
    params:
        **SUMMARIZED.params,
    message:
        "Summarising {input.timings} into {output.summary}"
    script:
        "../scripts/summarize_timings.py"


CHOSEN = decides(
    "choose_formats",
    COLUMNS,
    uses=config["use"],
    traits=later(
        lambda now: {name: traits_for(formats.traits_of(name), now.drops) for name in now.backends}
    ),
    image_bytes=later(lambda now: now.all_facts.total_bytes / now.all_facts.count),
    image_pixels=later(lambda now: now.all_facts.pixels / now.all_facts.count),
    image_file_bytes=later(lambda now: mean_file_bytes(now.all_facts)),
    there_are=later(lambda now: now.all_facts.count),
    piece_bytes=later(lambda now: now.config["piece_bytes"]),
)


rule choose_formats:
    input:
        planned,
        stamp=CHOSEN.stamp,
        timings="results/{name}/timings.csv",
    output:
        shortlist="results/{name}/shortlist.json",
        forecast="results/{name}/forecast.csv",
    log:
        "results/{name}/logs/choose_formats.log",
    params:
        **CHOSEN.params,
        stores=lambda wildcards: f"results/{wildcards.name}/stores",
    message:
        "Choosing what to compare once more for {wildcards.name}"
    script:
        "../scripts/choose_formats.py"


SECONDS = break_even.seconds_for(
    config["minutes"], len(config["use"]) * len(LOCATIONS), config["blocks"]
)
TRIED = decides(
    "time_break_even", job=later(lambda now: job_of_comparison(now, break_even.COPY, SECONDS))
)


rule time_break_even:
    input:
        planned,
        **SOURCE_FILES,
        stamp=TRIED.stamp,
        shortlist="results/{name}/shortlist.json",
    output:
        break_even="results/{name}/break_even.json",
    log:
        "results/{name}/logs/time_break_even.log",
    threads: whole_machine
    resources:
        **dict.fromkeys(SLOTS, 1),
        mem_mb=memory_to_compare,
        runtime=10 + 3 * config["minutes"] + 3 * len(config["use"]) * len(LOCATIONS),
    params:
        **TRIED.params,
        stores=lambda wildcards: f"results/{wildcards.name}/stores",
        records=lambda wildcards: f"results/{wildcards.name}/records/break_even",
    message:
        "Comparing what was chosen with what is there once more"
    script:
        "../scripts/time_break_even.py"


ANSWERED = decides(
    "answer_uses",
    COLUMNS,
    minutes=config["minutes"],
    blocks=later(lambda now: now.config["blocks"]),
    minutes_for_all=later(lambda now: now.budget.minutes_for_all if now.budget else None),
    drops=later(lambda now: now.drops),
    unmeasured=later(lambda now: unmeasured(now, ready_made(HERE and HERE.parents[1] / "config"))),
    warnings=of_each(formats.warnings_of),
)


rule answer_uses:
    input:
        planned,
        stamp=ANSWERED.stamp,
        timings="results/{name}/timings.csv",
        comparisons="results/{name}/comparisons.csv",
        shortlist="results/{name}/shortlist.json",
        break_even="results/{name}/break_even.json",
    output:
        answer=reported("results/{name}/answer.json", "Answer"),
    log:
        "results/{name}/logs/answer_uses.log",
    params:
        **ANSWERED.params,
    message:
        "Deciding what to do with {wildcards.name}"
    script:
        "../scripts/answer_uses.py"


DRAWN = decides("plot_figures", COLUMNS, *files_in("figures", "py"), words=WORDS)


rule plot_figures:
    input:
        stamp=DRAWN.stamp,
        summary="results/{name}/summary.csv",
        singles="results/{name}/single_images.csv",
        forecast="results/{name}/forecast.csv",
    output:
        figures=[file for figure in FIGURES for file in files_of_figure(figure)],
        captions=expand("results/{{name}}/captions/{figure}.rst", figure=FIGURES),
    log:
        "results/{name}/logs/plot_figures.log",
    threads: 4
    params:
        **DRAWN.params,
    message:
        "Drawing the figures of {wildcards.name}"
    script:
        "../scripts/plot_figures.py"


REPORTED = decides(
    "write_report",
    COLUMNS,
    *files_in("page", "jinja"),
    *files_in("page", "css"),
    *files_in("page/recipes", "py"),
    words=WORDS,
    captions={figure: FIGURES[figure]["caption"] for figure in PAGE_FIGURES},
    good_for=of_each(lambda backend: formats.words_of(backend)["good_for"]),
    config=later(lambda now: now.config),
    skipped=later(lambda now: now.skipped),
    not_applicable=later(lambda now: now.not_applicable),
    afforded=later(of_budget),
    command="snakemake --cores all --configfile mine.yaml",
)


rule write_report:
    input:
        planned,
        stamp=REPORTED.stamp,
        timings="results/{name}/timings.csv",
        failures="results/{name}/failures.json",
        summary="results/{name}/summary.csv",
        comparisons="results/{name}/comparisons.csv",
        images="results/{name}/images.json",
        answer="results/{name}/answer.json",
        figures=expand("results/{{name}}/figures/{figure}.png", figure=PAGE_FIGURES),
    output:
        report=reported("results/{name}/report.html", "Answer"),
    log:
        "results/{name}/logs/write_report.log",
    params:
        **REPORTED.params,
    message:
        "Writing {output.report}"
    script:
        "../scripts/write_report.py"


rule forget_disturbed:
    log:
        f"results/{NAME}/logs/forget_disturbed.log",
    params:
        results=str(RESULTS),
    message:
        "Forgetting the records of disturbed blocks in {params.results}"
    script:
        "../scripts/forget_disturbed.py"
