"""The figures of the tutorial, drawn from measured medians."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from ..failures import BenchmarkError
from . import styles

SIZE = (7.2, 4.6)
WIDE = (10.8, 4.8)
DATASETS = {
    "lookalike": "lookalike images (made here to be stored like CIFAR-10)",
    "cifar10": "CIFAR-10 images",
}
STORE, READ = "store_many", "read_many"
WORDS = {STORE: "store", READ: "read"}
MOST_LABELLED_BARS = 24


def draw_all(summary: pd.DataFrame, singles: pd.DataFrame) -> dict[str, Figure]:
    """Draw every figure.

    Args:
        summary: one row a cell, as ``tables.summarize`` makes it.
        singles: one row a backend, as ``tables.single_images`` makes it.

    Returns:
        Figures by the name of their file.

    Raises:
        BenchmarkError: if there is nothing to draw.
    """
    if summary.empty or singles.empty:
        raise BenchmarkError("summary.csv holds no cells, so that there is nothing to draw")
    styles.apply()
    drawn = {}
    for scale in ("linear", "log"):
        drawn[f"store_times_{scale}"] = times(summary, [STORE], scale)
        drawn[f"read_times_{scale}"] = times(summary, [READ], scale)
        drawn[f"store_and_read_times_{scale}"] = times(summary, [STORE, READ], scale)
    drawn["disk_use"] = disk_use(summary)
    drawn["single_images"] = single_image_table(singles)
    return drawn


def save(figure: Figure, path: Path, file_type: str) -> None:
    """Write a figure as png or svg; the same figure always gives the same bytes."""
    metadata = {"Date": None} if file_type == "svg" else {"Software": None}
    figure.savefig(path, format=file_type, metadata=metadata)


def times(summary: pd.DataFrame, operations: list[str], scale: str) -> Figure:
    """Seconds against number of images: a panel an operation, a line a backend."""
    figure = Figure(figsize=SIZE if len(operations) == 1 else WIDE)
    panels = figure.subplots(1, len(operations), squeeze=False, sharey=True)
    for axes, operation in zip(panels[0], operations, strict=True):
        part = summary[summary["operation"] == operation]
        for position, (label, cells) in enumerate(part.groupby("backend_label", sort=False)):
            line = cells.sort_values("images")
            spread = np.abs(
                line[["fastest_block_seconds", "slowest_block_seconds"]].to_numpy().T
                - line["median_seconds"].to_numpy()
            )
            axes.errorbar(
                line["images"], line["median_seconds"], yerr=spread,
                label=label, capsize=3, markersize=5, **styles.of(position),
            )  # fmt: skip
        cache = "" if operation == STORE else ", warm page cache"
        axes.set_title(f"Time to {WORDS[operation]} all images{cache}")
        axes.set_xlabel("images")
        if scale == "log":
            axes.set(xscale="log", yscale="log")
        else:
            axes.set(xlim=(0, None), ylim=(0, None))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    panels[0][0].set_ylabel("seconds, logarithmic" if scale == "log" else "seconds")
    panels[0][0].legend()
    caption(figure, summary, operations, "bars from the fastest to the slowest block")
    return figure


def disk_use(summary: pd.DataFrame) -> Figure:
    """Bytes that each store takes on disk: a group of bars for each number of images."""
    part = summary[summary["operation"] == STORE]
    counts = sorted(part["images"].unique())
    backends = list(part.groupby("backend_label", sort=False))
    width = 0.8 / len(backends)
    labelled = len(counts) * len(backends) <= MOST_LABELLED_BARS
    figure = Figure(figsize=(max(SIZE[0], 1.8 * len(counts)), SIZE[1]))
    axes = figure.subplots()
    for position, (label, bars) in enumerate(backends):
        sizes = bars.set_index("images").reindex(counts)
        places = np.arange(len(counts)) + (position - (len(backends) - 1) / 2) * width
        drawn = axes.bar(
            places, sizes["bytes_allocated"], width * 0.92, label=label,
            color=styles.of(position)["color"],
        )  # fmt: skip
        axes.scatter(
            places, sizes["bytes_logical"], marker="_", color="black", zorder=3,
            s=2500 / len(counts) / len(backends), label="apparent size" if position == 0 else None,
        )  # fmt: skip
        if labelled:
            words = [styles.readable_bytes(size) for size in sizes["bytes_allocated"]]
            axes.bar_label(drawn, words, fontsize=7, padding=6, rotation=90)
    axes.set_yscale("log")
    # Room for the upright labels above the tallest bar.
    axes.set_ylim(top=axes.get_ylim()[1] * (12 if labelled else 2))
    axes.set_xticks(range(len(counts)), [f"{count:,}" for count in counts])
    # Ticks at 1, 10 and 100 of each unit, since powers of ten bytes are no round number of KiB.
    axes.yaxis.set_major_locator(LogLocator(base=1024, subs=(1, 10, 100)))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: styles.readable_bytes(value)))
    axes.grid(axis="x", visible=False)
    axes.set_title("Disk use: allocated bytes, folders included")
    axes.set_xlabel("images")
    axes.set_ylabel("on disk, logarithmic")
    axes.legend(loc="upper left")
    caption(figure, summary, [STORE])
    return figure


def single_image_table(singles: pd.DataFrame) -> Figure:
    """Times and sizes of single images as a table that can be shown as a picture."""
    heads = ["", "store one", "read one", "apparent size", "on disk", "files"]
    rows = [
        [
            str(row.backend_label),
            with_spread(row, "store_single"),
            with_spread(row, "read_single"),
            f"{row.bytes_logical:,.0f} B",
            f"{row.bytes_allocated:,.0f} B",
            f"{row.files:,.0f}",
        ]
        for row in singles.itertuples()
    ]
    figure = Figure(figsize=(WIDE[0], 0.9 + 0.31 * len(rows)))
    axes = figure.subplots()
    axes.set_axis_off()
    axes.set_title("One image at a time: median (fastest to slowest block)")
    table = axes.table(
        cellText=rows, colLabels=heads, loc="upper center", cellLoc="right", edges="horizontal",
        colWidths=[0.17, 0.27, 0.27, 0.13, 0.11, 0.06],
    )  # fmt: skip
    table.auto_set_font_size(False)
    table.set_fontsize(10)
    table.scale(1, 1.7)
    for (row, column), cell in table.get_celld().items():
        cell.set_edgecolor("#bbbbbb")
        if column == 0:
            cell.set_text_props(ha="left")
        if row == 0 or column == 0:
            cell.set_text_props(weight="bold")
    caption(figure, singles, None)
    return figure


def with_spread(row: object, operation: str) -> str:
    """One median with its spread over blocks, in words."""
    median, fastest, slowest = (
        styles.readable_seconds(getattr(row, f"{operation}_{name}_seconds"))
        for name in ("median", "fastest_block", "slowest_block")
    )
    return f"{median} ({fastest} to {slowest})"


def caption(
    figure: Figure, table: pd.DataFrame, operations: Iterable[str] | None, more: str = ""
) -> None:
    """Say below a figure which data set it shows, and over how many blocks."""
    if operations is not None:
        table = table[table["operation"].isin(list(operations))]
    blocks = sorted(table["blocks"].unique())
    count = f"{blocks[0]}" if len(blocks) == 1 else f"{blocks[0]} to {blocks[-1]}"
    names = [DATASETS.get(name, name) for name in table["dataset"].unique()]
    words = [", ".join(names), f"median of {count} block{'s' if count != '1' else ''}", more]
    figure.supxlabel("; ".join(filter(None, words)), fontsize=8, color="#555555", x=0.01, ha="left")
