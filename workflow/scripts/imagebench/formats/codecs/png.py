"""PNG through libpng, without Pillow around it."""

import imagecodecs

from ...contract import PIXELS, Blob, Codec
from ...pieces import Image


class Png(Codec):
    """PNG by imagecodecs at compression level 1: small images hardly become larger than at 9."""

    label = "PNG"
    good_for = "lossless images that every program opens"
    libraries = ("imagecodecs",)
    requirements = "requirements-codecs"
    ending = ".png"
    modes = PIXELS
    largest_side = 1_000_000

    def encode(self, image: Image) -> bytes:
        """Encode at level 1."""
        try:
            return bytes(imagecodecs.png_encode(image, level=1))
        except imagecodecs.PngError:  # of a high column of noise, it guesses too little space
            out = self.most_bytes(image.nbytes)
            return bytes(imagecodecs.png_encode(image, level=1, out=out))

    def decode(self, blob: Blob) -> Image:
        """Decode; what is no PNG with three channels is refused when it is copied on."""
        return imagecodecs.png_decode(blob)
