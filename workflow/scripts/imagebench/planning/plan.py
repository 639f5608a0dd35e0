"""The plan of a run: what is measured, in which order, and where each record is.

A cell is what one record is of: a location, a backend, an operation, a number of images and a
block. Nothing here reads or writes a file.
"""

import random
from collections.abc import Mapping, Sequence
from typing import Any

from ..operations.base import Operation

BLOCK = "{location}/{backend}/{operation}/{part}/block-{block}"
"""The one pattern of paths, below the folders of records, of stores and of logs.

The part is the number of images in the store; of a way of access, its settings as well: "20" or
"20-batch_size=256". So no other settings ever take its place.
"""


PLACE = ("location", "backend", "operation", "part", "block")
"""What this pattern has, in its order."""


class Plan:
    """All cells of a config, for the backends that can be measured."""

    def __init__(
        self,
        config: Mapping[str, Any],
        backends: Sequence[str],
        operations: Mapping[str, Operation],
    ) -> None:
        """Take what the plan follows from.

        Args:
            config: complete, as ``configuration.complete`` gives it.
            backends: names of those that are measured.
            operations: every operation that there is, by its name; what stores comes before what
                reads that.
        """
        self.config, self.backends, self.operations = config, backends, operations
        self.stored_for_access = min(config["access_images"], config["image_count"])
        self.places = {turn: place for place, turn in enumerate(self.turns())}

    def measured(self) -> list[tuple[str, str]]:
        """List operations with the parts that each is measured in, in the order of the table."""
        always = [name for name, operation in self.operations.items() if operation.in_every_run]
        single = [(name, "1") for name in always if not self.operations[name].for_each_cutoff]
        many = [name for name in always if self.operations[name].for_each_cutoff]
        at_cutoffs = [(name, str(cutoff)) for cutoff in self.config["cutoffs"] for name in many]
        access = [(name, self.part_for_access(name)) for name in self.config["access"]]
        return [*single, *at_cutoffs, *access]

    def part_for_access(self, operation: str) -> str:
        """Name the store and the settings of a way of access."""
        settings = (f"{name}={self.config[name]}" for name in self.operations[operation].settings)
        return "-".join([str(self.stored_for_access), *settings])

    def cells(self) -> list[dict[str, Any]]:
        """List what timings.csv must hold: one cell for each record, in the order of the table."""
        return [
            self.cell(location, backend, operation, part, block)
            for location in self.config["locations"]
            for backend in self.backends
            for operation, part in self.measured()
            for block in range(1, self.config["blocks"] + 1)
        ]

    def cell(
        self, location: str, backend: str, operation: str, part: str, block: int
    ) -> dict[str, Any]:
        """Describe one cell: what its record says of itself."""
        return {
            "dataset": self.config["dataset"],
            "location": location,
            "folder": self.config["locations"][location],
            "backend": backend,
            "operation": operation,
            "part": part,
            "images": self.operations[operation].images(stored_in(part)),
            "stored_images": stored_in(part),
            "block": block,
        }

    def turn(
        self, location: str, backend: str, operation: str, part: str, block: int
    ) -> tuple[Any, ...]:
        """Name the turn of a cell: what reads a store has that of what wrote it."""
        first = self.operations[operation].stored_by or operation
        return location, backend, first, part, block

    def turns(self) -> list[tuple[Any, ...]]:
        """List the turns in the order of their timing.

        Block 1 of everything comes before block 2 of anything, each block in another shuffled
        order, so that a machine that becomes slower does so for all backends alike. Each block's
        order depends on seed and block alone: further blocks leave the earlier ones' as it was.
        """
        in_block: dict[int, dict[tuple[Any, ...], None]] = {}
        for cell in self.cells():
            turn = self.turn(*(cell[name] for name in PLACE))
            in_block.setdefault(cell["block"], {})[turn] = None
        turns = []
        for block, some in in_block.items():
            shuffled = list(some)
            random.Random(f"{self.config['seed']} {block}").shuffle(shuffled)  # noqa: S311
            turns.extend(shuffled)
        return turns

    def priority(self, location: str, backend: str, operation: str, part: str, block: int) -> int:
        """Give earlier turns a higher priority; a store's read comes right after it.

        What is not in the plan, and asked for by the name of a file, comes last.
        """
        turn = self.turn(location, backend, operation, part, block)
        place = self.places.get(turn, len(self.places))
        return 2 * (len(self.places) - place) + bool(self.operations[operation].stored_by)


def stored_in(part: str) -> int:
    """How many images the store of a part holds."""
    return int(part.partition("-")[0])


def settings_in(part: str) -> dict[str, int]:
    """Give the settings that a part names: "100-batch_size=7" has batch_size 7."""
    pairs = (setting.split("=") for setting in part.split("-")[1:])
    return {name: int(value) for name, value in pairs}
