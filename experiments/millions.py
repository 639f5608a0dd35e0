"""Draw what an image takes against how many there are, from the records of a run.

    snakemake --cores all --configfile config/millions.yaml &
    PYTHONPATH=workflow/scripts python experiments/millions.py watch memory.csv   # until the end
    PYTHONPATH=workflow/scripts python experiments/millions.py draw results/millions memory.csv

``watch`` looks three times a second at how much memory the timed job holds that is its own: what
it has mapped of files counts as resident, but the system can take that back at any time. ``draw``
writes docs/results/millions.png, and prints a table of the greatest number of images.
"""

import argparse
import json
import statistics
import time
from collections import defaultdict
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd
import psutil
from imagebench import formats
from imagebench.figures import style
from imagebench.states import RESERVED

PANELS = {
    ("store_many", "seconds_durable", "not_applicable"): "Store, until safe on the device",
    ("read_many", "seconds", "cold"): "Read in order, cold",
    ("read_many", "seconds", "warm"): "Read in order, warm",
}
PICTURE = Path(__file__).parents[1] / "docs/results/millions.png"


def own_memory(process):
    """Bytes that a process holds for itself, and in shared memory."""
    memory = process.memory_info()
    return memory.rss - memory.shared


def watch(path):
    """Write the time and the memory of timed jobs, a line each, until somebody ends this."""
    with open(path, "w", encoding="ascii") as file:
        while True:
            held = 0
            for process in psutil.process_iter(["cmdline"]):
                if any("time_block.py" in part for part in process.info["cmdline"] or ()):
                    try:
                        held = max(held, own_memory(process))
                    except psutil.Error:
                        continue
            if held:
                now = pd.Timestamp.now(tz="UTC").isoformat(timespec="milliseconds")
                print(now, held, sep=",", file=file, flush=True)
            time.sleep(0.3)


def records_of(results):
    """Read all records of many images: format, operation, number of images, and the record."""
    for path in sorted(Path(results).glob("records/*/*/*_many/*/block-*.json")):
        backend, operation, count = path.parts[-4:-1]
        if backend not in RESERVED:
            yield backend, operation, int(count), json.loads(path.read_text("utf-8"))


def peak(record, memory):
    """The most memory that was seen while a record was made, in MB; None if nobody looked."""
    seen = memory[(memory["when"] >= record["started"]) & (memory["when"] <= record["finished"])]
    return None if seen.empty else seen["bytes"].max() / 1e6


def draw(results, memory_file):
    """Draw the panels, and print the table."""
    memory = pd.read_csv(memory_file, names=["when", "bytes"])
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
        peaks[backend, count][operation] = peak(record, memory)
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
    parser.add_argument("what", choices=["watch", "draw"])
    parser.add_argument("paths", nargs="+")
    options = parser.parse_args()
    {"watch": watch, "draw": draw}[options.what](*options.paths)
