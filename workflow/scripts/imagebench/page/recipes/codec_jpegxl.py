"""By imagecodecs."""

import imagecodecs

ENDING = ".jxl"


def encode(image):
    return imagecodecs.jpegxl_encode(image, lossless=True, effort=2)


def decode(blob):
    return imagecodecs.jpegxl_decode(blob)
