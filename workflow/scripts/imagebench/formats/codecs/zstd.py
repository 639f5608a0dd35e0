"""Pixels behind their height and width, compressed as any other bytes."""

import imagecodecs

from ...contract import PIXELS, Blob, Codec
from ...pieces import Image
from .raw import Raw


class Zstd(Codec):
    """Raw pixels by Zstandard at level 1: a general compressor that knows nothing of images."""

    label = "Zstandard"
    good_for = "images with large even areas; photographs hardly shrink"
    libraries = ("imagecodecs",)
    requirements = "requirements-codecs"
    ending = ".zst"
    modes = PIXELS
    gives_views = True

    def __init__(self) -> None:
        """Pixels become bytes as without compression."""
        self.pixels = Raw()

    def encode(self, image: Image) -> bytes:
        return bytes(imagecodecs.zstd_encode(self.pixels.encode(image), level=1))

    def decode(self, blob: Blob) -> Image:
        return self.pixels.decode(imagecodecs.zstd_decode(blob))
