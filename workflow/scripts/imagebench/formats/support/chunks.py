"""How an array of images is cut into chunks and shards: the same way for all that do it."""

from .pieces import as_many

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


def most_space(count: int, image_bytes: int) -> tuple[int, int]:
    """Bytes and files at most: the last chunk is filled up, and each shard has an index."""
    size = 2 * count * (image_bytes + 17) + CHUNK_BYTES + 2**20
    return size, 32 + 2 * count // as_many(image_bytes, SHARD_BYTES)
