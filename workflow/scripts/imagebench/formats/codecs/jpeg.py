"""JPEG: lossy, small and fast."""

import simplejpeg

from ...contract import Blob, Codec
from ...pieces import Images

QUALITY = 90


class Jpeg(Codec):
    """JPEG by libjpeg-turbo at quality 90, colours at half the resolution, as most cameras do."""

    label = "JPEG 90"
    good_for = "photographs that may lose a little, in half of PNG's space and less"
    libraries = ("simplejpeg",)
    requirements = "requirements-codecs"
    ending = ".jpg"
    lossless = False
    largest_side = 65500

    def encode(self, image: Images) -> bytes:
        """Encode with 4:2:0 subsampling."""
        return bytes(simplejpeg.encode_jpeg(image, quality=QUALITY, colorsubsampling="420"))

    def decode(self, blob: Blob) -> Images:
        """Decode to RGB, with the exact transform and smooth colours."""
        return simplejpeg.decode_jpeg(blob)
