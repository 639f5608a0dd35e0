"""What a page says of the images themselves."""

import base64
import io
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from .. import decoding
from ..changes import of_eight_bits, picture_of
from ..errors import BenchmarkError
from ..modes import brought_to
from ..pieces import Image, Source
from ..wording import counted
from .batches import CIFAR10, Layout, regular_members, unpickle
from .choosing import remarks
from .index import GOOD, MODES, dropped
from .sample import Chosen

STRIP_PIXELS = 96
"""The longer side of a picture in the strip."""


def class_names(archive: Path, layout: Layout = CIFAR10) -> dict[int, str]:
    """Read what each class of an archive is called, by its label.

    Args:
        archive: one that ``read_archive`` reads.
        layout: what is called how in it.

    Raises:
        BenchmarkError: if it does not say.
    """
    for name, data in regular_members(archive, layout):
        if name == layout.meta:
            names = unpickle(data, archive, name)[layout.classes]
            texts = [name.decode() if isinstance(name, bytes) else str(name) for name in names]
            return dict(enumerate(texts))
    raise BenchmarkError(f"the archive {archive} has no {layout.folder}/{layout.meta}")


def of_folder(chosen: Chosen, left_out: str) -> dict[str, Any]:
    """Say what the index knows of the images that are measured.

    Args:
        chosen: images of the folder.
        left_out: the path of the table that names all files that are left out.
    """
    rows = chosen.index.rows[chosen.order]
    height, width = rows["height"].astype(np.int64), rows["width"].astype(np.int64)
    pixels = height * width
    in_order = np.argsort(pixels, kind="stable")
    few, middle, most = (in_order[place] for place in (0, len(rows) // 2, -1))
    sizes = [f"{width[one]} x {height[one]}" for one in (few, middle, most)]
    depth = np.maximum(rows["channels"], 1).astype(np.int64) * rows["depth"]
    good = chosen.index.rows[chosen.index.rows["state"] == GOOD]
    high, wide, *_ = chosen.index.change.shapes(good)
    modes = Counter(MODES[number] for number in rows["mode"].tolist())
    formats = Counter(decoding.FORMATS[number] for number in rows["format"].tolist())
    return {
        "count": len(rows),
        "different": min(len(rows), chosen.good),
        "of": max(len(rows), chosen.good),
        "classes": len(np.unique(rows["label"])),
        "pixel_bytes": int((pixels * depth).sum()),
        "sizes": sizes if len(set(sizes)) > 1 else sizes[:1],
        "alike": bool((high == high[0]).all() and (wide == wide[0]).all()),
        "modes": dict(modes.most_common()),
        "brought": brought_to(chosen.all_facts.modes),
        "formats": dict(formats.most_common()),
        "drops": dropped(chosen.index.rows),
        "beyond_pixels": beyond_pixels(chosen.index.rows),
        "file_bytes": int(rows["size"].sum()),
        "remarks": remarks(chosen.index, left_out),
    }


def beyond_pixels(rows: Any) -> list[str]:
    """Say what the files of a folder hold that reading and formats of pixels drop."""
    drops, lines = dropped(rows), []
    if files := drops.get("pages"):
        pages = rows["pages"][(rows["state"] == GOOD) & (rows["pages"] > 1)].sum(dtype=np.int64)
        hold, each = ("holds", "") if files == 1 else ("hold", " of each file")
        lines.append(
            f"{counted(files, 'file')} {hold} {pages:,} pages or frames, of which reading gives "
            f"the first{each}"
        )
    if files := drops.get("orientation"):
        have = "has" if files == 1 else "have"
        lines.append(
            f"{counted(files, 'file')} {have} an orientation in EXIF or a TIFF tag, which formats "
            "that keep the files keep, and which is not applied when they are read here"
        )
    return lines


def strip(source: Source) -> list[str]:
    """Give images as small pictures, as the addresses that a page can hold."""
    images: list[Any] = [image for piece in source.pieces() for image in piece.images]
    cmyk = source.facts.cmyk
    are_cmyk = [False] * len(images) if cmyk is None else cmyk.tolist()
    pictures = map(small, images, are_cmyk)
    return ["data:image/png;base64," + base64.b64encode(picture).decode() for picture in pictures]


def small(image: Image, is_cmyk: bool) -> bytes:
    """Make a PNG file of an image, no side of which is longer than STRIP_PIXELS."""
    picture = picture_of(of_eight_bits(image), is_cmyk=is_cmyk)
    picture = picture.convert("RGBA" if picture.mode in ("LA", "RGBA") else "RGB")
    picture.thumbnail((STRIP_PIXELS, STRIP_PIXELS))
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()
