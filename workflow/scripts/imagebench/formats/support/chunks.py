"""How an array of images is cut into chunks and shards: the same way for all that do it."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from ...pieces import Facts, Image, Piece, as_many

CHUNK_BYTES = 192 << 10
"""A chunk is the least that is read: 64 images of 32 x 32 pixels."""

SHARD_BYTES = 48 << 20
"""A shard is a file of whole chunks: 16,384 such images."""


def layout(count: int, image_bytes: int) -> tuple[int, int]:
    """Say how many images a chunk has, and how many a shard.

    Few images are one chunk of just these, since whoever writes a chunk fills it up.

    Args:
        count: number of all images, at least one.
        image_bytes: bytes of the pixels of one image.
    """
    chunk = min(count, as_many(image_bytes, CHUNK_BYTES))
    whole = -(-count // chunk) * chunk
    return chunk, min(whole, as_many(image_bytes, SHARD_BYTES) // chunk * chunk)


def together(shape: tuple[int, ...], most_bytes: int) -> int:
    """How many images of an array of this shape are read together: whole shards, if that fits."""
    image_bytes = int(np.prod(shape[1:]))
    shard = layout(shape[0], image_bytes)[1]
    some = as_many(image_bytes, most_bytes)
    return some // shard * shard or some


def most_space(count: int, image_bytes: int) -> tuple[int, int]:
    """Bytes and files at most: the last chunk is filled up, and each shard has an index."""
    size = 2 * count * (image_bytes + 17) + CHUNK_BYTES + 2**20
    return size, 32 + 2 * count // as_many(image_bytes, SHARD_BYTES)


def aligned(pieces: Iterable[Piece], facts: Facts, shard: int) -> Iterator[tuple[slice, Image]]:
    """Cut images anew, so that all parts but the last one begin and end where a shard does.

    A shard that is written in two parts is read and written again. What is left of a piece is
    copied, at most a shard, and goes before the next one.

    Args:
        pieces: all images in order.
        facts: what is known of them.
        shard: how many images one has.

    Yields:
        Where images stand among all, and these images.
    """
    start = 0
    left: Image = np.empty((0, *facts.whole_shape[1:]), facts.dtype)
    images: Any
    for images, _ in pieces:
        if len(left):
            head = images[: shard - len(left)]
            images, left = images[len(head) :], np.concatenate([left, head])  # noqa: PLW2901
            if len(left) == shard or start + len(left) == facts.count:
                yield slice(start, start + len(left)), left
                start, left = start + len(left), left[:0]
        is_last = start + len(left) + len(images) == facts.count
        whole = len(images) if is_last else len(images) // shard * shard
        if whole:
            yield slice(start, start + whole), images[:whole]
            start += whole
        if whole < len(images):
            left = images[whole:].copy()
