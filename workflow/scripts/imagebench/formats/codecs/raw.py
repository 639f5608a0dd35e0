"""Pixels as they are, behind their height and width."""

import struct
from collections.abc import Iterable, Iterator

import numpy as np

from ...contract import Blob, Codec
from ...pieces import Images, as_many

HEADER = struct.Struct("<II")
"""Height and width."""

LENGTH = HEADER.size

TOGETHER_BYTES = 3 << 18
"""Pixels, in bytes, that are encoded at once: 256 images of 32 x 32."""


class Raw(Codec):
    """Nothing is encoded: decoding is one copy."""

    label = "raw"
    good_for = "reading as fast as can be, at the price of space"
    libraries = ("numpy",)
    ending = ".raw"

    def encode(self, image: Images) -> bytes:
        return b"".join((HEADER.pack(*image.shape[:2]), image.data))

    def encode_all(self, images: Images) -> Iterator[bytes]:
        """Put the shape before the pixels of many images at once, and cut them apart."""
        header = np.frombuffer(HEADER.pack(*images.shape[1:3]), np.uint8)
        length = LENGTH + images[0].nbytes
        together = as_many(images[0].nbytes, TOGETHER_BYTES)
        for start in range(0, len(images), together):
            some = images[start : start + together].reshape(-1, length - LENGTH)
            joined = np.empty((len(some), length), dtype=np.uint8)
            joined[:, :LENGTH], joined[:, LENGTH:] = header, some
            data = joined.tobytes()
            yield from (data[place : place + length] for place in range(0, len(data), length))

    def decode(self, blob: Blob) -> Images:
        height, width = HEADER.unpack_from(blob)
        return np.frombuffer(blob, np.uint8, offset=LENGTH).reshape(height, width, 3)

    def decode_into(self, blobs: Iterable[Blob], images: Images) -> None:
        """Copy bytes from place to place, without making an array of each blob."""
        if not len(images):
            super().decode_into(blobs, images)
            return
        size, target = images[0].nbytes, images.reshape(-1).data
        shape_of, shape = HEADER.unpack_from, images.shape[1:3]
        starts = range(0, images.nbytes, size)
        for start, blob in zip(starts, blobs, strict=True):
            if shape_of(blob) != shape:
                raise ValueError(f"an image is not of shape {images.shape[1:]}")
            target[start : start + size] = blob[LENGTH:]

    def most_bytes(self, image_bytes: int) -> int:
        """The pixels and the header."""
        return image_bytes + LENGTH
