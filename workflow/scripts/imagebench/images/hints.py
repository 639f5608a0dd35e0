"""Sentences about folders that look as if they held something else than images in classes."""

import os
import re
from collections.abc import Sequence
from functools import cache

from ..wording import counted, listed

SPLIT = re.compile(r"(train(ing)?|val(id|idation)?|test(ing)?|dev|eval|holdout)[-_ ]?[0-9]*")
"""Names of folders into which a data set is split."""

MASK = re.compile(
    r"(.+?)[-_. ](mask|masks|seg|segm|segmentation|gt|groundtruth|ground_truth|annotation|labelids|"
    r"matte|alpha)"
)
"""Names, without their ending, of files that say something of each pixel of another image."""

MASK_FOLDER = re.compile(
    r"(.*[-_ ])?(masks?|gt|ground_?truth|(segmentation|annotation|annot|label)s?(class|object)?)"
)
"""Names of folders of such files."""


def hints_of(paths: Sequence[bytes], labels: str) -> list[str]:
    """Return sentences about splits and masks, each with the way out.

    Args:
        paths: of all images below the folder.
        labels: where their classes come from, as in the config.
    """
    return [*splits_of(paths, labels), *masks_of(paths)]


def splits_of(paths: Sequence[bytes], labels: str) -> list[str]:
    """Return a sentence about classes that look like the parts of a split, if there are any."""
    folders = sorted({os.fsdecode(path.partition(b"/")[0]) for path in paths if b"/" in path})
    found = [folder for folder in folders if SPLIT.fullmatch(folder.lower())]
    if labels != "folders" or not found or (len(found) == 1 and found != folders):
        return []
    quoted = listed(f"“{folder}”" for folder in found)
    look = "looks like a part of a split and counts as a class"
    if len(found) > 1:
        look = "look like a split and count as classes"
    return [
        f"{quoted} {look} here: an image's class is the first folder of its path. For the folders "
        f"within as classes, measure one part alone (FOLDER=.../{found[0]}), or name the class of "
        "each image in a CSV file (folder.labels)."
    ]


def masks_of(paths: Sequence[bytes]) -> list[str]:
    """Return a sentence about images that look like masks of others, if there are any."""
    mask_folder = cache(lambda folder: MASK_FOLDER.fullmatch(folder.rpartition("/")[2]))
    looking: dict[str, str] = {}  # the path of a mask, and its image's without the ending
    for path in map(os.fsdecode, paths):
        folder, _, name = os.path.splitext(path.lower())[0].rpartition("/")
        if match := MASK.fullmatch(name):
            looking[path] = os.path.join(folder, match[1])
        elif found := mask_folder(folder):  # "masks" of any folder beside it, "cat_masks" of "cat"
            other = (found[1] or "*").rstrip("-_ ")
            looking[path] = os.path.join(folder.rpartition("/")[0], other, name)
    if not looking:
        return []
    images: dict[str, str] = {}
    for path in map(os.fsdecode, paths):
        if path not in looking:
            stem = os.path.splitext(path.lower())[0]
            folder, _, name = stem.rpartition("/")
            images[stem] = path
            images[os.path.join(folder.rpartition("/")[0], "*", name)] = path
    pairs = {mask: images[stem] for mask, stem in looking.items() if stem in images}
    if not pairs:
        return []
    mask, image = next(iter(pairs.items()))
    look = "looks like a mask and counts" if len(pairs) == 1 else "look like masks and count"
    return [
        f"{counted(len(pairs), 'image')} {look} as images here, such as {mask!r}, which belongs to "
        f"{image!r}. To measure without masks, name a folder that has none; it may hold links."
    ]
