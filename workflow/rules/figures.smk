# Needs: the checked config of common.smk.
# Makes: the names of the figures, and their captions; no rules.

from snakemake.io import report as in_report

FIGURES = [
    "store_times_linear",
    "store_times_log",
    "durable_store_times_linear",
    "durable_store_times_log",
    "read_times_linear",
    "read_times_log",
    "cold_read_times_linear",
    "cold_read_times_log",
    "store_and_read_times_linear",
    "store_and_read_times_log",
    "disk_use",
    "single_images",
    *(["locations"] if len(LOCATIONS) > 1 else []),
]


# What the page shows of them, in this order.
PAGE_FIGURES = [
    "store_times_log",
    "durable_store_times_log",
    "read_times_log",
    "cold_read_times_log",
    "disk_use",
    *(["locations"] if len(LOCATIONS) > 1 else []),
]


def caption_of(name):
    """Read what is said below a figure."""
    path = Path(workflow.basedir, f"workflow/report/{name}.rst")
    return " ".join(path.read_text(encoding="utf-8").split())


def figure(name, title, **labels):
    """Name a figure as PNG and SVG, with its caption for the report."""
    return [
        in_report(
            f"results/{{dataset}}/figures/{name}.{ending}",
            caption=f"../report/{name}.rst",
            category=title,
            labels={**labels, "data set": "{dataset}", "file": ending.upper()},
        )
        for ending in ("png", "svg")
    ]
