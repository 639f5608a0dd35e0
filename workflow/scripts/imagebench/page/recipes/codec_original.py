"""Files as they are."""

from .picture import pixels

ENDING = ".image"


def encode(file):
    return file.read_bytes()


def decode(blob):
    return pixels(blob)
