"""Pixels behind their height and width, compressed as any other bytes."""

import imagecodecs

from ...contract import Blob, Codec
from ...pieces import Images
from .raw import Raw


class Zstd(Codec):
    """Raw pixels by Zstandard at level 1: a general compressor that knows nothing of images."""

    label = "Zstandard"
    good_for = "images with large even areas; photographs hardly shrink"
    libraries = ("imagecodecs",)
    requirements = "requirements-codecs"
    ending = ".zst"

    def __init__(self) -> None:
        """Pixels become bytes as without compression."""
        self.pixels = Raw()

    def encode(self, image: Images) -> bytes:
        return bytes(imagecodecs.zstd_encode(self.pixels.encode(image), level=1))

    def decode(self, blob: Blob) -> Images:
        return self.pixels.decode(imagecodecs.zstd_decode(blob))
