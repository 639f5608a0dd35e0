"""Files that look like images and are not read here, told from files that are no images at all."""

import os
import re

CAMERA_RAW = frozenset(
    [
        "3fr",
        "arw",
        "cr2",
        "cr3",
        "crw",
        "dcr",
        "dng",
        "erf",
        "iiq",
        "kdc",
        "mef",
        "mos",
        "mrw",
        "nef",
        "nrw",
        "orf",
        "pef",
        "raf",
        "rw2",
        "rwl",
        "sr2",
        "srf",
        "srw",
        "x3f",
    ]
)
"""Endings of camera raw files. Many are TIFF files of which Pillow would read a thumbnail."""

IMAGE_ENDINGS = CAMERA_RAW | frozenset(
    [
        "jpg",
        "jpeg",
        "jpe",
        "jfif",
        "png",
        "apng",
        "gif",
        "bmp",
        "dib",
        "tif",
        "tiff",
        "webp",
        "ppm",
        "pgm",
        "pbm",
        "pnm",
        "pfm",
        "heic",
        "heif",
        "hif",
        "avif",
        "jp2",
        "j2k",
        "j2c",
        "jpf",
        "jpx",
        "jxl",
        "svg",
        "svgz",
        "psd",
        "xcf",
        "ico",
        "icns",
        "tga",
        "dds",
        "exr",
        "pcx",
        "jxr",
        "wdp",
    ]
)
"""Endings of files that hold images, whether or not their format is read here."""

START_BYTES = 256
"""Bytes from the start of a file that tell what it is."""

MARKS = (
    (rb"version https://git-lfs", "it is a pointer of git-lfs; “git lfs pull” fetches the file"),
    (rb"(?i)\s*(<!--.*?-->\s*)?<(!doctype\s+)?html", "it is an HTML page"),
    (rb"(?s)....ftyp(heic|heix|heim|heis|hevc|hevx|mif1|msf1)", "HEIC is not read here"),
    (rb"(?s)....ftypavi[fs]", "AVIF is not read here"),
    (rb"\xff\x0a|\0\0\0\x0cJXL ", "JPEG XL is not read here"),
    (rb"\xff\x4f\xff\x51|\0\0\0\x0cjP  ", "JPEG 2000 is not read here"),
    (rb"II\x2b\0|MM\0\x2b", "BigTIFF is not read here"),
    (rb"(?s)(\xef\xbb\xbf)?\s*(<\?xml.*)?<(!DOCTYPE )?svg", "SVG is not read here"),
)
"""How files begin, and why they are not read. AVIF and HEIC: ISO/IEC 23008-12; JPEG 2000: ISO/IEC
15444-1; BigTIFF: its design of 2004; JPEG XL: ISO/IEC 18181-2."""

TEXT_ALONE = ("it is an HTML page", "it is a pointer of git-lfs; “git lfs pull” fetches the file")
"""Reasons that make no image of a file whose name is not that of one."""


def ending_of(name: bytes) -> str:
    """Return what follows the last dot of a path's name in lower case, or nothing."""
    return os.path.splitext(os.fsdecode(name))[1][1:].lower()


def is_named_like_an_image(name: bytes) -> bool:
    """Return whether a path's ending is that of an image."""
    return ending_of(name) in IMAGE_ENDINGS


def why_unread(name: bytes, start: bytes) -> str | None:
    """Return why a file that looks like an image is not read; None if it does not look like one.

    Args:
        name: its path.
        start: its first START_BYTES, of no format that is read here, or of a camera raw file.
    """
    if is_camera_raw(name):
        return "camera raw files are not read here"
    is_named = is_named_like_an_image(name)
    for mark, reason in MARKS:
        if re.match(mark, start) and (is_named or reason not in TEXT_ALONE):
            return reason
    if not is_named:
        return None
    if not start:
        return "it is empty"
    if not start.strip(b"\0"):
        return "it begins with zeros alone"
    return f"it does not begin like an image that is read here, whatever “.{ending_of(name)}” says"


def is_camera_raw(name: bytes) -> bool:
    """Return whether a path's ending is that of a camera raw file."""
    return ending_of(name) in CAMERA_RAW
