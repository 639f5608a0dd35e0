"""By libjpeg-turbo."""

import numpy as np
import simplejpeg
from PIL import Image

from .picture import shrunk

ENDING = ".jpg"
SIZE = 256


def encode(image):
    image = np.asarray(shrunk(Image.fromarray(image), SIZE))  # where shrunk
    if image.ndim == 2:
        return simplejpeg.encode_jpeg(image[:, :, None], quality=90, colorspace="GRAY")
    return simplejpeg.encode_jpeg(image, quality=90, colorsubsampling="420")


def decode(blob):
    if simplejpeg.decode_jpeg_header(blob)[2] == "Gray":
        return simplejpeg.decode_jpeg(blob, colorspace="GRAY")[:, :, 0]
    return simplejpeg.decode_jpeg(blob)
