"""By imagecodecs."""

import imagecodecs

ENDING = ".png"


def encode(image):
    return imagecodecs.png_encode(image, level=1)


def decode(blob):
    return imagecodecs.png_decode(blob)
