"""A digest for each image and its label: equal if and only if every byte is equal."""

import hashlib

import numpy as np

from .pieces import Digests, Images, Labels

DIGEST_BYTES = 32


def image_digests(images: Images, labels: Labels) -> Digests:
    """SHA-256 over types, shape, pixels and label of each image.

    Args:
        images: one array of all, or a list of arrays.
        labels: shape (n,).

    Returns:
        Shape (n, 32), uint8.

    Raises:
        ValueError: if there are not as many labels as images.
    """
    if labels.shape != (len(images),):
        raise ValueError(f"there are {len(images)} images, but labels of shape {labels.shape}")
    if isinstance(images, list):
        each = enumerate(map(np.asarray, images))
        alone = [image_digests(image[np.newaxis], labels[at : at + 1]) for at, image in each]
        return np.concatenate(alone)
    head = f"{images.dtype.str} {images.shape[1:]} {labels.dtype.str};".encode("ascii")
    begun = hashlib.sha256(head)
    pixels = np.ascontiguousarray(images).reshape(-1).data.cast("B")
    numbers = np.ascontiguousarray(labels).data.cast("B")
    size, label_size = images[:1].nbytes, labels.itemsize
    found = bytearray()
    for index in range(len(images)):
        one = begun.copy()
        one.update(pixels[index * size : (index + 1) * size])
        one.update(numbers[index * label_size : (index + 1) * label_size])
        found += one.digest()
    return np.frombuffer(found, np.uint8).reshape(-1, DIGEST_BYTES)


def digest_of(digests: Digests) -> str:
    """Give one digest of all images: SHA-256 of the digests of each, in hexadecimal."""
    return hashlib.sha256(np.ascontiguousarray(digests).data).hexdigest()


def first_difference(found: Digests, expected: Digests) -> int | None:
    """Find the first image that is another than it should be; None if there is none.

    Args:
        found: shape (n, 32).
        expected: shape (n, 32).
    """
    differ = (found != expected).any(axis=1)
    return int(differ.argmax()) if differ.any() else None
