"""By imagecodecs."""

import imagecodecs

ENDING = ".webp"


def encode(image):
    return imagecodecs.webp_encode(image, lossless=True, method=0, level=0)


def decode(blob):
    return imagecodecs.webp_decode(blob)
