"""JPEG XL without loss."""

import imagecodecs

from ...contract import PIXELS, Blob, Codec
from ...pieces import Image


class Jpegxl(Codec):
    """Lossless JPEG XL by imagecodecs at effort 2.

    On images of 32 x 32 pixels, effort 1 is slower and larger, and 3 saves less than 1 % of space.
    """

    label = "JPEG XL lossless"
    good_for = "lossless images in a third less space than PNG, slow to read"
    libraries = ("imagecodecs",)
    requirements = "requirements-codecs"
    ending = ".jxl"
    modes = PIXELS
    largest_side = 1 << 30

    def encode(self, image: Image) -> bytes:
        """Encode without loss."""
        return bytes(imagecodecs.jpegxl_encode(image, lossless=True, effort=2, numthreads=1))

    def decode(self, blob: Blob) -> Image:
        return imagecodecs.jpegxl_decode(blob, numthreads=1)
