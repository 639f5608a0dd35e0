"""The data sets that a config can name: what is known of each before anything is made."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..pieces import Facts, Labels
from .array_files import mapped_images, require_labels
from .folder import paths_of
from .index import facts_of
from .sample import Chosen

ARCHIVE_COUNT = 50_000
"""Images in the archives of CIFAR, for training; the tutorial doubles them."""


def described(
    config: Mapping[str, Any], chosen: Chosen | None
) -> tuple[dict[str, Any], Facts, int]:
    """Say which images a config names, what is known of them, and how many of them differ.

    Args:
        config: complete.
        chosen: of a folder.

    Returns:
        What tells these images from others, for records; facts of all that are measured, but for
        labels; and how many are taken as they are, before copies are changed.

    Raises:
        BenchmarkError: if arrays are not there, or not such as can be stored.
    """
    dataset = config["dataset"]
    count = config["image_count"]
    if chosen is not None:
        index = chosen.index
        facts = facts_of(index.rows[chosen.order], paths_of(index, chosen.order), index.change)
        return {"dataset": dataset, "digest": chosen.identity}, facts, chosen.good
    if dataset == "arrays":
        file, images = mapped_images(config["arrays"]["images"])
        status = file.stat()
        if config["arrays"]["labels"]:
            require_labels(config["arrays"]["labels"], len(images))
        kind = images.dtype.newbyteorder("=")
        facts = Facts(images.shape[1:], no_labels(count or len(images)), kind)
        known = {"dataset": dataset, "bytes": status.st_size, "changed": status.st_mtime_ns}
        return known, facts, len(images)
    facts = Facts((32, 32, 3), no_labels(count))
    if dataset == "lookalike":
        return {"dataset": dataset, "seed": config["seed"]}, facts, 2 * ARCHIVE_COUNT
    return {"dataset": dataset, "md5": config[dataset]["md5"].lower()}, facts, 2 * ARCHIVE_COUNT


def no_labels(count: int) -> Labels:
    """Stand in for so many labels, and take no room."""
    return np.broadcast_to(np.int64(0), (count,))
