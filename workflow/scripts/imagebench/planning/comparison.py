"""What decides the comparison of chosen formats with what is there, in fresh alternating blocks."""

from typing import Any

from .. import code_digest, formats, operations
from .jobs import below_scripts, versions_of
from .measured import Measured


def job_of_comparison(now: Measured, copy: str, seconds: float) -> dict[str, Any]:
    """Return everything that decides what a comparison measures, but for the formats it compares.

    Args:
        now: what the main run measures.
        copy: the backend that stands for a copy of files on another device.
        seconds: that each use may take.
    """
    config, is_folder = now.config, now.chosen is not None
    most = most_images(now)
    used = sorted({use["access"] for use in config["use"].values()})
    return {
        "images": {**now.jobs.images(now.plan.stored_for_access), "all": now.images},
        "locations": dict(config["locations"]),
        "ways": {name: way_of_access(now, name) for name in used},
        "formats": {name: code_and_versions(name) for name in [*now.backends, copy]},
        "pieces": now.jobs.pieces_of(most, now.one_mode),
        "measured": config["image_count"],
        # Of a folder, the images of a block come after those that the main run has measured.
        "after": config["image_count"] if is_folder else 0,
        "most": most,
        "there_are": now.all_facts.count,
        "there": [name for name in now.backends if formats.traits_of(name)["stays"]],
        "blocks": config["blocks"],
        "seconds": seconds,
    }


def most_images(now: Measured) -> int:
    """Return how many images one block of a comparison has at most."""
    return int(min(now.all_facts.count, now.config["access_images"]))


def way_of_access(now: Measured, name: str) -> dict[str, Any]:
    """Return the settings and the code of a way of access in a comparison."""
    keys = ("piece_bytes", "seed", *operations.load(name).settings)
    own = below_scripts(operations.file_of(name))
    return {
        "settings": now.in_one_mode | {key: now.config[key] for key in keys},
        "code": code_digest.code_digests("time_break_even.py", own),
    }


def code_and_versions(backend: str) -> dict[str, Any]:
    """Return the digests of a backend's own files, and the versions that it is measured with."""
    own = map(below_scripts, formats.files_of(backend))
    return {"code": code_digest.code_digests(*own), "versions": versions_of(backend)}
