"""Draw what an image takes against how many there are, from the records of a run.

    snakemake --cores all --configfile config/millions.yaml
    PYTHONPATH=workflow/scripts python experiments/millions.py results/millions

It writes docs/results/millions.png, and prints a table of times and of the jobs' own memory.
"""

import argparse
import json
import statistics
from collections import defaultdict
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
from imagebench import formats
from imagebench.figures import style
from imagebench.states import RESERVED

PANELS = {
    ("store_many", "seconds_durable", "not_applicable"): "Store, until safe on the device",
    ("read_many", "seconds", "cold"): "Read in order, cold",
    ("read_many", "seconds", "warm"): "Read in order, warm",
}
PICTURE = Path(__file__).parents[1] / "docs/results/millions.png"


def records_of(results):
    """Read all records of many images: format, operation, number of images, and the record."""
    for path in sorted(Path(results).glob("records/*/*/*_many/*/block-*.json")):
        backend, operation, count = path.parts[-4:-1]
        if backend not in RESERVED:
            yield backend, operation, int(count), json.loads(path.read_text("utf-8"))


def draw(results):
    """Draw the panels, and print the table."""
    lines = defaultdict(lambda: defaultdict(dict))
    peaks = defaultdict(dict)
    for backend, operation, count, record in records_of(results):
        for (name, column, cache), panel in PANELS.items():
            times = [
                sample[column]
                for sample in record["samples"]
                if name == operation and sample["cache"] == cache
            ]
            if times:
                lines[panel][backend][count] = 1e6 * statistics.median(times) / count
        peaks[backend, count][operation] = (record["own_memory_bytes"] or 0) / 1e6
    style.apply()
    size = {"figsize": (12, 4.4), "layout": "constrained"}
    figure, axes = plt.subplots(1, 3, sharex=True, sharey=True, **size)
    marks = dict(zip(sorted({b for p in lines.values() for b in p}), "osD^vP*X", strict=False))
    for panel, axis in zip(PANELS.values(), axes, strict=True):
        for backend, points in lines[panel].items():
            counts = sorted(points)
            label = formats.words_of(backend)["label"]
            axis.plot(counts, [points[n] for n in counts], marker=marks[backend], label=label)
        axis.set(title=panel, xscale="log", yscale="log", xlabel="images")
        axis.xaxis.set_major_locator(mpl.ticker.LogLocator(numticks=9))
    axes[0].set_ylabel("microseconds an image, logarithmic")
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside upper center", ncols=5)
    figure.savefig(PICTURE)
    print("| format | images | " + " | ".join(PANELS.values()) + " | MB to store | MB to read |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for (backend, count), of in sorted(peaks.items(), key=lambda item: (item[0][1], item[0][0])):
        times = (lines[panel][backend].get(count) for panel in PANELS.values())
        cells = ["—" if us is None else f"{us:.2f}" for us in times]
        cells += [f"{of[o]:,.0f}" if of.get(o) else "—" for o in ("store_many", "read_many")]
        print(f"| `{backend}` | {count:,} | {' | '.join(cells)} |")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("results")
    draw(parser.parse_args().results)
