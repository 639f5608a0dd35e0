"""Hold the indexing of a folder against the time that finding its files and reading headers takes.

    PYTHONPATH=workflow/scripts python experiments/index_folder.py [--files 100000] [--rounds 3]

A folder of small JPEG files is made, a thousand in each sub-folder. In each round, `find` lists it
and as many processes as there are cores open each file with Pillow, which reads its header; then we
make our index of it, and then bring that up to date. What is printed are medians of files a second,
and the ratio of our time to theirs.
"""

import argparse
import io
import os
import statistics
import subprocess
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from imagebench.images import choosing
from imagebench.images.lookalike import make_images
from PIL import Image

SETTINGS = {
    "labels": "folders", "unreadable": "skip", "largest_pixels": 10**8, "mode": None,
    "resize": None,
}  # fmt: skip
TOGETHER = 1000


def fill(folder, count):
    """Make so many files."""
    images, _ = make_images(TOGETHER, seed=0)
    contents = []
    for image in images:
        file = io.BytesIO()
        Image.fromarray(image).save(file, "JPEG")
        contents.append(file.getvalue())
    for number in range(count):
        place = folder / f"{number // TOGETHER}"
        if number % TOGETHER == 0:
            place.mkdir(parents=True)
        (place / f"{number}.jpg").write_bytes(contents[number % TOGETHER])


def header(path):
    """Read what the simplest index would hold."""
    with Image.open(path) as image:
        return image.size, image.mode


def theirs(folder):
    """Find all files, and read their headers."""
    found = subprocess.run(
        ["find", str(folder), "-type", "f", "-print0"], check=True, capture_output=True
    )
    paths = [os.fsdecode(path) for path in found.stdout.split(b"\0")[:-1]]
    with ProcessPoolExecutor() as pool:
        return len(list(pool.map(header, paths, chunksize=256)))


def ours(folder, kept):
    """Make the index, or bring it up to date, and keep it."""
    looked = choosing.look({**SETTINGS, "path": str(folder)}, 0, kept, tell=False)
    looked.index.save(kept)
    return looked.good


def timed(call, *arguments):
    """Seconds that a call takes, and what it gives."""
    start = time.perf_counter()
    found = call(*arguments)
    return time.perf_counter() - start, found


def main(count, rounds):
    """Print the table."""
    with tempfile.TemporaryDirectory(dir=".") as made:
        folder = Path(made, "images").absolute()
        fill(folder, count)
        os.sync()
        times = {"find and headers": [], "our index": [], "up to date": []}
        for number in range(rounds):
            kept = Path(made, f"kept-{number}")
            for name, call in (
                ("find and headers", lambda: theirs(folder)),
                ("our index", lambda kept=kept: ours(folder, kept)),
                ("up to date", lambda kept=kept: ours(folder, kept)),
            ):
                seconds, found = timed(call)
                assert found == count
                times[name].append(seconds)
        print("| | seconds | files a second | of the first |\n| --- | ---: | ---: | ---: |")
        for name, of in times.items():
            ratios = [a / b for a, b in zip(of, times["find and headers"], strict=True)]
            seconds = statistics.median(of)
            print(
                f"| {name} | {seconds:.1f} | {count / seconds:,.0f} | "
                f"{statistics.median(ratios):.2f} |"
            )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    main(options.files, options.rounds)
