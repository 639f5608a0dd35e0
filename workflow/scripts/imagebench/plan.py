"""The plan of a run: what is measured, in which order, and where each record is.

A cell is what one record is of: a location, a backend, an operation, a number of images and a
block. Nothing here reads or writes a file.
"""

import random
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

SINGLE = "single"
"""Part of the paths of what is stored and read one image at a time."""

MANY = ("store_many", "read_many")


class Access(Protocol):
    """What the plan knows of a way of access."""

    settings: Any

    def images(self, stored: int) -> int:
        """How many images one call reads from a store of so many."""


class Plan:
    """All cells of a config, for the backends that can be measured."""

    def __init__(
        self, config: Mapping[str, Any], backends: Sequence[str], access: Mapping[str, Access]
    ) -> None:
        """Take what the plan follows from.

        Args:
            config: complete, as ``configuration.complete`` gives it.
            backends: names of those that are measured.
            access: every way of access that there is, by its name.
        """
        self.config, self.backends, self.access = config, backends, access
        self.stored_for_access = min(config["access_images"], config["image_count"])
        self.places = {turn: place for place, turn in enumerate(self.turns())}

    def cells(self) -> list[dict[str, Any]]:
        """List what timings.csv must hold: one cell for each record, in the order of the table."""
        operations = [("store_single", SINGLE), ("read_single", SINGLE)]
        operations += [(name, str(cutoff)) for cutoff in self.config["cutoffs"] for name in MANY]
        operations += [(name, self.part_for(name)) for name in self.config["access"]]
        return [
            self.cell(location, backend, operation, part, block)
            for location in self.config["locations"]
            for backend in self.backends
            for operation, part in operations
            for block in range(1, self.config["blocks"] + 1)
        ]

    def cell(
        self, location: str, backend: str, operation: str, part: str, block: int
    ) -> dict[str, Any]:
        """Describe one cell: what its record says of itself."""
        stored = stored_in(part)
        many = self.access[operation].images(stored) if operation in self.access else stored
        return {
            "dataset": self.config["dataset"],
            "location": location,
            "folder": self.config["locations"][location],
            "backend": backend,
            "operation": operation,
            "images": many,
            "stored_images": stored,
            "block": block,
        }

    def part(self, cell: Mapping[str, Any]) -> str:
        """Name the store of a cell among those of its backend, for its paths.

        A way of access names its settings as well, so that no other ones ever take its place.
        """
        operation = cell["operation"]
        if operation in self.access:
            return self.part_for(operation)
        return str(cell["stored_images"]) if operation in MANY else SINGLE

    def part_for(self, operation: str) -> str:
        """Name the store and the settings of a way of access."""
        settings = (f"{name}={self.config[name]}" for name in self.access[operation].settings)
        return "-".join([str(self.stored_for_access), *settings])

    def record(self, cell: Mapping[str, Any]) -> str:
        """Name the record of a cell, below the folder of results."""
        part = "" if self.part(cell) == SINGLE else f"{self.part(cell)}/"
        return "records/{location}/{backend}/{operation}/{part}block-{block}.json".format(
            part=part, **cell
        )

    def turns(self) -> list[tuple[str, str, str, int]]:
        """List (location, backend, part, block) in the order of their timing.

        Block 1 of everything comes before block 2 of anything, each block in another shuffled
        order, so that a machine that becomes slower does so for all backends alike. Each block's
        order depends on seed and block alone: further blocks leave the earlier ones' as it was.
        """
        cutoffs = map(str, self.config["cutoffs"])
        parts = dict.fromkeys([SINGLE, *map(self.part_for, self.config["access"]), *cutoffs])
        turns = []
        for block in range(1, self.config["blocks"] + 1):
            some = [
                (location, backend, part, block)
                for location in self.config["locations"]
                for backend in self.backends
                for part in parts
            ]
            random.Random(f"{self.config['seed']} {block}").shuffle(some)  # noqa: S311
            turns.extend(some)
        return turns

    def priority(self, location: str, backend: str, part: str, block: int, *, reads: bool) -> int:
        """Give earlier turns a higher priority; a store's read comes right after it.

        What is not in the plan, and asked for by the name of a file, comes last.
        """
        place = self.places.get((location, backend, part, block), len(self.places))
        return 2 * (len(self.places) - place) + reads


def stored_in(part: str) -> int:
    """How many images the store of a part holds."""
    return 1 if part == SINGLE else int(part.partition("-")[0])


def settings_in(part: str) -> dict[str, int]:
    """Give the settings that the part of a path names: "100-batch_size=7" has batch_size 7."""
    pairs = (setting.split("=") for setting in part.split("-")[1:])
    return {name: int(value) for name, value in pairs}
