"""How good an answer is that was given from a tenth of the images.

    PYTHONPATH=workflow/scripts python experiments/regret.py lookalike:20000 ~/photos:1000 ...

For each data set (images made here, or a folder) and number of images, every format is measured
with a tenth of them, an answer is asked for, and then every format is measured with all of them.
The regret is what the answer takes over what the best takes, of those that break no rule. Each data
set is asked about in ten ways: one epoch, 10 and 90, from memory and from the device, and with
rules. What is printed is a line for each case, and how many were within 10 % of the best.
"""

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np
from imagebench import formats
from imagebench.answers.costs import with_decoding
from imagebench.answers.uses import Option, Use
from imagebench.answers.using import decide, rules_broken
from imagebench.digests import image_digests
from imagebench.files import remove_folder
from imagebench.images import choosing
from imagebench.images.folder import FolderSource
from imagebench.images.lookalike import make_images
from imagebench.images.source import ArraySource
from imagebench.limits import why_not
from imagebench.measuring.durability import make_durable
from imagebench.measuring.footprint import footprint
from imagebench.measuring.page_cache import evict, warm
from imagebench.states import Cache

SETTINGS = {
    "labels": "none", "unreadable": "skip", "largest_pixels": 10**8, "mode": None, "resize": None,
}  # fmt: skip
FORMATS = [
    "in_place", "in_place@256", "disk", "lmdb", "hdf5", "npy", "packed+original", "lmdb+original",
    "webdataset+original", "packed+original@256", "packed+raw", "lmdb+raw", "packed+qoi",
    "lmdb+qoi", "tar+qoi", "files+qoi", "packed+png", "packed+jpeg", "packed+jpeg@256",
]  # fmt: skip
BATCH = 64
PIECES = 64 << 20


def uses(count, pixel_bytes, *, is_folder):
    """Give ten uses of so many images."""

    def use(name, **changes):
        given = {"epochs": 90, "access": "read_batches", "cache": Cache.WARM, "images": count}
        return Use(name, **{**given, **changes})

    plain = [
        use(f"{epochs} epochs, {cache}", epochs=epochs, cache=cache)
        for epochs in (1, 10, 90)
        for cache in (Cache.WARM, Cache.COLD)
    ]
    kept = {"keep_originals": True} if is_folder else {"appendable": True}
    return [
        *plain,
        use("90 epochs, warm, loss allowed", lossless=False),
        use("10 epochs, cold, at most 100 files", epochs=10, cache=Cache.COLD, most_files=100),
        use(f"90 epochs, warm, {next(iter(kept))}", **kept),
        use("90 epochs, cold, half the bytes", cache=Cache.COLD, most_bytes=pixel_bytes // 2),
    ]


def epoch(backend, store, count, generator):
    """Seconds to read all images once in shuffled batches."""
    order = generator.permutation(count)
    start = time.perf_counter()
    with backend.open(store) as reader:
        for first in range(0, count, BATCH):
            reader.read_at(order[first : first + BATCH])
    return time.perf_counter() - start


def verify(backend, store, source):
    """Raise unless a store gives back the images of the source."""
    found = np.concatenate([image_digests(*piece) for piece in backend.read(store)])
    if backend.lossless and not np.array_equal(found, source.digests):
        raise ValueError(f"{store} gave back other images")


def measured(source, folder, repeats):
    """Measure every format: give its options from memory and from the device."""
    generator, count = np.random.default_rng(0), source.facts.count
    found = {Cache.WARM: [], Cache.COLD: []}
    for name in FORMATS:
        backend, store = formats.load(name), folder / "store"
        if why_not(backend, source.facts) is not None:
            continue
        backend.alike, backend.change = source.facts.kind.is_one, source.facts.kind.change
        backend.piece_bytes = PIECES
        times = []
        for number in range(repeats + 1):
            remove_folder(store)
            pieces = source.pieces(as_files=backend.keeps_files)
            start = time.perf_counter()
            backend.store(pieces, source.facts, store)
            make_durable(store)
            converted = time.perf_counter() - start
            if number == 0:
                verify(backend, store, source)
            evict(store)
            cold = epoch(backend, store, count, generator)
            warm(store)
            times.append((converted, cold, epoch(backend, store, count, generator)))
        size = footprint(store)
        converted, cold, hot = np.array(times[1:]).T
        for cache, read in ((Cache.COLD, cold), (Cache.WARM, hot)):
            found[cache].append(
                Option(name, name, converted, read, size.bytes_allocated, size.files, 0.0,
                       formats.traits_of(name))
            )  # fmt: skip
    remove_folder(folder / "store")
    return {cache: with_decoding(options) for cache, options in found.items()}


def scaled(options, factor):
    """Scale options to so many times the images."""
    return [
        Option(of.backend, of.label, of.convert * factor, of.epoch * factor, of.size * factor,
               of.files * factor if of.files > BATCH else of.files, of.memory, of.traits)
        for of in options
    ]  # fmt: skip


def source_of(name, count, folder):
    """Give so many images made here, or a fair sample of a folder."""
    if name == "lookalike":
        images, labels = make_images(count, seed=0)
        return ArraySource(images, labels, image_digests(images, labels.astype(np.int64)))
    settings = {**SETTINGS, "path": name}
    looked = choosing.look(settings, 0, folder / "index")
    chosen = choosing.ready(looked, settings, min(count, looked.good), 0, folder / "index")
    return FolderSource(chosen.index, np.sort(chosen.order))


def regret(use, before, after):
    """Ask for an answer, and hold it against what turned out to be best."""
    answer = decide(use, use.images // 10, before).best
    if answer is None:
        return None
    kept = [of for of in after if not rules_broken(use, of) or of.backend == answer.backend]
    totals = {of.backend: float(np.exp(np.log(of.total(use)).mean())) for of in kept}
    best = min(totals, key=totals.get)
    return answer.backend, best, totals[answer.backend] / totals[best]


def main(given, repeats):
    """Print a line for each case."""
    ratios = []
    print("| images | use | answer | best | regret |\n| --- | --- | --- | --- | ---: |")
    for name, wanted in given:
        with tempfile.TemporaryDirectory(dir=".") as made:
            folder = Path(made).absolute()
            few, all_of_them = (
                source_of(name, number, folder) for number in (wanted // 10, wanted)
            )
            count, pixels = all_of_them.facts.count, all_of_them.facts.total_bytes
            factor = count / few.facts.count
            before = measured(few, folder, repeats)
            after = measured(all_of_them, folder, repeats)
            for use in uses(count, pixels, is_folder=name != "lookalike"):
                found = regret(use, scaled(before[use.cache], factor), after[use.cache])
                what = f"{count:,} of {Path(name).name}"
                if found is None:
                    print(f"| {what} | {use.name} | nothing fits | | |")
                    continue
                answer, best, ratio = found
                ratios.append(ratio)
                print(f"| {what} | {use.name} | {answer} | {best} | {ratio:.2f} |", flush=True)
    near = sum(ratio <= 1.1 for ratio in ratios)
    print(f"\n{near} of {len(ratios)} within 10 % of the best; the worst is {max(ratios):.2f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("given", nargs="+", help="lookalike or a folder, and how many: photos:1000")
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    pairs = [one.rpartition(":") for one in options.given]
    main([(name, int(count)) for name, _, count in pairs], options.repeats)
