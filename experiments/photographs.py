"""Hold our reads of a folder of photographs against what a user would otherwise write.

    PYTHONPATH=workflow/scripts python experiments/photographs.py ~/photos [--images 500]

It needs envs/requirements-codecs.txt and -columns.txt; OpenCV (opencv-python-headless) and what is
in envs/requirements-loaders.txt are left out and named where they are not installed. One thread
does everything: images are decoded, and decoded, cropped at random and resized to 224 pixels, each
once with a cold page cache and then with a warm one. All but WebDataset, which cannot, read in the
same shuffled order. What is printed are medians of microseconds an image, and in brackets the
median over rounds of how many times as fast as the first line.
"""

import argparse
import importlib
import io
import os
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
from imagebench import formats
from imagebench.images import choosing
from imagebench.images.folder import FolderSource
from imagebench.measuring.page_cache import evict, warm
from imagebench.operations.read_crops import TOGETHER, crop_of, part_of
from PIL import Image

SETTINGS = {
    "labels": "none", "unreadable": "skip", "largest_pixels": 10**8, "mode": "RGB", "resize": None,
}  # fmt: skip
CROP = 224
STORES = [
    "in_place", "packed+original", "lmdb+original", "webdataset+original", "in_place@256",
    "packed+original@256", "packed+raw", "packed+qoi", "packed+jpeg", "packed+jpeg@256",
]  # fmt: skip


def worked_on(picture, index, *, crops):
    """Give pixels; cropped and resized, if wanted, as torchvision's RandomResizedCrop does."""
    picture = picture.convert("RGB")
    if not crops:
        return np.asarray(picture)
    left, top, width, height = part_of(*picture.size, index)
    part = picture.crop((left, top, left + width, top + height))
    return np.asarray(part.resize((CROP, CROP), Image.Resampling.BILINEAR))


def by_pillow(paths):
    """The folder loader of torch.utils.data and torchvision, step by step."""

    def read(order, *, crops):
        for index in order:
            with open(paths[index], "rb") as file:
                yield worked_on(Image.open(file), index, crops=crops)

    return read


def by_opencv(paths):
    """What many write: imread, and its colours in the usual order."""
    library = importlib.import_module("cv2")
    library.setNumThreads(1)

    def read(order, *, crops):
        for index in order:
            image = library.imread(os.fsdecode(paths[index]))
            image = library.cvtColor(image, library.COLOR_BGR2RGB)
            if crops:
                left, top, width, height = part_of(image.shape[1], image.shape[0], index)
                part = image[top : top + height, left : left + width]
                image = library.resize(part, (CROP, CROP), interpolation=library.INTER_LINEAR)
            yield image

    return read


def by_webdataset(store):
    """The library's pipeline, in the order of the shards."""
    library = importlib.import_module("webdataset")
    shards = [str(path) for path in sorted(store.glob("*.tar"))]

    def read(order, *, crops):
        samples = library.WebDataset(shards, shardshuffle=False, empty_check=False)
        for index, sample in enumerate(samples):
            yield worked_on(Image.open(io.BytesIO(sample["image"])), index, crops=crops)

    return read


def by_datasets(store):
    """Hugging Face datasets: a table of files, decoded by its Image feature."""
    library = importlib.import_module("datasets")
    library.disable_progress_bars()
    cache = str(store.parent / "datasets-cache")
    table = library.Dataset.from_parquet(str(store / "images.parquet"), cache_dir=cache)
    table = table.cast_column("image", library.Image())

    def read(order, *, crops):
        for index in order:
            yield worked_on(table[index]["image"], index, crops=crops)

    return read


def by_us(backend, store):
    """Batches of our reader."""

    def read(order, *, crops):
        with backend.open(store) as reader:
            together = TOGETHER if crops else 64
            for start in range(0, len(order), together):
                some = order[start : start + together]
                for index, image in zip(some, reader.read_at(np.array(some)).images, strict=True):
                    yield crop_of(image, index, CROP) if crops else image

    return read


def stored(name, source, folder):
    """Make a store, and give its backend."""
    backend = formats.load(name)
    backend.alike, backend.change = False, source.change
    if not (folder / name).exists():
        pieces = source.pieces(as_files=backend.keeps_files)
        backend.store(pieces, source.facts, folder / name)
    return backend


def readers(source, folder):
    """Give every way to read, by its name, with the store or the files that it reads."""
    for name in [*STORES, "parquet+original"]:
        stored(name, source, folder)
    files = folder / "in_place"
    found = {"Pillow, file by file (torchvision's steps)": (files, by_pillow(source.paths))}
    others = {
        "OpenCV `imread`": (files, lambda: by_opencv(source.paths)),
        "WebDataset": (folder / "webdataset+original",
                       lambda: by_webdataset(folder / "webdataset+original")),
        "Hugging Face datasets": (folder / "datasets-cache",
                                  lambda: by_datasets(folder / "parquet+original")),
    }  # fmt: skip
    for name, (store, make) in others.items():
        try:
            found[name] = store, make()
        except ImportError as error:
            print(f"left out: {name}: {error}")
    for name in STORES:
        found[f"`{name}`, ours"] = folder / name, by_us(stored(name, source, folder), folder / name)
    return found


def seconds_of(read, order, *, crops):
    """Time one pass."""
    start = time.perf_counter()
    for _ in read(order, crops=crops):
        pass
    return time.perf_counter() - start


COLUMNS = {
    "decoded, cold": (False, evict), "decoded, warm": (False, warm), "crops, cold": (True, evict),
    "crops, warm": (True, warm),
}  # fmt: skip


def main(path, count, rounds):
    """Print the table."""
    with tempfile.TemporaryDirectory(dir=".") as made:
        folder = Path(made).absolute()
        settings = {**SETTINGS, "path": path}
        looked = choosing.look(settings, 0, folder / "index")
        count = min(count, looked.good)
        chosen = choosing.ready(looked, settings, count, 0)
        source = FolderSource(chosen.index, chosen.order)
        several = readers(source, folder)
        os.sync()
        order = np.random.default_rng(0).permutation(len(chosen.order)).tolist()
        size = source.facts.pixels / len(order) / 1e6
        print(f"{len(order):,} images of {size:.2f} megapixels, on average\n")
        print(f"| | {' | '.join(COLUMNS)} |")
        print("| --- |" + " ---: |" * len(COLUMNS))
        times = {name: {column: [] for column in COLUMNS} for name in several}
        for number in range(rounds + 1):
            for name, (store, read) in several.items():
                for column, (crops, prepare) in COLUMNS.items():
                    prepare(store)
                    seconds = seconds_of(read, order, crops=crops)
                    if number:  # the first round imports
                        times[name][column].append(seconds)
        first = next(iter(times.values()))
        for name, of in times.items():
            cells = []
            for column in COLUMNS:
                pairs = zip(first[column], of[column], strict=True)
                each = 1e6 * statistics.median(of[column]) / len(order)
                cells.append(f"{each:,.0f} ({statistics.median(a / b for a, b in pairs):.2f})")
            print(f"| {name} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder")
    parser.add_argument("--images", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    main(options.folder, options.images, options.rounds)
