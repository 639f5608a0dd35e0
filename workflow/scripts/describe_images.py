"""Say what is measured, for the page: how many images, what they look like, what was left out."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from imagebench import files, made_with, processes
from imagebench.images.describing import of_folder, strip
from imagebench.images.folder import FolderSource
from imagebench.images.sample import load
from imagebench.images.source import ArraySource
from imagebench.pieces import Source

STRIP_IMAGES = 12


def describe_images(inputs: Mapping[str, Path], count: int, target: Path) -> None:
    """Write what is known of so many images as JSON, with a few of them as small pictures."""
    if "index" in inputs:
        chosen = load(inputs["index"].parent)
        assert chosen is not None  # noqa: S101
        found, some = of_folder(chosen), chosen.order[:STRIP_IMAGES]
        source: Source = FolderSource(chosen.index, some)
    else:
        images, labels = (np.load(inputs[name], mmap_mode="r") for name in ("images", "labels"))
        found = of_arrays(images, labels, count)
        digests = np.load(inputs["digests"], mmap_mode="r")[: min(count, STRIP_IMAGES)]
        source = ArraySource(images, labels, digests)
    with files.published_file(target) as partial:
        text = json.dumps({**found, "pictures": strip(source)}, indent=1)
        partial.write_text(text + "\n", encoding="utf-8")


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
        "left_out": [],
    }


if __name__ == "__main__":
    with processes.in_one_line_of_its_own(snakemake.log[0]):
        describe_images(
            {name: Path(path) for name, path in snakemake.input.items()},
            snakemake.params.described,
            Path(snakemake.output.images),
        )
        made_with.write(snakemake.output.made_with, dict(snakemake.params.items()))
