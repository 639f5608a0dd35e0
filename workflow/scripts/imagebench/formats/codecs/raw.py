"""Pixels as they are, behind their height and width."""

import struct
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from ...contract import PIXELS, Blob, Codec
from ...pieces import Image, Images, as_many

HEADER = struct.Struct("<II")
"""Height and width; what is not RGB of 8 bits is told by the uppermost bits of the height."""

LENGTH = HEADER.size

KIND_BITS = 28
"""Where these begin: no side comes near 268 million pixels."""

KINDS = [(3, 1), (0, 1), (2, 1), (4, 1), (0, 2), (2, 2), (3, 2), (4, 2)]
"""Channels (0 for an image of two dimensions) and bytes of each, by their number."""

TOGETHER_BYTES = 3 << 18
"""Pixels, in bytes, that are encoded at once: 256 images of 32 x 32."""


class Raw(Codec):
    """Nothing is encoded: decoding is one copy."""

    label = "raw"
    good_for = "reading as fast as can be, at the price of space"
    libraries = ("numpy",)
    ending = ".raw"
    modes = PIXELS
    largest_side = (1 << KIND_BITS) - 1
    gives_views = True

    def encode(self, image: Any) -> bytes:
        return b"".join((header_of(image.shape, image.itemsize), image.data))

    def encode_all(self, images: Images) -> Iterator[bytes]:
        """Put the shape before the pixels of many images at once, and cut them apart."""
        if isinstance(images, list):
            yield from map(self.encode, images)
            return
        header = np.frombuffer(header_of(images.shape[1:], images.itemsize), np.uint8)
        length = LENGTH + images[0].nbytes
        together = as_many(images[0].nbytes, TOGETHER_BYTES)
        for start in range(0, len(images), together):
            some = images[start : start + together].view(np.uint8).reshape(-1, length - LENGTH)
            joined = np.empty((len(some), length), dtype=np.uint8)
            joined[:, :LENGTH], joined[:, LENGTH:] = header, some
            data = joined.tobytes()
            yield from (data[place : place + length] for place in range(0, len(data), length))

    def decode(self, blob: Blob) -> Image:
        height, width = HEADER.unpack_from(blob)
        channels, size = KINDS[height >> KIND_BITS]
        shape = height & Raw.largest_side, width, *([channels] if channels else [])
        return np.frombuffer(blob, f"<u{size}", offset=LENGTH).reshape(shape)

    def decode_into(self, blobs: Iterable[Blob], images: Image) -> None:
        """Copy bytes from place to place, without making an array of each blob."""
        if not len(images):
            super().decode_into(blobs, images)
            return
        size, target = images[0].nbytes, images.reshape(-1).data.cast("B")
        header, starts = header_of(images.shape[1:], images.itemsize), range(0, images.nbytes, size)
        for start, blob in zip(starts, blobs, strict=True):
            if blob[:LENGTH] != header:
                raise ValueError(f"an image is not of shape {images.shape[1:]}")
            target[start : start + size] = blob[LENGTH:]

    def most_bytes(self, image_bytes: int) -> int:
        """The pixels and the header."""
        return image_bytes + LENGTH


def header_of(shape: tuple[int, ...], size: int) -> bytes:
    """Make the header of images of a shape, with so many bytes a channel."""
    kind = KINDS.index((shape[2] if len(shape) > 2 else 0, size))
    return HEADER.pack(shape[0] | kind << KIND_BITS, shape[1])
