"""A use of images, what one format costs for it, and the rules that it may break."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..evidence.statistics import Floats
from ..states import Cache
from .forecast import Interval, Refusal


@dataclass(frozen=True)
class Use:
    """How images will be used, and what is not negotiable; the config has these keys.

    Attributes:
        name: of the use.
        epochs: how often all images are read.
        access: the way in which they are.
        cache: of the pages, while they are.
        images: how many there will be.
        needed_per_second: that what works on them can take; None for all that come.
        lossless: whether nothing may be lost.
        keep_originals: whether the bytes of the files must be kept.
        most_files: that there may be; None for any number, as for the others.
        most_bytes: on disk.
        most_memory: bytes of own memory that a process may have.
        network_file_system: whether they will lie on one.
        appendable: whether more images must be added without writing all anew.
    """

    name: str
    epochs: int
    access: str
    cache: Cache
    images: int
    needed_per_second: float | None = None
    lossless: bool = True
    keep_originals: bool = False
    most_files: int | None = None
    most_bytes: int | None = None
    most_memory: int | None = None
    network_file_system: bool = False
    appendable: bool = False

    @property
    def least_epoch(self) -> float:
        """Seconds that an epoch takes at least: what works on the images bounds how fast it is."""
        return least_epoch(self.images, self.needed_per_second)


def least_epoch(images: int, needed_per_second: float | None) -> float:
    """Seconds that so many images take at least, if no more of them are needed in a second."""
    return images / needed_per_second if needed_per_second else 0.0


@dataclass(frozen=True)
class Option:
    """What one format costs for all images of a use.

    Attributes:
        backend: its name.
        label: what it is called.
        convert: seconds to store all, until safe on the device; one a block, in the same order for
            each format, and not-a-number where that was not measured.
        epoch: seconds to read all once, likewise.
        size: bytes on disk, and bounds of them where they are foretold.
        files: how many, likewise.
        memory: own memory of the process that reads at most, in bytes, likewise.
        traits: what holds for the format: ``lossless``, ``keeps_files``, ``appendable``,
            ``local_only`` and ``stays``, which is to leave files where they are.
        deviations: standard deviations of the logarithms of ``convert`` and ``epoch`` that come of
            foretelling them; zero where all images were measured.
        refused: why neither should be relied on; see ``Forecast``.
    """

    backend: str
    label: str
    convert: Floats
    epoch: Floats
    size: Interval
    files: Interval
    memory: Interval
    traits: Mapping[str, bool]
    deviations: tuple[float, float] = (0.0, 0.0)
    refused: Refusal | None = None

    def total(self, use: Use) -> Floats:
        """Seconds of converting and of all epochs."""
        total: Floats = self.convert + use.epochs * np.maximum(self.epoch, use.least_epoch)
        return total

    def deviation(self, use: Use) -> float:
        """Standard deviation of the logarithm of that, as far as it comes of foretelling."""
        convert, epoch = (
            np.nanmean(self.convert),
            np.nanmean(np.maximum(self.epoch, use.least_epoch)),
        )
        shares = np.array([convert, use.epochs * epoch]) / (convert + use.epochs * epoch)
        return float(shares @ self.deviations)


def what_is_there(options: Sequence[Option]) -> Option | None:
    """Give the one that is to leave files where they are, and whole; None if there are none."""
    stays = (of for of in options if of.traits["stays"] and of.traits["lossless"])
    return next(stays, None)


Rule = Callable[[Use, Option], bool]

RULES: dict[str, Rule] = {
    "lossless": lambda use, of: use.lossless and not of.traits["lossless"],
    "keep_originals": lambda use, of: use.keep_originals and not of.traits["keeps_files"],
    "most_files": lambda use, of: of.files[0] > (use.most_files or math.inf),
    "most_bytes": lambda use, of: of.size[0] > (use.most_bytes or math.inf),
    "most_memory": lambda use, of: of.memory[0] > (use.most_memory or math.inf),
    "network_file_system": lambda use, of: use.network_file_system and of.traits["local_only"],
    "appendable": lambda use, of: use.appendable and not of.traits["appendable"],
}
"""Of each rule, named as its key in the config: whether a format breaks it."""

Options = Callable[[Use], Sequence[Option]]
"""Gives what every format costs for a use."""
