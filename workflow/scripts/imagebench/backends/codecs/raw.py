"""Pixels as they are, behind their height and width."""

from collections.abc import Iterable

import numpy as np

from ..base import Blob, Images
from .base import Codec

HEADER = np.dtype("<u2")
"""The header is height and width, two numbers of this type."""

LENGTH = 2 * HEADER.itemsize


class Raw(Codec):
    """Nothing is encoded: decoding is one copy."""

    label = "raw"
    good_for = "reading as fast as can be, at the price of space"
    libraries = ("numpy",)
    ending = ".raw"

    def encode(self, image: Images) -> bytes:
        """Put the shape before the pixels."""
        return np.array(image.shape[:2], HEADER).tobytes() + image.tobytes()

    def decode(self, blob: Blob) -> Images:
        """View the pixels."""
        height, width = np.frombuffer(blob, HEADER, 2).tolist()
        return np.frombuffer(blob, np.uint8, offset=LENGTH).reshape(height, width, 3)

    def decode_into(self, blobs: Iterable[Blob], images: Images) -> None:
        """Copy bytes from place to place, without making an array of each blob."""
        if not len(images):
            super().decode_into(blobs, images)
            return
        size, shape = images[0].nbytes, np.array(images.shape[1:3], HEADER).tobytes()
        target = images.reshape(-1).data
        starts = range(0, images.nbytes, size)
        for start, blob in zip(starts, blobs, strict=True):
            if blob[:LENGTH] != shape:
                raise ValueError(f"an image is not of shape {images.shape[1:]}")
            target[start : start + size] = memoryview(blob)[LENGTH:]

    def most_bytes(self, image_bytes: int) -> int:
        """The pixels and the header."""
        return image_bytes + LENGTH
