"""The "quite OK image" format: lossless, and fast both ways."""

import qoi

from ...contract import Blob, Codec
from ...pieces import Image

CHANNELS_AT = 12
"""Where the header says how many channels there are: 3 or 4."""


class Qoi(Codec):
    """QOI by the reference implementation in C."""

    label = "QOI"
    good_for = "lossless images at a tenth of PNG's time, in as little space"
    libraries = ("qoi",)
    requirements = "requirements-codecs"
    ending = ".qoi"
    modes = ("RGB", "RGBA")
    largest_pixels = 400_000_000

    def encode(self, image: Image) -> bytes:
        return bytes(qoi.encode(image))

    def decode(self, blob: Blob) -> Image:
        return qoi.decode(blob, channels=blob[CHANNELS_AT])
