"""Everything that a run measures, and everything that it does not, with the reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from .. import formats, operations, vocabulary
from ..configuration import fitted
from ..images import sources
from ..images.index import dropped
from ..images.sample import Chosen
from ..limits import why_not
from ..measuring import locations
from ..memory_limits import piece_bytes_within
from ..modes import image_bytes, one_mode
from ..pieces import Facts, largest_of
from ..states import RESERVED
from .budget import Budget
from .jobs import Jobs
from .plan import Plan


@dataclass(frozen=True)
class Measured:
    """What a run measures.

    Attributes:
        config: complete, and fitted to the images.
        images: tells all images from others; JSON can hold it.
        facts: of the images that are measured.
        all_facts: of all images, of which a sample may be measured.
        source_count: how many images are taken as they are, before changed copies are made.
        one_mode: the mode that ways of access bring images of several modes to; None if all have
            one.
        backends: that are measured, the baseline and the control among them.
        skipped: why others are not installed, by their names.
        not_applicable: why others cannot hold these images, by their names.
        drops: what files of a folder hold and formats of pixels drop; see ``index.dropped``.
        plan: which cells are measured, and in which order.
        jobs: what each of them measures.
        chosen: the images of a folder.
        budget: what fits into the minutes that a folder may take; None if all is measured.
        wanted_images: how many images the config asks for; None for all.
    """

    config: dict[str, Any]
    images: dict[str, Any]
    facts: Facts
    all_facts: Facts
    source_count: int
    one_mode: str | None
    backends: list[str]
    skipped: dict[str, str]
    not_applicable: dict[str, str]
    drops: dict[str, int]
    plan: Plan
    jobs: Jobs
    chosen: Chosen | None
    budget: Budget | None
    wanted_images: int | None

    @property
    def in_one_mode(self) -> dict[str, str]:
        """The setting of every way of access if images have several modes."""
        return setting_of_mode(self.one_mode)

    def copies_of(self, count: int) -> dict[str, Any]:
        """Return the seed by which images are changed that are more than the data set has."""
        return copies_of(self.config, self.source_count, count)


def setting_of_mode(mode: str | None) -> dict[str, str]:
    """Return the setting of ways of access that bring all images to one mode, if they must."""
    return {} if mode is None else {"one_mode": mode}


def copies_of(config: Mapping[str, Any], source_count: int, count: int) -> dict[str, Any]:
    """Return the seed by which images are changed that are more than the data set has."""
    return {"copies": {"seed": config["seed"]}} if count > source_count else {}


PIECE_VARIABLE = "IMAGEBENCH_PIECE_BYTES"
"""Environment variable that hands the size of a piece down from a run to jobs on other machines,
whose memory may be another."""


def what_is_measured(
    config: Mapping[str, Any],
    chosen: Chosen | None = None,
    budget: Budget | None = None,
    piece_bytes: int | None = None,
) -> Measured:
    """Decide what a run measures.

    Args:
        config: complete.
        chosen: the images of a folder that are measured.
        budget: what fits into the minutes that the config allows for a folder.
        piece_bytes: of a piece; if None, what the config and the memory of this machine allow.

    Raises:
        BenchmarkError: if arrays are not there, or cannot be stored, or if memory is too small.
    """
    wanted_images = config["image_count"]
    if budget:
        config = {**config, **budget.settings(config)}
    images, facts, source_count = sources.described(config, chosen)
    config = fitted(config, facts.count)
    all_facts = chosen.all_facts if chosen else facts
    # In every run there are the baseline, and the same under another name; of a folder, its files.
    wanted = dict.fromkeys([*config["backends"], *(["in_place"] if chosen else []), *RESERVED])
    skipped = {name: reason for name in wanted if (reason := formats.missing(name)) is not None}
    not_applicable = {
        name: reason
        for name in wanted
        if name not in skipped and (reason := why_not(formats.load(name), all_facts)) is not None
    }
    not_applicable |= budget.failed if budget else {}
    backends = [name for name in wanted if name not in skipped and name not in not_applicable]
    mode = one_mode(all_facts.modes)
    config["piece_bytes"] = piece_bytes or piece_bytes_of(config, facts, mode)
    known = {name: operations.load(name) for name in vocabulary.OPERATIONS}
    plan = Plan(config, backends, known)

    @cache  # many jobs have as many images, and the digest of a large folder takes long
    def first(count: int) -> dict[str, Any]:
        of_folder = {"digest": chosen.digest_of(count)} if chosen else {}
        return {**images, **of_folder, **copies_of(config, source_count, count)}

    of_access = {"seed": config["seed"], **setting_of_mode(mode)}
    return Measured(
        config=config,
        images=images,
        facts=facts,
        all_facts=all_facts,
        source_count=source_count,
        one_mode=mode,
        backends=backends,
        skipped=skipped,
        not_applicable=not_applicable,
        drops=dropped(chosen.index.rows) if chosen else {},
        plan=plan,
        jobs=Jobs(plan, facts, first, of_access),
        chosen=chosen,
        budget=budget,
        wanted_images=wanted_images,
    )


def piece_bytes_of(config: Mapping[str, Any], facts: Facts, mode: str | None) -> int:
    """Return the bytes of a piece: as the config says, or as many as memory allows."""
    size = max(facts.total_bytes, facts.count * image_bytes(facts, mode))
    is_in_memory = any(map(locations.is_in_memory, config["locations"].values()))
    shares = 2 if is_in_memory else 1
    return piece_bytes_within(config["piece_bytes"], largest_of(facts, 1), size, shares)
