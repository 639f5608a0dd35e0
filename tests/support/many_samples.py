"""Timings of a run that measures many formats, and reads as in training does; made from a seed."""

import numpy as np
import pandas as pd
import samples
from imagebench.evidence.tables import completed

CONTAINERS = {  # Label, seconds an image, and files (None for one an image).
    "files": ("Loose files", 6e-5, None), "packed": ("Packed file", 1.5e-6, 2),
    "lmdb": ("LMDB", 2e-6, 2), "hdf5": ("HDF5 of blobs", 5e-6, 1),
    "tar": ("Tar with index", 8e-6, 2), "sqlite": ("SQLite", 6e-6, 1),
    "webdataset": ("WebDataset", 6e-5, 4), "arrow": ("Arrow IPC", 2e-6, 1),
    "parquet": ("Parquet", 4e-6, 1), "lance": ("Lance", 7e-6, 12),
}  # fmt: skip
CODECS = {  # Label, seconds to encode and to decode an image, its bytes, and its loss in decibels.
    "raw": ("raw", 2e-9, 1e-9, 3072, None), "qoi": ("QOI", 1.1e-5, 9e-6, 2500, None),
    "png": ("PNG", 9e-5, 5e-5, 2300, None), "jpeg": ("JPEG 90", 3e-5, 2e-5, 1300, 36.4),
    "jpegxl": ("JPEG XL lossless", 1.5e-3, 1.9e-4, 1600, None),
}  # fmt: skip
ARRAYS = {
    "npy": ("NumPy files", 6e-5, 1e-6, 1e-6, 4e-5, 6e-7, 1.6e-6, 3073, 2),
    "zarr": ("Zarr 3", 9e-4, 9e-6, 2e-6, 8e-4, 7e-6, 2e-6, 2700, 99),
}
NAMES = [
    "disk", "lmdb", "hdf5", *ARRAYS, "lmdb+jpeg", "lmdb+png", "lmdb+png+threads", "lmdb+jpegxl",
    *(f"{container}+{codec}" for container in CONTAINERS for codec in ("raw", "qoi")),
    *(f"{name}+png" for name in ("files", "tar")),
    *(f"{name}+jpeg" for name in ("files", "webdataset")),
]  # fmt: skip
ACCESS = {  # Images of one call, as a share of those stored or their number, and what one costs.
    "read_random": (1000, 3.0), "read_batches": (1.0, 1.5), "read_subset": (0.1, 1.7),
    "read_first": (1, 1.0), "read_workers_forked": (1.0, 0.8), "read_workers_spawned": (1.0, 0.9),
}  # fmt: skip
THREADS = 4
OPENING = 4e-4


def timings(count=None, access=tuple(ACCESS), stored=10_000, **options):
    """Make the table of a run.

    Args:
        count: of formats, beside the baseline and the control; all, if it is not given.
        access: operations as in training.
        stored: images of the store that they read.
        options: of ``samples.timings``.
    """
    names = ["raw", "control", *NAMES[:count]]
    kinds = {name: kind_of(name) for name in names if "+" in name} | ARRAYS
    options = {"blocks": 3, "counts": (10, 1000, 100_000), **options}
    table = samples.timings(backends=names, kinds=kinds, **options)
    table["stored_images"] = table["images"]
    table = pd.concat([table, *(accessed(table, name, stored) for name in access)])
    table = table.reset_index(drop=True)
    codec = [CODECS.get(name.partition("+")[2].partition("+")[0]) for name in table["backend"]]
    table["threads"] = np.where(table["backend"].str.endswith("+threads"), THREADS, 1)
    table["psnr_db"] = [of[4] if of else None for of in codec]
    table["lossless"] = table["psnr_db"].isna()
    step = table["operation"].map({"store_many": 1, "read_many": 2})
    table["codec_seconds"] = [
        of[int(which)] * images / threads if of and which > 0 else None
        for of, which, images, threads in zip(
            codec, step, table["images"], table["threads"], strict=True
        )
    ]
    turn = table.groupby(["block", "backend", "operation", "images"], sort=False).ngroup()
    table["started"] = samples.stamps(turn * 60)
    table["finished"] = samples.stamps(turn * 60 + 50)
    return completed(table)


def kind_of(name):
    """Make a backend of a container and a codec; see samples.BACKENDS."""
    container, codec, *more = name.split("+")
    (label, each, files), (words, encode, decode, size, _) = CONTAINERS[container], CODECS[codec]
    threads = THREADS if more else 1
    label = f"{label}, {words}" + (", all cores" if more else "")
    read = each / 2 + decode / threads
    return label, 1e-3, each + encode / threads, 1e-6, 6e-4, read, 1.6e-6, size + 16, files


def accessed(table, operation, stored):
    """Make the samples of one way of access out of those that read many images in order."""
    images, cost = ACCESS[operation]
    images = int(images * stored) if isinstance(images, float) else images
    many = table[(table["operation"] == "read_many") & (table["images"] == table["images"].max())]
    each = many["seconds"] / many["images"] * cost
    if operation == "read_first":
        each = each + OPENING
    return many.assign(
        operation=operation, images=images, stored_images=stored, seconds=each * images
    )
