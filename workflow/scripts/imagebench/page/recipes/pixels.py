"""Pixels behind their height and width."""

import struct

import numpy as np

KINDS = [(3, 1), (0, 1), (2, 1), (4, 1), (0, 2), (2, 2), (3, 2), (4, 2)]


def as_bytes(image):
    kind = KINDS.index((image.shape[2] if image.ndim > 2 else 0, image.itemsize))
    return struct.pack("<II", image.shape[0] | kind << 28, image.shape[1]) + image.tobytes()


def as_pixels(blob):
    height, width = struct.unpack_from("<II", blob)
    channels, size = KINDS[height >> 28]
    shape = (height & 0xFFFFFFF, width, channels)[: 3 if channels else 2]
    return np.frombuffer(blob, f"<u{size}", offset=8).reshape(shape).copy()
