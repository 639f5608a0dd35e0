"""What a file holds beside the pixels of its first page: further pages or frames, an orientation.

All comes from headers, and no pixel is decoded. What is broken is not counted, and is no reason to
leave out an image.
"""

import os
import struct
import zlib
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, BinaryIO

from ..decoding import ORIENTATION

OLD_EXIF = "Raw profile type exif"
"""Name of the text that held the EXIF of a PNG file before there was a chunk for it."""

TAIL_BYTES = 1 << 16
"""Bytes at the end of a PNG file that are searched for EXIF behind the pixels. To walk there from
chunk to chunk would take ten times as long as the header; EXIF is no longer than this in JPEG."""

SUBFILE_TYPE, IMAGE_WIDTH = 254, 256
"""Numbers of TIFF tags: bit 0 of the first marks a smaller copy of another page."""

MP_ENTRIES = 0xB002
"""Number of the tag that lists the pictures of an MPO file (CIPA DC-007)."""

EXTENSION, PICTURE = b"!", b","
"""What the two kinds of blocks of a GIF file begin with."""


def orientation_of(file: BinaryIO, image: Any, kind: str) -> int:
    """Read the orientation from a file's header.

    Args:
        file: the open file.
        image: that Pillow opened it as.
        kind: its format, one of ``decoding.FORMATS``.

    Returns:
        The number of EXIF and TIFF, from 1 to 8; 0 if there is none that is whole.
    """
    found = 0
    with suppress(Exception):  # broken EXIF can raise almost anything
        if kind == "TIFF":
            found = image.tag_v2.get(ORIENTATION, 0)
        else:
            if kind == "PNG" and not image.info.keys() & {"exif", OLD_EXIF}:
                image.info["exif"] = exif_behind_pixels(file)
            if image.info.get("exif") or OLD_EXIF in image.info:
                found = image.getexif().get(ORIENTATION, 0)
    return int(found) if found in range(1, 9) else 0


def exif_behind_pixels(file: BinaryIO) -> bytes:
    """Read the eXIf chunk near the end of a PNG file; nothing if there is none that is whole."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(size - TAIL_BYTES, 0))
    tail = file.read(TAIL_BYTES)
    start = tail.rfind(b"eXIf")
    end = start + 4 + int.from_bytes(tail[max(start - 4, 0) : max(start, 0)], "big")
    is_chunk = start > 0 and zlib.crc32(tail[start:end]).to_bytes(4, "big") == tail[end : end + 4]
    return tail[start + 4 : end] if is_chunk else b""


def count_pages(file: BinaryIO, image: Any, kind: str) -> int:
    """Count the pages or frames that a file holds, at least one.

    Args:
        file: the open file.
        image: that Pillow opened it as; it may stand at another page afterwards.
        kind: its format, one of ``decoding.FORMATS``.
    """
    if kind == "GIF":
        pages = frames_of_gif(file)
    elif not getattr(image, "is_animated", False):
        return 1
    elif kind == "TIFF":
        pages = pages_of_tiff(file)
    elif kind == "JPEG":
        pages = pictures_of_mpo(image)
    else:
        return int(image.n_frames)
    count = 0
    with suppress(Exception):  # a broken later page ends the count
        for _ in pages:
            count += 1
    return max(count, 1)


def pages_of_tiff(file: BinaryIO) -> Iterator[int]:
    """Go through the places of the pages of a TIFF file, without smaller copies of others."""
    file.seek(0)
    start = file.read(8)
    order = "<" if start.startswith(b"II") else ">"
    (place,) = struct.unpack(f"{order}4xI", start)
    seen: set[int] = set()
    while place and place not in seen:
        file.seek(place)
        (count,) = struct.unpack(f"{order}H", file.read(2))
        fields = file.read(12 * count)
        tags = dict(struct.iter_unpack(f"{order}H6xI", fields))
        is_copy = bool(seen) and tags.get(SUBFILE_TYPE, 0) & 1
        if IMAGE_WIDTH not in tags:
            return
        if not is_copy:
            yield place
        seen.add(place)
        (place,) = struct.unpack(f"{order}I", file.read(4))


def pictures_of_mpo(image: Any) -> Iterator[int]:
    """Go through the numbers of the pictures of an MPO file, without thumbnails of others."""
    for number, entry in enumerate(image.mpinfo[MP_ENTRIES]):
        if number and "Thumbnail" in entry["Attribute"]["MPType"]:
            continue
        image.seek(number)  # which fails where the picture was cut off
        yield number


def frames_of_gif(file: BinaryIO) -> Iterator[int]:
    """Go through the places of the frames of a GIF file that are whole."""
    file.seek(0)
    data = file.read()
    place = 13 + bytes_of_palette(data[10])
    while data[place : place + 1] in (EXTENSION, PICTURE):
        start = place
        is_picture = data[place : place + 1] == PICTURE
        place += 11 + bytes_of_palette(data[place + 9]) if is_picture else 2
        while data[place]:  # the length of a part; zero ends the block
            place += data[place] + 1
        place += 1
        if is_picture:
            yield start


def bytes_of_palette(flags: int) -> int:
    """Give the length of the palette that a GIF file announces by these bits."""
    return 3 << (flags & 7) + 1 if flags & 128 else 0
