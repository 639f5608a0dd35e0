"""Pixels as they are."""

from .pixels import as_bytes, as_pixels

ENDING = ".raw"


def encode(image):
    return as_bytes(image)


def decode(blob):
    return as_pixels(blob)
