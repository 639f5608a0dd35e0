# Needs: the checked config, and the backends, of common.smk.
# Makes: the names of the figures, and their captions; no rules.

from snakemake.io import report as in_report

# Lines of more backends, the limit and its control included, cannot be told apart.
MOST_LINES = 12
IS_OF_FEW = len(BACKENDS) <= MOST_LINES

# Under which heading of the report each figure is, and what sets it apart there.
LINE_CHARTS = {
    "store_times_linear": ("Time to store", "linear"),
    "store_times_log": ("Time to store", "logarithmic"),
    "durable_store_times_linear": ("Time to store", "linear"),
    "durable_store_times_log": ("Time to store", "logarithmic"),
    "read_times_linear": ("Time to read", "linear"),
    "read_times_log": ("Time to read", "logarithmic"),
    "cold_read_times_linear": ("Time to read", "linear"),
    "cold_read_times_log": ("Time to read", "logarithmic"),
    "store_and_read_times_linear": ("Store and read together", "linear"),
    "store_and_read_times_log": ("Store and read together", "logarithmic"),
}
OF_MANY = {
    "ranked": ("Formats ranked", "logarithmic"),
    "by_operation": ("Every operation", "logarithmic"),
    "decode_share": ("Codecs", "share"),
}
FIGURES = {
    **(LINE_CHARTS if IS_OF_FEW else OF_MANY),
    "heat_map": ("Every operation", "table"),
    "size_against_speed": ("Size against speed", "logarithmic"),
    "disk_use": ("Disk use", "logarithmic" if IS_OF_FEW else "linear"),
    "single_images": ("Single images", "table"),
    **({"locations": ("Locations", "logarithmic")} if len(LOCATIONS) > 1 else {}),
}


# What the page shows of them, in this order.
PAGE_FIGURES = [
    *(
        [
            "store_times_log",
            "durable_store_times_log",
            "read_times_log",
            "cold_read_times_log",
        ]
        if IS_OF_FEW
        else ["ranked"]
    ),
    "heat_map",
    "size_against_speed",
    *([] if IS_OF_FEW else ["by_operation", "decode_share"]),
    "disk_use",
    *(["locations"] if len(LOCATIONS) > 1 else []),
]


def caption_of(name):
    """Read what is said below a figure."""
    path = HERE.parent / f"report/{name}.rst"
    return " ".join(path.read_text(encoding="utf-8").split())


def files_of_figure(figure):
    """Name a figure as PNG and SVG, with its caption for the report."""
    title, scale = FIGURES[figure]
    return [
        in_report(
            f"results/{{name}}/figures/{figure}.{ending}",
            caption=f"../report/{figure}.rst",
            category=title,
            labels={"scale": scale, "results": "{name}", "file": ending.upper()},
        )
        for ending in ("png", "svg")
    ]
