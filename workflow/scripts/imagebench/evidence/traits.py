"""What sets some formats apart: they lose something, they use all cores, or they are well known."""

from collections import Counter
from collections.abc import Mapping

import pandas as pd

DATASETS = {
    "lookalike": "lookalike images (made here to be stored like CIFAR-10)",
    "cifar10": "CIFAR-10 images",
    "cifar100": "CIFAR-100 images",
    "folder": "the images of a folder",
    "arrays": "images out of an array",
}
"""What a data set is called."""

TUTORIAL = ("disk", "lmdb", "hdf5")
"""The formats that the tutorial compares; in figures of many, they are what others are seen by."""


def are_lossy(cells: pd.DataFrame) -> pd.Series:
    """Say of each row whether its format loses something."""
    return ~cells["lossless"].astype(bool)


def use_threads(cells: pd.DataFrame) -> pd.Series:
    """Say of each row whether its format encodes and decodes with several threads."""
    return cells["threads"] > 1


def special_words(cells: pd.DataFrame) -> dict[str, str]:
    """Say for each format that is not like the others why: "lossy, 36.4 dB", "4 threads".

    Returns:
        Words by the name of the backend; none for those that lose nothing with one thread.
    """
    rows = cells.assign(is_lossy=are_lossy(cells), uses_threads=use_threads(cells))
    found = {}
    for backend, part in rows[rows["is_lossy"] | rows["uses_threads"]].groupby("backend"):
        words = []
        if part["is_lossy"].any():
            loss = part["psnr_db"].median()
            words.append("lossy" if pd.isna(loss) else f"lossy, {loss:.1f} dB")
        if part["uses_threads"].any() and not part["backend_label"].iloc[0].endswith("all cores"):
            words.append(f"{part['threads'].max():.0f} threads")
        if words:
            found[str(backend)] = ", ".join(words)
    return found


def labels_of(cells: pd.DataFrame) -> dict[str, str]:
    """Map the name of each backend to its label, with the name added if two share a label."""
    labels = dict(
        zip(cells["backend"].astype(str), cells["backend_label"].astype(str), strict=True)
    )
    shared = Counter(labels.values())
    return {
        name: f"{label} [{name}]" if shared[label] > 1 else label for name, label in labels.items()
    }


def marked(labels: Mapping[str, str], words: Mapping[str, str]) -> dict[str, str]:
    """Add these words to labels, as in "LMDB, JPEG 90 (lossy, 36.4 dB)"."""
    return {
        name: f"{label} ({words[name]})" if name in words else label
        for name, label in labels.items()
    }
