"""Decoding the files that people have: by the fastest well-kept library, to what Pillow gives.

What a file keeps is decoded as it is: nothing is turned or resized. A palette is looked up, and
YCbCr becomes RGB, since their numbers alone are no picture; bilevel images have a byte a pixel.
"""

import io
from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any

import numpy as np
from PIL import Image as Pillow

from .changes import Change
from .contract import Blob
from .pieces import Image

ORIENTATION = 0x0112
"""Number of the tag of EXIF and TIFF."""

TURNED_BACK = {
    2: Pillow.Transpose.FLIP_LEFT_RIGHT,
    3: Pillow.Transpose.ROTATE_180,
    4: Pillow.Transpose.FLIP_TOP_BOTTOM,
    5: Pillow.Transpose.TRANSPOSE,
    6: Pillow.Transpose.ROTATE_90,
    7: Pillow.Transpose.TRANSVERSE,
    8: Pillow.Transpose.ROTATE_270,
}
"""What undoes that Pillow turns a TIFF image, by its orientation."""

FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF", "PPM")
"""Pillow's names of what is read; of several pictures in a file, the first."""

SIGNATURE = b"\x89PNG\r\n\x1a\n"
"""What every PNG file begins with."""

MARKS = {
    b"\xff\xd8\xff": "JPEG",
    SIGNATURE: "PNG",
    b"RIFF": "WEBP",
    b"II*\x00": "TIFF",
    b"MM\x00*": "TIFF",
    b"BM": "BMP",
    b"GIF8": "GIF",
    b"P1": "PPM",
    b"P2": "PPM",
    b"P3": "PPM",
    b"P4": "PPM",
    b"P5": "PPM",
    b"P6": "PPM",
}
"""What files begin with, whatever they are called."""

LEAST_FACTOR = 2
"""JPEG can be decoded at half its size and less; at three quarters, it takes longer than whole."""

LARGEST_BYTE = 255

COLOUR_TYPE, GREY, RGB = 25, 0, 2
"""Where a PNG file says what its channels are, and two of these kinds."""


def format_of(start: Blob) -> str | None:
    """Name the format of a file by its first 16 bytes; None if it is none that is read."""
    start = bytes(start[:16])
    for mark, name in MARKS.items():
        if start.startswith(mark):
            return name if name != "WEBP" or start[8:12] == b"WEBP" else None
    return None


def opened(file: Any, kind: str) -> Pillow.Image:
    """Open a file with Pillow, which reads the header alone.

    Not by ``Image.open``, which has a limit to the number of pixels that is one for all programs:
    whether an image is too large is asked by whoever knows what it is for.

    Args:
        file: open for reading bytes.
        kind: one of FORMATS.

    Raises:
        Exception: any, if it is damaged.
    """
    if kind not in Pillow.OPEN:
        Pillow.init()
    factory: Any = Pillow.OPEN[kind][0]
    opened: Pillow.Image = factory(file, None)
    return opened


def size_of(image: Any) -> tuple[int, int]:
    """Give width and height of an open file, as it keeps them; Pillow swaps those of some TIFF."""
    width, height = image.size
    is_swapped = image.format == "TIFF" and image.tag_v2.get(ORIENTATION) in (5, 6, 7, 8)
    return (height, width) if is_swapped else (width, height)


def as_kept(image: Any) -> Pillow.Image:
    """Load an open file, and turn back a TIFF image, the one format that Pillow turns."""
    orientation = image.tag_v2.get(ORIENTATION) if image.format == "TIFF" else None
    image.load()  # which forgets the orientation
    kept: Pillow.Image = image
    return kept.transpose(TURNED_BACK[orientation]) if orientation in TURNED_BACK else kept


def mode_of(image: Any) -> str:
    """Name the mode of an open file, with ";16" behind it where it has 16 bits a channel."""
    more = image.tile[0][3] if image.tile else ""
    raw, *more = more if isinstance(more, tuple) else (more,)
    is_wide = image.mode.startswith("I;16") or (isinstance(raw, str) and ";16" in raw)
    if image.format == "PPM" and more:  # the largest value that a number can have
        is_wide = more[0] > LARGEST_BYTE
    if not is_wide:
        return str(image.mode)
    if str(raw).startswith("LA;"):  # which Pillow would make RGBA of 8 bits
        return "LA;16"
    is_grey = image.mode.startswith("I;16") or (image.mode == "I" and image.format == "PPM")
    return "L;16" if is_grey else f"{image.mode};16"


def decoded_as(image: Pillow.Image, mode: str) -> tuple[int, int]:
    """Say what decoding gives: how many channels, 0 for two dimensions, and bytes of each."""
    name, _, wide = mode.partition(";")
    name = looked_up(image) or name
    channels = {"1": 0, "L": 0, "LA": 2, "RGB": 3, "RGBA": 4, "CMYK": 4}[name]
    return channels, 2 if wide else 1


def looked_up(image: Pillow.Image) -> str | None:
    """Name the mode that an image is converted to since its numbers are no picture; None if not."""
    if image.mode == "P":
        return "RGBA" if "transparency" in image.info else "RGB"
    return {"1": "L", "PA": "RGBA", "YCbCr": "RGB"}.get(image.mode)


def by_pillow(data: Blob) -> Image:
    """Decode a file as Pillow does, but colours of 16 bits, which that would cut to 8.

    Raises:
        Exception: any, if it is damaged or cut short.
    """
    kind = format_of(data)
    if kind is None:
        raise ValueError("it is no image of a format that is read here")
    image = opened(io.BytesIO(data), kind)
    mode = mode_of(image)
    if mode in ("LA;16", "RGB;16", "RGBA;16"):
        if kind == "PPM":
            return deep_ppm(image, data)
        deep: Image = library("imagecodecs").imread(bytes(data))
        # A colour that is to be transparent would become one channel more.
        return np.ascontiguousarray(deep[..., : decoded_as(image, mode)[0]])
    image = as_kept(image)
    if other := looked_up(image):
        image = image.convert(other)
    pixels = np.asarray(image)
    return pixels.astype(np.uint16) if mode == "L;16" else pixels


def deep_ppm(image: Any, data: Blob) -> Image:
    """Decode a PPM file of 16 bits by Pillow, which keeps them if it takes colours for grey."""
    tile = image.tile[0]
    number = b"P2" if tile.codec_name == "ppm_plain" else b"P5"
    header = b"%b %d %d %d\n" % (number, 3 * image.width, image.height, tile.args[1])
    return by_pillow(header + data[tile.offset :]).reshape(image.height, image.width, 3)


def decode(data: Blob, at_least: int | None = None) -> Image:
    """Decode a file in the fastest way that brings back what Pillow does.

    Args:
        data: of the file.
        at_least: pixels of the shorter side that are wanted; a JPEG file is decoded at the smallest
            scale that is not below it, which leaves out most of the work.

    Raises:
        Exception: any, if it is damaged or cut short.
    """
    kind = format_of(data)
    if kind == "JPEG" and at_least is not None:
        return decoded_jpeg(data, at_least)
    image: Image = decoders().get(kind or "", by_pillow)(data)
    return image


def changed(image: Image, data: Blob, change: Change) -> Image:
    """Change what was decoded from a file; four channels of some files are no transparency."""
    may_be_cmyk = image.shape[2:] == (4,) and format_of(data) in ("JPEG", "TIFF")
    is_cmyk = may_be_cmyk and opened(io.BytesIO(data), format_of(data) or "").mode == "CMYK"
    return change.of(image, is_cmyk=is_cmyk)


@cache
def decoders() -> dict[str, Callable[[Blob], Image]]:
    """Give the function for each format that another library than Pillow decodes faster."""
    return {"JPEG": decoded_jpeg, "PNG": decoded_png, "WEBP": library("imagecodecs").webp_decode}


def decoded_png(data: Blob) -> Image:
    """Decode a PNG file; by Pillow where a colour is to be transparent, which it keeps."""
    if data[COLOUR_TYPE] in (GREY, RGB) and has_transparent_colour(data):
        return by_pillow(data)
    image: Image = library("imagecodecs").png_decode(data)
    return image


def has_transparent_colour(data: Blob) -> bool:
    """Look for the chunk tRNS among those before the pixels (PNG specification, section 5)."""
    place = len(SIGNATURE)
    while True:
        size, name = int.from_bytes(data[place : place + 4], "big"), data[place + 4 : place + 8]
        if name in (b"IDAT", b"tRNS", b""):
            return bytes(name) == b"tRNS"
        place += size + 12


def decoded_jpeg(data: Blob, at_least: int = 0) -> Image:
    """Decode a JPEG file to RGB, or to grey where it has no colours; see ``decode``."""
    simplejpeg = library("simplejpeg")
    colours = simplejpeg.decode_jpeg_header(data)[2]
    if colours not in ("Gray", "YCbCr"):
        return by_pillow(data)
    is_grey = colours == "Gray"
    image: Image = simplejpeg.decode_jpeg(
        data,
        colorspace="GRAY" if is_grey else "RGB",
        min_height=at_least,
        min_width=at_least,
        min_factor=LEAST_FACTOR,
        # What is made smaller is no longer what Pillow gives, so that it can as well be fast.
        fastdct=at_least > 0,
        fastupsample=at_least > 0,
    )
    return image[:, :, 0] if is_grey else image


@cache
def library(name: str) -> Any:
    """Import a library that only files need; others must be read without it."""
    return import_module(name)
