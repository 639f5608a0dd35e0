"""Why each format is set as it is: the ratio of every alternative's time to ours, side by side.

    PYTHONPATH=workflow/scripts python experiments/settings.py [--images 10000] [--rounds 5]

It needs what `make formats` installs. Each alternative is a variant of a backend of this project
that differs from it in one thing; both are stored and read in turn, warm, and the medians of the
ratios of each round are printed: above 1, ours is faster.
"""

import argparse
import contextlib
import statistics
import tempfile
import time
from pathlib import Path
from unittest import mock

import numpy as np
from imagebench import formats
from imagebench.formats.blobs import Blobs
from imagebench.formats.containers import arrow, sqlite
from imagebench.formats.support import chunks
from imagebench.images.lookalike import make_images
from imagebench.pieces import in_one_piece
from variants import (
    ArrowTake,
    FastJpeg,
    FilesTogether,
    HdfChunked,
    HdfGroup,
    HdfVariable,
    ImagecodecsJpeg,
    ImagecodecsQoi,
    JxlEffort3,
    LmdbCopied,
    LmdbPut,
    ParquetDefaults,
    PillowPng,
    PngLevel6,
    SqliteDefaults,
    TarLibrary,
    WebpMethod1,
    ZipLibrary,
)

MOST_BATCHES = 10
BATCH = 256


def joined(container, codec):
    """Make a backend of a container and a codec, where either may be a variant."""
    kinds = {"containers": formats.Container, "codecs": formats.Codec}
    parts = [
        formats.made_from(formats.FOLDER / f"{kind}/{part}.py", kinds[kind])
        if isinstance(part, str)
        else part()
        for kind, part in (("containers", container), ("codecs", codec))
    ]
    return Blobs(*parts)


# Backend; what is done instead; the variant; and the constants that it runs with.
VARIANTS = [
    ("lmdb+raw", "one `put` a record, and waiting for the disk", (LmdbPut, "raw")),
    ("lmdb+raw", "values copied, looked up one by one", (LmdbCopied, "raw")),
    ("hdf5+qoi", "a dataset of variable length", (HdfVariable, "qoi")),
    ("hdf5+qoi", "a dataset an image", (HdfGroup, "qoi")),
    ("hdf5_array", "the tutorial's way", "hdf5"),
    ("hdf5_array", "a chunk an image, through HDF5", HdfChunked),
    ("arrow+raw", "Arrow's own `take`", (ArrowTake, "raw")),
    ("parquet+raw", "the writer's defaults", (ParquetDefaults, "raw")),
    ("parquet+raw", "128 rows a group", ("parquet", "raw"), (arrow, {"ROWS": 128})),
    ("parquet+raw", "8,192 rows a group", ("parquet", "raw"), (arrow, {"ROWS": 8192})),
    ("zarr", "8 images a chunk", "zarr", (chunks, {"CHUNK_BYTES": 8 * 3072})),
    ("zarr", "512 images a chunk", "zarr", (chunks, {"CHUNK_BYTES": 512 * 3072})),
    ("tensorstore", "8 images a chunk", "tensorstore", (chunks, {"CHUNK_BYTES": 8 * 3072})),
    ("tar+qoi", "the standard library's tarfile", (TarLibrary, "qoi")),
    ("zip+qoi", "the standard library's zipfile to read", (ZipLibrary, "qoi")),
    ("sqlite+qoi", "SQLite's defaults", (SqliteDefaults, "qoi")),
    ("sqlite+qoi", "pages of 4 KiB", ("sqlite", "qoi"), (sqlite, {"PAGE_BYTES": 4096})),
    ("sqlite+qoi", "pages of 32 KiB", ("sqlite", "qoi"), (sqlite, {"PAGE_BYTES": 32768})),
    ("files+qoi", "all in one folder", (FilesTogether, "qoi")),
    ("packed+png", "Pillow at its default level", ("packed", PillowPng)),
    ("packed+png", "level 6", ("packed", PngLevel6)),
    ("packed+qoi", "imagecodecs", ("packed", ImagecodecsQoi)),
    ("packed+jpeg", "imagecodecs", ("packed", ImagecodecsJpeg)),
    ("packed+jpeg", "less exact decoding", ("packed", FastJpeg)),
    ("packed+webp", "method 1", ("packed", WebpMethod1)),
    ("packed+jpegxl", "effort 3", ("packed", JxlEffort3)),
]


def made(variant):
    """Make a variant: of a container and a codec, of a class, or a backend by its name."""
    if isinstance(variant, tuple):
        return joined(*variant)
    return formats.load(variant) if isinstance(variant, str) else variant()


def times_of(backend, images, labels, store, order):
    """Seconds to store, to read in order and to read in shuffled batches, and bytes on disk."""
    start = time.perf_counter()
    backend.store(*in_one_piece(images, labels.astype(np.int64)), store)
    stored = time.perf_counter()
    [(found, _)] = backend.read(store)
    read = time.perf_counter()
    assert found.shape == images.shape
    del found
    with contextlib.closing(backend.open(store)) as reader:
        opened = time.perf_counter()
        for place in range(0, len(order), BATCH):
            reader.read_at(order[place : place + BATCH])
        batches = time.perf_counter() - opened
    files_of = [path for path in store.rglob("*") if path.is_file()]
    size = sum(path.stat().st_blocks * 512 for path in files_of)
    return stored - start, read - stored, batches, size


def main():
    """Print one line a variant."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--images", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    images, labels = make_images(options.images, seed=0)
    order = np.random.default_rng(0).permutation(len(images))[: MOST_BATCHES * BATCH]
    print("| format | instead | store | read in order | shuffled batches | on disk |")
    print("| --- | --- | ---: | ---: | ---: | ---: |")
    for name, words, variant, *constants in VARIANTS:
        rounds = []
        for number in range(options.rounds + 1):
            with tempfile.TemporaryDirectory() as folder:
                ours = times_of(formats.load(name), images, labels, Path(folder, "ours"), order)
                change = (
                    mock.patch.multiple(constants[0][0], **constants[0][1]) if constants else None
                )
                with change or contextlib.nullcontext():
                    theirs = times_of(made(variant), images, labels, Path(folder, "other"), order)
            if number:  # the first round imports and fills caches
                rounds.append([b / a for a, b in zip(ours, theirs, strict=True)])
        ratios = " | ".join(
            f"{statistics.median(column):.2f}" for column in zip(*rounds, strict=True)
        )
        print(f"| `{name}` | {words} | {ratios} |", flush=True)


if __name__ == "__main__":
    main()
