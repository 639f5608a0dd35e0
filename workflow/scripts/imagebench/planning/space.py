"""Whether there is room for what a run will make, asked before its first job."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from .. import formats
from ..digests import DIGEST_BYTES
from ..measuring import locations
from ..measuring.room import Need, need_of_store, require_room
from ..wording import counted
from .measured import Measured
from .plan import stored_in


def require_space(now: Measured, results: Path, is_looked_at: Callable[[str], bool]) -> None:
    """Refuse to begin if images or stores that are still to be made would not fit.

    Args:
        now: what is measured.
        results: the folder of this run's results.
        is_looked_at: returns True for the folder of a location that this machine stores in.

    Raises:
        BenchmarkError: with what is needed, what there is, and what to do; or if a location is not
            there.
    """
    missing = now.jobs.missing(results / "records")
    for name, folder in now.config["locations"].items():
        here = [place for place in missing if place[0] == name]
        if here and is_looked_at(folder):
            place = locations.make_ready(name, folder, results.name)
            need = need_of_stores(now, here)
            require_room(place, need, f"the stores of location {name}")
    what = f"the {counted(now.config['image_count'], 'image')} of {results.name}"
    require_room(Path("results"), need_of_images(now, results), what, "lower image_count")


def need_of_stores(now: Measured, places: Iterable[tuple[Any, ...]]) -> Need:
    """Return what the largest store takes that is still to be made; they are made one at a time."""
    stores = {(backend, stored_in(part)) for _, backend, _, part, _ in places}
    return Need.largest(
        need_of_store(formats.load(backend), count, now.facts) for backend, count in stores
    )


def need_of_images(now: Measured, results: Path) -> Need:
    """Return what the archive and the arrays of images take that are not there yet."""
    count, size = now.config["image_count"], now.facts.image_bytes
    different = min(count, now.source_count // 2)
    needs = {
        "doubled/images.npy": min(count, now.source_count) * size,
        "unpickled/images.npy": different * size,
        "doubled/digests.npy": count * DIGEST_BYTES,
        "archive.tar.gz": different * (size + 1),
    }
    if now.config["dataset"] in ("folder", "arrays"):
        is_folder = now.config["dataset"] == "folder"
        needs = {} if is_folder else {"arrays/digests.npy": count * DIGEST_BYTES}
    missing = [need for name, need in needs.items() if not (results / name).exists()]
    return Need(sum(missing), 100)
