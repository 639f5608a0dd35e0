"""More images than a folder has: copies of its files, each changed in its own way.

A copy is turned, mirrored and shifted, and written in the format, the mode and the quality of its
original, so that no file system and no format finds the same bytes twice, while it takes about as
much room. Copies are files of the results; the folder is only read.
"""

import io
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image as Pillow
from PIL import JpegImagePlugin

from .. import decoding
from ..errors import BenchmarkError, describe
from ..fast_decoding import library
from ..files import published_file
from ..pieces import Image
from .index import Index
from .looking import Tell, look_at, together
from .sample import Chosen
from .source import changed

LOSSLESS_WEBP = b"VP8L"
"""Name of the chunk that holds the pixels, among the first 32 bytes of a file."""

WEBP_QUALITIES = (95, 90, 85, 80, 75, 65, 50)
"""A lossy WebP file does not say with which it was made: the one that gives the nearest size."""


def with_copies(chosen: Chosen, count: int, seed: int, folder: Path, tell: Tell) -> Chosen:
    """Make copies until there are so many images; those that are there already are kept.

    The first copy of each image, in the order of the sample, comes before the second of any.

    Args:
        chosen: all images of a folder, in the order of the sample.
        count: how many images there are to be; more than there are.
        seed: of how copies are changed.
        folder: where copies are kept, within the results.
        tell: called now and then with how many copies were made, of how many.

    Raises:
        BenchmarkError: naming an image that cannot be written again.
    """
    index, order = chosen.index, chosen.order
    places = np.arange(len(order), count)
    originals, copies = order[places % len(order)], places // len(order)
    names = [
        os.path.join(os.fsencode(folder.absolute()), b"%d" % copy, index.names[number])
        for number, copy in zip(originals.tolist(), copies.tolist(), strict=True)
    ]
    several = together(
        copy_file, index.root, index.names, originals.tolist(), names, copies.tolist(),
        [seed] * len(names),
    )  # fmt: skip
    for done, reason in enumerate(several, 1):
        if reason is not None:  # its process died
            name = os.fsdecode(index.names[originals[done - 1]])
            raise BenchmarkError(f"no copy can be made of the image {name}: {reason}")
        tell(done, len(names))
    found = together(look_at, index.root, names, list(range(len(names))))
    rows = np.array([row for row, _ in found], dtype=index.rows.dtype)
    rows["label"] = index.rows[originals]["label"]
    joined = Index(
        index.root, [*index.names, *names], np.concatenate([index.rows, rows]), index.reasons,
        index.classes, index.change,
    )  # fmt: skip
    first = len(index.names)
    return Chosen(joined, np.concatenate([order, np.arange(first, first + len(names))]), len(names))


def copy_file(path: bytes, target: bytes, copy: int, seed: int) -> None:
    """Write a changed copy of a file, unless it is there; it gets the time of its original.

    Raises:
        BenchmarkError: naming a file that cannot be written again as it is.
    """
    status = os.stat(path)
    place = Path(os.fsdecode(target))
    if place.exists() and place.stat().st_mtime_ns == status.st_mtime_ns:
        return
    try:
        content = copied(Path(os.fsdecode(path)).read_bytes(), copy, seed)
    except Exception as error:  # Pillow raises almost anything for what a format cannot hold
        raise BenchmarkError(
            f"no copy can be made of the image {os.fsdecode(path)}: {describe(error)}; lower "
            "image_count to the number of images that there are, or take it out of the folder"
        ) from error
    with published_file(place) as partial:
        partial.write_bytes(content)
        os.utime(partial, ns=(status.st_mtime_ns, status.st_mtime_ns))


def copied(data: bytes, copy: int, seed: int) -> bytes:
    """Change the image of a file, and write it as the file was written."""
    kind = decoding.format_of(data) or ""
    image = decoding.opened(io.BytesIO(data), kind)
    if decoding.mode_of(image) in decoding.DEEP:
        if kind != "PNG":
            raise ValueError(f"colours of 16 bits cannot be written as {kind}")
        pixels = in_its_own_way(decoding.by_pillow(data), copy, seed)
        return bytes(library("imagecodecs").png_encode(pixels, level=6))
    pixels = in_its_own_way(np.asarray(decoding.as_kept(image)), copy, seed)
    if image.mode == "1":
        picture = Pillow.fromarray(pixels)
    else:
        picture = Pillow.frombytes(image.mode, (pixels.shape[1], pixels.shape[0]), pixels.tobytes())
    if image.mode in ("P", "PA"):
        palette: Any = image.palette
        colours = "RGBA" if palette.mode == "RGBA" else "RGB"
        picture.putpalette(image.getpalette(colours) or [], colours)
    return nearest(picture, kind, settings_of(image, data, kind), len(data))


def in_its_own_way(pixels: Any, copy: int, seed: int) -> Image:
    """Turn, mirror and shift one image."""
    return np.ascontiguousarray(changed(pixels[np.newaxis], copy, seed)[0])


def settings_of(image: Any, data: bytes, kind: str) -> Iterable[dict[str, Any]]:
    """Give the settings by which Pillow writes a file as it was; several if that is open."""
    more = {name: image.info[name] for name in ("exif", "icc_profile") if image.info.get(name)}
    if kind == "JPEG":
        sampling = JpegImagePlugin.get_sampling(image)
        more |= {"qtables": image.quantization, "progressive": "progressive" in image.info}
        return [more | ({"subsampling": sampling} if sampling >= 0 else {})]
    if kind == "PNG" and "transparency" in image.info:
        return [more | {"transparency": image.info["transparency"]}]
    if kind == "TIFF":
        return [more | {"compression": image.info.get("compression", "raw")}]
    if kind == "WEBP" and LOSSLESS_WEBP in data[:32]:
        return [more | {"lossless": True, "exact": True}]
    if kind == "WEBP":
        return [more | {"quality": quality} for quality in WEBP_QUALITIES]
    return [{}] if kind in ("BMP", "GIF", "PPM") else [more]


def nearest(
    picture: Pillow.Image, kind: str, several: Iterable[dict[str, Any]], size: int
) -> bytes:
    """Write a picture in each of several ways, and give that whose size is nearest."""
    found = []
    for settings in several:
        file = io.BytesIO()
        picture.save(file, kind, **settings)
        found.append(file.getvalue())
    return min(found, key=lambda content: abs(len(content) - size))
