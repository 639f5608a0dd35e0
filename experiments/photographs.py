"""Hold our reads of a folder of photographs against what a user would otherwise write.

    PYTHONPATH=workflow/scripts python experiments/photographs.py ~/photos [--images 500]

It needs envs/requirements-codecs.txt; OpenCV (`pip install opencv-python-headless`) is left out and
named where it is not installed. Everything is warm and done by one thread, in the same shuffled
order: decoded, and once more decoded, cropped at random and resized to 224 pixels. What is printed
are medians of microseconds an image, and the median over rounds of how many times as fast as the
first line.
"""

import argparse
import importlib
import os
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
from imagebench import formats
from imagebench.images import choosing
from imagebench.images.folder import FolderSource
from imagebench.operations.read_crops import crop_of, part_of
from PIL import Image

SETTINGS = {
    "labels": "none", "unreadable": "skip", "largest_pixels": 10**8, "mode": "RGB", "resize": None,
}  # fmt: skip
CROP = 224
STORES = ["in_place", "packed+original", "webdataset+original", "packed+raw", "packed+jpeg@256"]


def pillow_crop(picture, index):
    """Crop and resize as torchvision's RandomResizedCrop does."""
    left, top, width, height = part_of(*picture.size, index)
    part = picture.crop((left, top, left + width, top + height))
    return np.asarray(part.resize((CROP, CROP), Image.Resampling.BILINEAR))


def by_pillow(paths):
    """The folder loader of torch.utils.data and torchvision, step by step."""

    def read(order, *, crops):
        for index in order:
            with open(paths[index], "rb") as file:
                picture = Image.open(file).convert("RGB")
            yield pillow_crop(picture, index) if crops else np.asarray(picture)

    return read


def by_opencv(paths):
    """What many write: imread, and its colours in the usual order."""
    library = importlib.import_module("cv2")
    library.setNumThreads(1)

    def read(order, *, crops):
        for index in order:
            image = library.cvtColor(
                library.imread(os.fsdecode(paths[index])), library.COLOR_BGR2RGB
            )
            if crops:
                left, top, width, height = part_of(image.shape[1], image.shape[0], index)
                part = image[top : top + height, left : left + width]
                image = library.resize(part, (CROP, CROP), interpolation=library.INTER_LINEAR)
            yield image

    return read


def by_us(backend, store):
    """Batches of our reader."""

    def read(order, *, crops):
        with backend.open(store) as reader:
            for start in range(0, len(order), 64):
                some = order[start : start + 64]
                for index, image in zip(some, reader.read_at(np.array(some)).images, strict=True):
                    yield crop_of(image, index, CROP) if crops else image

    return read


def readers(source, folder):
    """Give every way to read, by its name."""
    found = {"Pillow, file by file (torchvision's steps)": by_pillow(source.paths)}
    try:
        found["OpenCV imread"] = by_opencv(source.paths)
    except ImportError:
        print("left out: OpenCV is not installed")
    for name in STORES:
        backend = formats.load(name)
        backend.alike, backend.change = False, source.change
        pieces = source.pieces(as_files=backend.keeps_files)
        backend.store(pieces, source.facts, folder / name)
        found[f"`{name}`, ours"] = by_us(backend, folder / name)
    return found


def seconds_of(read, order, *, crops):
    """Time one pass."""
    start = time.perf_counter()
    for _ in read(order, crops=crops):
        pass
    return time.perf_counter() - start


def main(path, count, rounds):
    """Print the table."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        settings = {**SETTINGS, "path": path}
        looked = choosing.look(settings, 0, folder / "index")
        chosen = choosing.ready(looked, settings, count, 0, folder / "index")
        source = FolderSource(chosen.index, chosen.order)
        several = readers(source, folder)
        order = np.random.default_rng(0).permutation(len(chosen.order)).tolist()
        print(
            f"{len(order):,} images, {source.facts.pixels / len(order) / 1e6:.2f} megapixels each"
        )
        print("| | decoded, us an image | as fast | cropped, us an image | as fast |")
        print("| --- | ---: | ---: | ---: | ---: |")
        times = {name: {False: [], True: []} for name in several}
        for number in range(rounds + 1):
            for name, read in several.items():
                for crops in (False, True):
                    seconds = seconds_of(read, order, crops=crops)
                    if number:  # the first round imports, and fills caches
                        times[name][crops].append(seconds)
        first = next(iter(times.values()))
        for name, of in times.items():
            cells = []
            for crops in (False, True):
                pairs = zip(first[crops], of[crops], strict=True)
                each = 1e6 * statistics.median(of[crops]) / len(order)
                cells += [f"{each:,.0f}", f"{statistics.median(a / b for a, b in pairs):.2f}"]
            print(f"| {name} | {' | '.join(cells)} |")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder")
    parser.add_argument("--images", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    main(options.folder, options.images, options.rounds)
