"""A timings table as a run would leave it, made here from a seed: columns and noise are realistic.

Every number can be foreseen: a time is a fixed cost, plus so much an image, times the noise of its
block and of its call. What a test wants otherwise it changes in the frame.
"""

import numpy as np
import pandas as pd
from imagebench.evidence.tables import completed

RAW, CONTROL = "raw", "control"

# Label; fixed seconds and seconds an image to store, to make durable, to read warm, and what a cold
# read takes more for each; bytes an image; files (or None for one an image).
BACKENDS = {
    "raw": ("Raw bytes (baseline)", 6e-5, 9e-7, 1.1e-6, 3e-5, 5.5e-7, 1.6e-6, 3073, 1),
    "control": ("Raw bytes again (control)", 6e-5, 9e-7, 1.1e-6, 3e-5, 5.5e-7, 1.6e-6, 3073, 1),
    "disk": ("PNG files", 1e-4, 2.6e-4, 3e-4, 6e-5, 9.5e-5, 1.1e-4, 4096, None),
    "lmdb": ("LMDB records", 2e-3, 1.6e-5, 1e-7, 3e-4, 8.2e-6, 3e-6, 4120, 2),
    "hdf5": ("HDF5 datasets", 1.1e-3, 1.05e-6, 1.1e-6, 7e-4, 1.01e-6, 1.7e-6, 3076, 1),
}
COUNTS = (10, 100, 1000, 10_000, 100_000)
LIBRARIES = {"lmdb": "lmdb=1.6.2", "hdf5": "h5py=3.14.0", "disk": "pillow=11.3.0"}
MACHINE = {
    "host": "bench-1", "cpu": "AMD EPYC 7B13", "cores": 2, "kernel": "Linux 6.1.0-28-amd64",
    "python": "3.11.7", "filesystem": "ext4", "mount_options": "rw,relatime",
    "code": "8d41a0c2b7f3", "commit": "1a2b3c4d5e6f",
}  # fmt: skip


def timings(
    seed=0,
    blocks=5,
    backends=tuple(BACKENDS),
    counts=COUNTS,
    spread=0.02,
    as_cold="cold",
    kinds=None,
):
    """Make the table.

    Args:
        seed: the same gives the same table.
        blocks: independent repeats of everything.
        backends: names out of BACKENDS or ``kinds``.
        counts: numbers of images that are stored and read at once.
        spread: standard deviation of the noise between blocks, as a share of the time.
        as_cold: what cold reads are labelled as; "unknown" is a file system that keeps its pages.
        kinds: further backends, like BACKENDS.
    """
    random = np.random.default_rng(seed)
    known = {**BACKENDS, **(kinds or {})}
    rows = []
    for block in range(1, blocks + 1):
        for backend in backends:
            for images, how_many in [(1, "single"), *((count, "many") for count in counts)]:
                rows += cell(
                    random, backend, known[backend], images, block, spread, as_cold, how_many
                )
    table = pd.DataFrame(rows)
    # One after the other, each block of a cell with a minute of its own.
    turn = table.groupby(["block", "backend", "operation", "images"], sort=False).ngroup()
    table["started"] = stamps(turn * 60)
    table["finished"] = stamps(turn * 60 + 50)
    return completed(table)


def in_two_locations(**options):
    """Make the table of a run that compares a local disk with a file system in memory.

    There, everything takes half of the time, and nothing can be proven to be cold.
    """
    disk = timings(seed=1, **options).assign(location="scratch", folder="/scratch/me")
    memory = timings(seed=2, as_cold="unknown", **options)
    memory = memory.assign(location="memory", folder="/dev/shm", filesystem="tmpfs")
    memory[["seconds", "seconds_durable"]] /= 2
    table = pd.concat([disk, memory], ignore_index=True)
    turn = table.groupby(["block", "location", "backend", "operation", "images"]).ngroup()
    table["started"], table["finished"] = stamps(turn * 60), stamps(turn * 60 + 50)
    return completed(table).assign(block_bytes=4096, free_bytes=2.5e11, free_files=12_000_000)


def stamps(seconds):
    """Points in time as a record has them, so many seconds after the run began."""
    times = pd.Timestamp("2026-11-23T09:00:00Z") + pd.to_timedelta(seconds, unit="s")
    return times.map(pd.Timestamp.isoformat)


def cell(random, backend, kind, images, block, spread, as_cold, how_many):
    """One block's samples of storing and of reading with one backend."""
    label, fixed, each, durable, read_fixed, read_each, cold_each, size, files = kind
    logical = size * images
    disk = {
        "bytes_logical": logical,
        "bytes_allocated": 4096 * (-(-logical // 4096) + 1),
        "files": files or images + 1,
    }
    shared = {
        "dataset": "lookalike", "location": "default", "backend": backend, "images": images,
        "block": block, "backend_label": label, **disk, **MACHINE, "digest": "0f" * 32,
        "libraries": " ".join(filter(None, [LIBRARIES.get(backend), "numpy=2.4.6"])),
        "load": round(random.uniform(0.9, 1.1), 2),
        "calibration_before_seconds": 0.0021 * random.normal(1, 0.004),
        "calibration_after_seconds": 0.0021 * random.normal(1, 0.004),
        "steal_share": round(random.uniform(0, 0.002), 4),
        "other_cpu_share": round(random.uniform(0, 0.03), 4),
        "cpu_pressure_share": round(random.uniform(0, 0.004), 4),
        "io_pressure_share": round(random.uniform(0, 0.01), 4),
        "memory_pressure_share": 0.0,
        "peak_memory_bytes": 90_000_000 + 4 * logical,
    }  # fmt: skip

    def samples(operation, seconds, cache, **more):
        noise = np.exp(random.normal(0, spread))
        for iteration in range(2 if images >= 10_000 else 4):
            time = seconds * noise * np.exp(random.normal(0, spread / 4))
            spent = {"cpu_user_seconds": 0.8 * time, "cpu_system_seconds": 0.15 * time}
            sync = {"seconds_durable": time * more["durable"]} if "durable" in more else {}
            device = {name: value for name, value in more.items() if name != "durable"}
            yield {
                **shared, "operation": f"{operation}_{how_many}", "iteration": iteration,
                "cache": cache, "seconds": time, **spent, **sync, **device,
            }  # fmt: skip

    store, read = fixed + each * images, read_fixed + read_each * images
    safe = 1 + (durable * images + 1e-3) / store
    yield from samples("store", store, "not_applicable", durable=safe, bytes_written=logical)
    share = 0.0 if as_cold == "cold" else 1.0
    from_device = logical if as_cold == "cold" else 0
    slower = 2e-4 + cold_each * images
    yield from samples("read", read + slower, as_cold, bytes_read=from_device, resident_share=share)
    yield from samples("read", read, "warm", bytes_read=0, resident_share=1.0)
