"""Files that look like images and are not read here, told from files that are no images at all."""

import os
import re

CAMERA_RAW = frozenset([
    "3fr", "arw", "cr2", "cr3", "crw", "dcr", "dng", "erf", "iiq", "kdc", "mef", "mos", "mrw",
    "nef", "nrw", "orf", "pef", "raf", "rw2", "rwl", "sr2", "srf", "srw", "x3f",
])  # fmt: skip
"""Endings of camera raw files. Many are TIFF files of which Pillow would read a thumbnail."""

READ_ENDINGS = frozenset([
    "jpg", "jpeg", "jpe", "jfif", "png", "apng", "gif", "bmp", "dib", "tif", "tiff", "webp", "ppm",
    "pgm", "pbm", "pnm",
])  # fmt: skip
"""Endings of the formats that are read here."""

IMAGE_ENDINGS = CAMERA_RAW | READ_ENDINGS | {
    "pfm", "heic", "heif", "hif", "avif", "jp2", "j2k", "j2c", "jpf", "jpx", "jxl", "svg", "svgz",
    "psd", "xcf", "ico", "icns", "tga", "dds", "exr", "pcx", "jxr", "wdp", "qoi", "sgi", "pam",
    "xbm", "xpm", "eps", "hdr", "dcm", "fits", "nii",
}  # fmt: skip
"""Endings of files that hold images, whether or not their format is read here."""

START_BYTES = 256
"""Bytes from the start of a file that tell what it is."""

MARKS = (
    (rb"\Z", "it is empty"),
    (rb"\0+\Z", "it begins with zeros alone"),
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

TEXT_ALONE = tuple(reason for _, reason in MARKS if reason.startswith("it "))
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
    ending = ending_of(name)
    if ending in CAMERA_RAW:
        return "camera raw is not read here"
    is_named = ending in IMAGE_ENDINGS
    for mark, reason in MARKS:
        if re.match(mark, start) and (is_named or reason not in TEXT_ALONE):
            return reason
    if is_named and ending not in READ_ENDINGS:
        return f"{ending.upper()} is not read here"
    return "it does not begin like an image of any format that is read here" if is_named else None


def is_camera_raw(name: bytes) -> bool:
    """Return whether a path's ending is that of a camera raw file."""
    return ending_of(name) in CAMERA_RAW
