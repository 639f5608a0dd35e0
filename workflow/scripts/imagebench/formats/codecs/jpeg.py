"""JPEG: lossy, small and fast."""

import numpy as np
import simplejpeg

from ...contract import Blob, Codec
from ...pieces import Image

QUALITY = 90

FRAME_OF_GREY = 2 + 18 + 69 + 1
START_OF_FRAME = 0xC0
"""Grey has one table of quantization, behind which the frame begins; of colours, a second one
follows there. Asking the library what an image has takes a tenth of the time of a small one."""


class Jpeg(Codec):
    """JPEG by libjpeg-turbo at quality 90, colours at half the resolution, as most cameras do."""

    label = "JPEG 90"
    good_for = "photographs that may lose a little, in half of PNG's space and less"
    libraries = ("simplejpeg",)
    requirements = "requirements-codecs"
    ending = ".jpg"
    modes = ("L", "RGB")
    lossless = False
    largest_side = 65500

    def encode(self, image: Image) -> bytes:
        """Encode with 4:2:0 subsampling; grey has no colours to be subsampled."""
        if image.ndim == 2:
            grey = image[:, :, np.newaxis]
            return bytes(simplejpeg.encode_jpeg(grey, quality=QUALITY, colorspace="GRAY"))
        return bytes(simplejpeg.encode_jpeg(image, quality=QUALITY, colorsubsampling="420"))

    def decode(self, blob: Blob) -> Image:
        """Decode to RGB or grey, with the exact transform and smooth colours."""
        if blob[FRAME_OF_GREY] == START_OF_FRAME:
            return simplejpeg.decode_jpeg(blob, colorspace="GRAY")[:, :, 0]
        return simplejpeg.decode_jpeg(blob)
