"""Decoding the files that people have: by the fastest well-kept library, to what Pillow gives.

What a file keeps is decoded as it is: nothing is turned or resized. A palette is looked up, and
YCbCr becomes RGB, since their numbers alone are no picture; bilevel images have a byte a pixel.
"""

import io
import logging
import warnings
from typing import Any

import numpy as np
from PIL import Image as Pillow
from PIL import PngImagePlugin

from .changes import Change, resized
from .contract import Blob
from .fast_decoding import DECODERS, SIGNATURE, library, scaled_size
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

LARGEST_BYTE = 255

BITS, PLANES, EXTRA = 258, 284, 338
"""Numbers of TIFF tags: bits of each channel; 2 if each channel is a plane of its own; 1 if colours
are multiplied by alpha."""

DEEP = ("LA;16", "RGB;16", "RGBA;16")
"""Modes that Pillow cuts to 8 bits a channel."""

TEXT_BYTES = 256 << 20
"""Bytes that text and profile of a PNG file may unpack to; Pillow's own limit is 1 MB for each."""

PngImagePlugin.MAX_TEXT_CHUNK = PngImagePlugin.MAX_TEXT_MEMORY = TEXT_BYTES
# What these warn of, such as a profile that is out of place, is in the files of others.
warnings.filterwarnings("ignore", module=r"PIL\.")
logging.getLogger("imagecodecs").setLevel(logging.CRITICAL)


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
    """Name the mode of an open file, with ";16" behind it where it has 16 bits a channel.

    Pixels of 16 bits that are signed, are multiplied by alpha or are no RGB keep the name that
    Pillow has for them in the file, such as "I;16S".
    """
    more = image.tile[0][3] if image.tile else ""
    raw, *more = more if isinstance(more, tuple) else (more,)
    if is_in_planes(image) and len(raw) == 1:  # Pillow takes any planes for such of 8 bits
        bits, multiplied = max(image.tag_v2.get(BITS, (1,))), 1 in image.tag_v2.get(EXTRA, ())
        raw = f"{'RGBa' if multiplied else image.mode}{f';{bits}' if bits > 8 else ''}"
    is_wide = image.mode.startswith("I;16") or (isinstance(raw, str) and ";16" in raw)
    if image.format == "PPM" and more:  # the largest value that a number can have
        is_wide = more[0] > LARGEST_BYTE
    if not is_wide or image.format == "BMP":  # whose "BGR;16" has 16 bits a pixel
        return str(image.mode)
    if str(raw).startswith("LA;"):  # which Pillow would make RGBA of 8 bits
        return "LA;16"
    if image.mode.startswith("I;16") or (image.mode == "I" and image.format == "PPM"):
        return "L;16"
    is_colour = image.mode in ("RGB", "RGBA") and not str(raw).startswith("RGBa")
    return f"{image.mode};16" if is_colour else str(raw)


def is_in_planes(image: Any) -> bool:
    """Whether each channel of an open file is a plane of its own."""
    return bool(image.format == "TIFF" and image.tag_v2.get(PLANES) == 2)


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
    if mode in DEEP:
        if kind == "PPM":
            return deep_ppm(image, data)
        codecs = library("imagecodecs")
        deep: Image = (codecs.png_decode if kind == "PNG" else codecs.tiff_decode)(bytes(data))
        if is_in_planes(image):
            deep = np.moveaxis(deep, 0, -1)
        # A colour that is to be transparent would become one channel more.
        return np.ascontiguousarray(deep[..., : decoded_as(image, mode)[0]])
    other = looked_up(image)  # before anything behind the pixels is read
    image = as_kept(image)
    pixels = np.asarray(image.convert(other) if other else image)
    return pixels.astype(np.uint16) if mode == "L;16" else pixels


def deep_ppm(image: Any, data: Blob) -> Image:
    """Decode a PPM file of 16 bits by Pillow, which keeps them if it takes colours for grey."""
    tile = image.tile[0]
    number = b"P2" if tile.codec_name == "ppm_plain" else b"P5"
    header = b"%b %d %d %d\n" % (number, 3 * image.width, image.height, tile.args[1])
    return by_pillow(header + data[tile.offset :]).reshape(image.height, image.width, 3)


def is_what_pillow_cuts(deep: Image, data: Blob) -> bool:
    """Whether colours of 16 bits have the upper bits that Pillow gives, which has 8 of them."""
    image: Any = opened(io.BytesIO(data), format_of(data) or "")
    if is_in_planes(image) and image.tile[0].codec_name == "raw":  # which it takes for 8 bits
        return True
    shown = np.asarray(as_kept(image))
    if deep.shape[2:] == (2,) and shown.shape[2:] == (4,):  # of grey and alpha, Pillow makes RGBA
        shown = shown[..., ::3]
    # PPM is rounded, and not cut.
    return deep.shape == shown.shape and bool(
        (np.abs((deep >> 8).astype(np.int16) - shown) <= 1).all()
    )


def decode(data: Blob, at_least: int | None = None) -> Image:
    """Decode a file in the fastest way that brings back what Pillow does.

    The fast libraries refuse some files that Pillow reads, such as JPEG with a few bytes too many:
    Pillow decides whether a file is damaged.

    Args:
        data: of the file.
        at_least: pixels of the shorter side that are wanted; a JPEG file is decoded at the smallest
            scale that is not below it, which leaves out most of the work.

    Raises:
        Exception: any, if it is damaged or cut short.
    """
    kind = format_of(data)
    scaled = {"at_least": at_least} if kind == "JPEG" and at_least else {}
    if fast := DECODERS.get(kind or ""):
        try:
            return fast(data, **scaled)
        except (ImportError, MemoryError):
            raise
        except Exception:  # noqa: S110 - whether it is damaged, Pillow decides
            pass
    whole = by_pillow(data)
    if at_least and kind == "JPEG" and (size := scaled_size(data, at_least)):
        return resized(whole, size, Pillow.Resampling.BOX)
    return whole


def changed(image: Image, data: Blob, change: Change) -> Image:
    """Change what was decoded from a file; four channels of some files are no transparency."""
    may_be_cmyk = image.shape[2:] == (4,) and format_of(data) in ("JPEG", "TIFF")
    is_cmyk = may_be_cmyk and opened(io.BytesIO(data), format_of(data) or "").mode == "CMYK"
    return change.of(image, is_cmyk=is_cmyk)
