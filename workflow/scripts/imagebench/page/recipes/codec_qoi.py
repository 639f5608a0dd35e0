"""By the reference implementation."""

import qoi

ENDING = ".qoi"


def encode(image):
    return qoi.encode(image)


def decode(blob):
    return qoi.decode(blob, channels=blob[12])
