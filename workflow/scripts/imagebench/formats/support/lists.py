"""Images that differ in shape: lists of arrays, in place of one array."""

from collections.abc import Iterable, Iterator

import numpy as np

from ...pieces import Image, Images, Labels, Piece


def joined(images: list[Image], *, alike: bool) -> Images:
    """Give images as one array, where all have one shape and type."""
    return np.array(images) if alike else images


def in_lists(images: Iterable[Image], labels: Labels, most_bytes: int) -> Iterator[Piece]:
    """Gather images, as they come, into pieces of at most so many bytes, or of one larger image."""
    some: list[Image] = []
    start = size = 0
    for image in images:
        if some and size + image.nbytes > most_bytes:
            yield Piece(some, labels[start : start + len(some)])
            start, size, some = start + len(some), 0, []
        some.append(image)
        size += image.nbytes
    yield Piece(some, labels[start : start + len(some)])
