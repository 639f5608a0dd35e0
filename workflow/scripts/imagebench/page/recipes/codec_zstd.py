"""Pixels, compressed by Zstandard."""

import imagecodecs

from .pixels import as_bytes, as_pixels

ENDING = ".zst"


def encode(image):
    return imagecodecs.zstd_encode(as_bytes(image), level=1)


def decode(blob):
    return as_pixels(imagecodecs.zstd_decode(blob))
