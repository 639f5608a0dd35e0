"""The fast decoders of JPEG, PNG and WebP, for the files that they decode to what Pillow gives."""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any

from .contract import Blob
from .pieces import Image

SIGNATURE = b"\x89PNG\r\n\x1a\n"
"""What every PNG file begins with."""

LEAST_FACTOR = 2
"""JPEG can be decoded at half its size and less; at three quarters, it takes longer than whole."""

COLOUR_TYPE, PALETTE = 25, 3
"""Where a PNG file says what its channels are, and one of these kinds."""

WEBP_FLAGS, ANIMATED = 20, 2
"""Where the extended header of a WebP file (VP8X) has its flags, and the one of animations."""


class NotFastError(ValueError):
    """A file that is left to Pillow, since a fast decoder would make something else of it."""


def decoded_webp(data: Blob) -> Image:
    """Decode a WebP file, unless it is animated, since its frames can be smaller than it."""
    if data[12:16] == b"VP8X" and data[WEBP_FLAGS] & ANIMATED:
        raise NotFastError
    image: Image = library("imagecodecs").webp_decode(data)
    return image


def decoded_png(data: Blob) -> Image:
    """Decode a PNG file, unless libpng and Pillow differ in what is transparent."""
    if is_transparent_by_colour(data):
        raise NotFastError
    image: Image = library("imagecodecs").png_decode(data)
    return image


def is_transparent_by_colour(data: Blob) -> bool:
    """Whether a PNG file says with a chunk tRNS before its pixels which colours are transparent.

    Of a palette, it is so only if it says that for no colour, or for more than there are (PNG
    specification, section 11.3.2).
    """
    place, colours = len(SIGNATURE), 0
    while True:
        size, name = int.from_bytes(data[place : place + 4], "big"), data[place + 4 : place + 8]
        if name == b"tRNS":
            return data[COLOUR_TYPE] != PALETTE or not 0 < size <= colours
        if name in (b"IDAT", b""):
            return False
        if name == b"PLTE":
            colours = size // 3
        place += size + 12


def decoded_jpeg(data: Blob, at_least: int = 0) -> Image:
    """Decode a JPEG file to RGB, or to grey where it has no colours.

    Args:
        data: of the file.
        at_least: as ``decoding.decode`` has it.
    """
    simplejpeg = library("simplejpeg")
    colours = simplejpeg.decode_jpeg_header(data)[2]
    if colours not in ("Gray", "YCbCr"):
        raise NotFastError
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


def scaled_size(data: Blob, at_least: int) -> tuple[int, int] | None:
    """Return width and height that ``decoded_jpeg`` would give; None for what it does not decode.

    Args:
        data: of the file; it may be one that ``decoded_jpeg`` refuses.
        at_least: as ``decoding.decode`` has it.
    """
    header = library("simplejpeg").decode_jpeg_header
    try:
        height, width, colours, _ = header(data, at_least, at_least, LEAST_FACTOR, strict=False)
    except ValueError:
        return None
    return (width, height) if colours in ("Gray", "YCbCr") else None


@cache
def library(name: str) -> Any:
    """Import a library that only files need; others must be read without it."""
    return import_module(name)


DECODERS: dict[str, Callable[..., Image]] = {
    "JPEG": decoded_jpeg,
    "PNG": decoded_png,
    "WEBP": decoded_webp,
}
"""By Pillow's names of formats. What they refuse may still be good."""
