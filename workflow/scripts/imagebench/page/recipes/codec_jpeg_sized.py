"""Shrunk, and then by libjpeg-turbo."""

import numpy as np
import simplejpeg
from PIL import Image

from .codec_jpeg import decode  # noqa: F401

SIZE = 256


def encode(image):
    height, width = image.shape[:2]
    if min(height, width) > SIZE:
        scale = SIZE / min(height, width)
        size = max(round(width * scale), SIZE), max(round(height * scale), SIZE)
        image = np.asarray(Image.fromarray(image).resize(size, Image.Resampling.LANCZOS))
    if image.ndim == 2:
        return simplejpeg.encode_jpeg(image[:, :, None], quality=90, colorspace="GRAY")
    return simplejpeg.encode_jpeg(image, quality=90, colorsubsampling="420")
