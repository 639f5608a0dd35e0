"""The contract that every codec keeps.

To add one, put one file beside this one, with one class that fills in ``Codec``, and name it in the
config together with a container: ``lmdb+name``.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator

from ..base import Blob, Described, Images


class Codec(Described, ABC):
    """One way of turning an image into bytes and back."""

    ending: str
    """What the name of a file with such bytes ends with, such as ``.png``."""

    lossless: bool = True
    """Whether an image comes back exactly as it was."""

    largest_side: float = math.inf
    """Pixels that an image may be high or wide."""

    largest_pixels: float = math.inf
    """Pixels that an image may have."""

    @abstractmethod
    def encode(self, image: Images) -> bytes:
        """Turn an image of shape (height, width, 3), uint8, contiguous, into bytes."""

    @abstractmethod
    def decode(self, blob: Blob) -> Images:
        """Bring it back: shape (height, width, 3), uint8; it may be a view of the blob.

        Raises:
            Exception: any, if the bytes are not those of an image.
        """

    def encode_all(self, images: Images) -> Iterator[bytes]:
        """Encode many images in order; replaced where there is a faster way.

        Args:
            images: shape (n, height, width, 3), uint8, contiguous, at least one.
        """
        return map(self.encode, images)

    def decode_into(self, blobs: Iterable[Blob], images: Images) -> None:
        """Decode blobs into an array made for them; replaced where there is a faster way.

        Args:
            blobs: as many as the array has images.
            images: shape (n, height, width, 3), uint8, contiguous; it is filled.

        Raises:
            ValueError: if there are more blobs or fewer, or images of another shape.
        """
        for image, blob in zip(images, blobs, strict=True):
            image[...] = self.decode(blob)

    def most_bytes(self, image_bytes: int) -> int:
        """Bytes of an encoded image at most, given the bytes of its pixels: noise is the worst."""
        return image_bytes + image_bytes // 2 + 1024
