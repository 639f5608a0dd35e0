"""Say what is measured: how many images, of which classes, and what is left out."""

import csv
import os
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from imagebench import files, keys, processes
from imagebench.images import batches, index
from imagebench.images.describing import class_names, of_folder, strip
from imagebench.images.folder import FolderSource
from imagebench.images.sample import load
from imagebench.images.source import ArraySource
from imagebench.pieces import Source

STRIP_IMAGES = 12
FIRST_CLASSES = 30
"""Number of classes that the page names."""


def describe_images(
    inputs: Mapping[str, Path], outputs: Mapping[str, Path], count: int, dataset: str
) -> None:
    """Write what is known of some images.

    Args:
        inputs: of the data set; see ``source_of``; ``archive`` of those that come from one.
        outputs: to make. ``images`` is JSON for the page, with a few small pictures; ``classes`` is
            JSON of the name of each class by its label. Of a folder, ``labels`` and ``left_out``
            are CSV.
        count: number of images that are measured.
        dataset: of the config.
    """
    if "index" in inputs:
        chosen = load(inputs["index"].parent)
        assert chosen is not None  # noqa: S101
        found, some = of_folder(chosen, str(outputs["left_out"])), chosen.order[:STRIP_IMAGES]
        source: Source = FolderSource(chosen.index, some)
        classes = chosen.index.classes
        write_labels(outputs["labels"], chosen.index)
        left_out = ((os.fsdecode(name), why) for name, why in chosen.index.reasons.items())
        write_table(outputs["left_out"], ["path", "reason"], left_out)
    else:
        images, labels = (np.load(inputs[name], mmap_mode="r") for name in ("images", "labels"))
        found = of_arrays(images, labels, count)
        digests = np.load(inputs["digests"], mmap_mode="r")[: min(count, STRIP_IMAGES)]
        source = ArraySource(images, labels, digests)
        if "archive" in inputs:
            layout = batches.LAYOUTS.get(dataset, batches.CIFAR10)
            classes = class_names(inputs["archive"], layout)
        else:
            classes = {label: str(label) for label in np.unique(labels).tolist()}
    files.publish_json(outputs["classes"], classes)
    files.publish_json(
        outputs["images"],
        {
            **found,
            "of_classes": len(classes),
            "class_names": dict(islice(classes.items(), FIRST_CLASSES)),
            "pictures": strip(source),
        },
    )


def write_labels(target: Path, index_of: index.Index) -> None:
    """Write the path, the label and the class of each image of a folder, in the order of paths."""
    good = np.flatnonzero(index_of.rows["state"] == index.GOOD).tolist()
    labels = index_of.rows["label"].tolist()
    rows = (
        (os.fsdecode(index_of.names[number]), labels[number], index_of.classes[labels[number]])
        for number in sorted(good, key=index_of.names.__getitem__)
    )
    write_table(target, ["path", "label", "class"], rows)


def write_table(target: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write a CSV file; bytes of names that are no UTF-8 stay as they are."""
    with (
        files.published_file(target) as partial,
        open(partial, "w", encoding="utf-8", errors="surrogateescape", newline="") as file,
    ):
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def of_arrays(images: Any, labels: Any, count: int) -> dict[str, Any]:
    """Say what there is to say of arrays."""
    height, width = images.shape[1:3]
    return {
        "count": count,
        "different": min(count, len(images)),
        "classes": len(np.unique(labels)),
        "pixel_bytes": count * images[:1].nbytes,
        "sizes": [f"{width} x {height}"],
        "modes": {},
        "brought": None,
        "formats": {},
        "drops": {},
        "file_bytes": None,
        "remarks": [],
    }


if __name__ == "__main__":
    with processes.in_one_line_of_its_own(snakemake.log[0]):
        inputs, outputs = (
            {name: Path(path) for name, path in several.items()}
            for several in (snakemake.input, snakemake.output)
        )
        describe_images(inputs, outputs, snakemake.params.described, snakemake.params.dataset)
        keys.settle(snakemake.input.stamp)
