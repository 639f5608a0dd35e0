"""What a recipe must know of the images of a run: where they are, and what is done to them."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PIL import Image

from ..configuration import place_of

DEEP_COLOURS = {"LA;16", "RGB;16", "RGBA;16"}


@dataclass(frozen=True)
class DataSet:
    """What recipes ask.

    Attributes:
        is_folder: whether the images are files, and no arrays.
        differs: whether the images may differ in size.
        holds: the conditions that hold, of those behind ``# where`` in ``recipes``.
        values: what constants of ``recipes`` are set to, by their names.
    """

    is_folder: bool
    differs: bool
    holds: frozenset[str]
    values: Mapping[str, Any]


def of(config: Mapping[str, Any], images: Mapping[str, Any]) -> DataSet:
    """Say what recipes must know.

    Args:
        config: of the run.
        images: what ``describe_images`` has found.
    """
    kind = config.get("dataset", "")
    results = f"results/{config.get('name') or kind}"
    if kind != "folder":
        arrays = config.get("arrays") or {}
        given = os.path.expanduser(arrays["images"]) if kind == "arrays" else None
        place = f"{results}/{'arrays' if given else 'doubled'}"
        values = {"IMAGES": given or f"{place}/images.npy", "LABELS": f"{place}/labels.npy"}
        return DataSet(False, False, frozenset(), {**values, "RESULTS": results})
    folder = config["folder"]
    values = {"FOLDER": str(place_of(folder["path"])), "RESULTS": results}
    values |= {"MODE": folder.get("mode"), "SHORTER": folder.get("resize")}
    conditions = {**of_files(folder, images), **of_one_mode(images.get("brought"))}
    holds = frozenset(name for name, is_so in conditions.items() if is_so)
    return DataSet(True, images.get("alike") is not True, holds, values)


def of_files(folder: Mapping[str, Any], images: Mapping[str, Any]) -> dict[str, Any]:
    """Say what is needed to decode the files; whatever may be among those not measured, too."""
    brought = images.get("brought") or {"brought": {}}
    modes, formats = set(images.get("modes", ())), set(images.get("formats", ()))
    modes |= set(brought["brought"])
    turned = (images.get("drops") or {}).get("orientation")
    if images.get("of", 0) > images.get("count", 0):
        formats |= {"PNG", "TIFF"}
        modes |= {"1", "P"} | ({"L;16"} if folder.get("mode") else set())
    return {
        "huge": folder.get("largest_pixels", 0) > 2 * (Image.MAX_IMAGE_PIXELS or 0),
        "png": "PNG" in formats,
        "turned": turned and "TIFF" in formats,
        "palette": modes & {"P", "PA", "YCbCr"},
        "bilevel": "1" in modes,
        "deep": modes & DEEP_COLOURS,
        "deep_grey": "L;16" in modes,
        "cmyk": "CMYK" in brought["brought"],
        "mode": folder.get("mode"),
        "resize": folder.get("resize"),
    }


def of_one_mode(brought: Mapping[str, Any] | None) -> dict[str, bool]:
    """Say what brings images to the one mode in which they were read for training, if any does."""
    if brought is None:
        return {}
    name, _, bits = brought["mode"].partition(";")
    sources = {mode.partition(";")[0] for mode in brought["brought"]}
    is_colour = name in ("RGB", "RGBA")
    return {
        "one_mode": True,
        "to_colour": is_colour and bool(sources & {"L", "LA"}),
        "to_alpha": name == "RGBA",
        "to_deep": bool(bits),
    }
