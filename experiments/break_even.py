"""Predict after how many epochs a format has paid for itself, and then really do it.

    PYTHONPATH=workflow/scripts python experiments/break_even.py [--images 10000] [--repeats 3]

Images lie as PNG files. For each format it is measured what converting them takes, until they are
safe on the device, and what an epoch in shuffled batches takes from the files and from the format;
from that, the workflow's own function says after how many epochs it has paid for itself. Then it is
done once more: converted, and read from both in turn, for as many epochs as predicted and one more.
What is printed is where the lines were predicted to cross, with the 95 % interval, and where they
did. Each read is warm.
"""

import argparse
import math
import tempfile
import time
from pathlib import Path

import numpy as np
from imagebench import formats
from imagebench.answers.break_even import pays_after
from imagebench.files import remove_folder
from imagebench.images.lookalike import make_images
from imagebench.measuring.durability import make_durable
from imagebench.pieces import in_one_piece

FILES = "files+png"
FORMATS = [
    "lmdb", "hdf5", "npy", "packed+raw", "lmdb+raw", "hdf5+raw", "packed+qoi", "lmdb+qoi",
    "tar+qoi", "sqlite+qoi", "packed+zstd", "lmdb+png", "packed+webp", "packed+jpegxl",
]  # fmt: skip
BATCH = 256
MOST_EPOCHS = 40


def crossing(spent, saved):
    """Epochs after which what was saved comes to what was spent; None if they were not enough."""
    for number, one in enumerate(saved):
        if one >= spent:
            return number + max(spent, 0) / one
        spent -= one
    return None


def epoch(backend, store, generator, count):
    """Seconds to read all images once in shuffled batches."""
    order = generator.permutation(count)
    with backend.open(store) as reader:
        start = time.perf_counter()
        for first in range(0, count, BATCH):
            reader.read_at(order[first : first + BATCH])
        return time.perf_counter() - start


def convert(backend, files, pieces, facts, store):
    """Seconds to read all files, and to store their images until they are safe."""
    remove_folder(store)
    source = formats.load(FILES)
    start = time.perf_counter()
    for _ in source.read(files):
        pass
    backend.store(pieces, facts, store)
    make_durable(store)
    return time.perf_counter() - start


def main(count, repeats):
    """Print a line for each format."""
    images, labels = make_images(count, seed=0)
    pieces, facts = in_one_piece(images, labels.astype(np.int64))
    generator = np.random.default_rng(0)
    print("| format | predicted epochs | 95 % interval | measured | within |")
    print("| --- | ---: | ---: | ---: | --- |")
    with tempfile.TemporaryDirectory(dir=".") as made:
        files, store = Path(made).absolute() / "files", Path(made).absolute() / "store"
        png = formats.load(FILES)
        png.store(pieces, facts, files)
        epoch(png, files, generator, count)
        for name in FORMATS:
            backend = formats.load(name)
            times = [
                (
                    convert(backend, files, pieces, facts, store),
                    epoch(backend, store, generator, count),
                    epoch(png, files, generator, count),
                )
                for _ in range(repeats + 1)
            ][1:]  # the first one imports
            spent, own, of_files = np.array(times).T
            predicted = pays_after(spent, of_files - own)
            if predicted is None or predicted[0] > MOST_EPOCHS:
                found = "never" if predicted is None else f"{predicted[0]:.1f}"
                print(f"| `{name}` | {found} | | not done | |", flush=True)
                continue
            number, low, high = predicted
            spent = convert(backend, files, pieces, facts, store)
            saved = []
            for _ in range(math.ceil(number) + 2):
                mine, theirs = (
                    epoch(of, place, generator, count)
                    for of, place in ((backend, store), (png, files))
                )
                saved.append(theirs - mine)
            measured = crossing(spent, saved) or math.nan
            within = "an epoch" if abs(measured - number) <= 1 else "its interval"
            if within != "an epoch" and not low <= measured <= high:
                within = "neither"
            cells = f"{number:.2f} | {low:.2f} to {high:.2f} | {measured:.2f} | {within}"
            print(f"| `{name}` | {cells} |", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--images", type=int, default=10_000)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    main(options.images, options.repeats)
