"""What each timed job measures, and the name of its record."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from .. import code_digest, formats, operations, versions, vocabulary
from ..keys import differences, key_of
from ..modes import image_bytes
from ..pieces import Facts
from ..states import RESERVED
from .plan import BLOCK, PLACE, Plan, settings_in, stored_in

Parts = dict[str, Any]
"""Everything that decides one measurement: ``cell``, which location, backend, operation, images and
block; ``images``, which ones; ``settings`` of the operation; ``code``, a digest of each file that
runs; ``versions`` of libraries; and ``store``, the key of the store that is read, if a job does not
make its own."""


class Jobs:
    """All timed jobs of a run."""

    def __init__(
        self,
        plan: Plan,
        facts: Facts,
        images: Callable[[int], Mapping[str, Any]],
        settings_of_access: Mapping[str, Any],
    ) -> None:
        """Take what the jobs follow from.

        Args:
            plan: which cells are measured.
            facts: of all images that are measured.
            images: returns what tells the first so many images of the data set from others.
            settings_of_access: settings of every way of access beside those that it names.
        """
        self.plan, self.facts, self.images = plan, facts, images
        self.settings_of_access = dict(settings_of_access)
        self.parts = cache(self._parts)
        self.key = cache(lambda *place: key_of(self.parts(*place)))

    def _parts(self, location: str, backend: str, operation: str, part: str, block: int) -> Parts:
        """Return everything that decides what a job measures."""
        known = self.plan.operations[operation]
        cell = self.plan.cell(location, backend, operation, part, block)
        del cell["part"]  # the number of images and the settings say the same
        stored = stored_in(part)
        is_access = not known.in_every_run
        mode = self.settings_of_access.get("one_mode") if is_access else None
        read = {}
        if known.stored_by:
            read["store"] = self.key(location, backend, known.stored_by, part, block)
        return {
            "cell": cell,
            "images": dict(self.images(self.images_of(operation, stored))),
            "settings": {
                **(self.settings_of_access if is_access else {}),
                **settings_in(part),
                **self.pieces_of(stored, mode),
            },
            "code": code_of(operation, backend),
            "versions": versions_of(backend),
            **read,
        }

    def images_of(self, operation: str, stored: int) -> int:
        """Return how many images of the data set a job uses, or the one that makes its store."""
        known = self.plan.operations[operation]
        maker = self.plan.operations[known.stored_by] if known.stored_by else known
        return int(maker.wanted(stored))

    def pieces_of(self, count: int, mode: str | None) -> dict[str, int]:
        """Return the setting that matters if so many images are more than one piece."""
        size = self.plan.config["piece_bytes"]
        is_several = count * max(self.facts.image_bytes, image_bytes(self.facts, mode)) > size
        return {"piece_bytes": size} if is_several else {}

    def block(self, *place: Any) -> str:
        """Return the path of a job's record or store below its folder, without an ending."""
        return f"{path_of(place)}-{self.key(*place)}"

    def store(self, *place: Any) -> str:
        """Return the path of the store that a job makes or reads, below the folder of stores."""
        location, backend, operation, part, block = place
        stored_by = self.plan.operations[operation].stored_by
        return self.block(location, backend, stored_by or operation, part, block)

    @cached_property
    def records(self) -> dict[str, tuple[Any, ...]]:
        """The place of each planned job by the path of its record, below the folder of records."""
        places = (tuple(cell[name] for name in PLACE) for cell in self.plan.cells())
        return {f"{self.block(*place)}.json": place for place in places}

    def missing(self, folder: Path) -> list[tuple[Any, ...]]:
        """List the places of planned jobs whose records are not in a folder."""
        return [place for path, place in self.records.items() if not (folder / path).exists()]


def changes(jobs: Jobs, folder: Path, read: Callable[[Path], Parts]) -> Iterator[str]:
    """Yield one sentence for each cause why cells that have been measured are measured anew.

    Of each operation with each backend, the record of one cell is compared with what was measured
    of that cell before.

    Args:
        jobs: that are planned.
        folder: of records.
        read: returns the parts of a record that is there.
    """
    groups: dict[tuple[str, str], list[tuple[Any, ...]]] = {}
    for place in jobs.missing(folder):
        if next(siblings(folder, place), None):
            groups.setdefault((place[1], place[2]), []).append(place)
    causes: dict[str, int] = {}
    for places in groups.values():
        newest = max(siblings(folder, places[0]), key=lambda path: path.stat().st_mtime)
        now = jobs.parts(*places[0])
        found = [cause for cause in differences(read(newest), now) if not cause.startswith("store")]
        cause = found[0] if found else "the store that is read is another"
        cause = cause.replace("images.digest has", "files or labels of the folder have")
        causes[cause] = causes.get(cause, 0) + len(places)
    for cause, count in causes.items():
        yield f"measured anew: {count:,} record{'' if count == 1 else 's'}, since {cause}"


def siblings(folder: Path, place: tuple[Any, ...]) -> Iterator[Path]:
    """Return the records of a cell, with whatever they were made."""
    return folder.glob(f"{path_of(place)}-*.json")


def path_of(place: tuple[Any, ...]) -> str:
    """Return the path of a cell below the folder of records, without key and ending."""
    return BLOCK.format(**dict(zip(PLACE, place, strict=True)))


OF_NO_RECORD = {"use", "name", "pack", "minutes"}
"""Keys of a config that change no record."""


def records_can_be_of(config: Mapping[str, Any]) -> Any:
    """Return what records of a config can follow from; JSON can hold it."""
    known = {name: operations.load(name) for name in vocabulary.OPERATIONS}
    ways = [name for name, way in known.items() if way.in_every_run or name in config["access"]]
    others = {name for way in known.values() for name in way.settings}
    others -= {name for way in ways for name in known[way].settings}
    some = {key: of for key, of in config.items() if key not in OF_NO_RECORD | others}
    some["folder"] = {key: of for key, of in config["folder"].items() if key != "path"}
    there = [name for name in (*config["backends"], *RESERVED) if formats.missing(name) is None]
    code = [code_of(way, name) for name in there for way in ways]
    return [some, code, list(map(versions_of, there))]


def below_scripts(path: Path) -> str:
    """Return the name of a file as digests of code have it."""
    return path.relative_to(code_digest.SCRIPTS).as_posix()


@cache
def code_of(operation: str, backend: str) -> dict[str, str]:
    """Return the digest of each file that a timed job runs."""
    of_format = map(below_scripts, formats.files_of(backend))
    of_operation = below_scripts(operations.file_of(operation))
    return code_digest.code_digests("time_block.py", *of_format, of_operation)


@cache
def versions_of(backend: str) -> dict[str, str]:
    """Return the versions of Python and of the libraries that a backend is measured with."""
    libraries = versions.library_versions(formats.libraries_of(backend))
    return {"python": versions.python_version(), **libraries}
