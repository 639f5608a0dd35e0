"""What a codec takes by itself, and how much a lossy one loses."""

import math
from typing import Any

import numpy as np

from ..contract import Backend
from ..pieces import Image, Images, Source

MOST_IMAGES = 10_000
"""A codec's time grows as the number of images does, so that more of them say nothing new."""

LARGEST = 255
"""Value of a pixel's channel."""


def codec_facts(backend: Backend, source: Source) -> dict[str, Any]:
    """Time encoding and decoding in memory, and measure the loss.

    The times are scaled to all images where there are more than MOST_IMAGES.

    Args:
        backend: what stores them.
        source: of the images.

    Returns:
        ``encode_seconds`` and ``decode_seconds``, None where there is no codec, and ``psnr_db``,
        None where there is no loss.
    """
    some = first_images(source, as_files=backend.keeps_files)
    seconds = backend.codec_seconds(some)
    encode, decode = (None, None) if seconds is None else seconds
    scale = source.facts.count / len(some)
    return {
        "encode_seconds": None if encode is None else encode * scale,
        "decode_seconds": None if decode is None else decode * scale,
        "psnr_db": loss(backend, source),
    }


def loss(backend: Backend, source: Source) -> float | None:
    """Peak signal-to-noise ratio of the first MOST_IMAGES in dB; None where there is no loss."""
    if backend.lossless:
        return None
    some: Any = first_images(source)
    files = first_images(source, as_files=True) if backend.keeps_files else some
    back: Any = backend.as_read(files)
    # What was shrunk has no pixel that another could be held against.
    if any(len(one) != len(other) for one, other in zip(some, back, strict=True)):
        return None
    return signal_to_noise(*((some, back) if isinstance(some, list) else ([some], [back])))


def first_images(source: Source, *, as_files: bool = False) -> Images:
    """Give at most MOST_IMAGES."""
    return next(iter(source.pieces(as_files=as_files))).images[:MOST_IMAGES]


def signal_to_noise(images: list[Image], others: list[Image]) -> float | None:
    """Peak signal-to-noise ratio in dB over all pixels of all images; None if they are equal.

    Ten times the decimal logarithm of 255 squared over the mean squared error.
    """
    pairs = zip(images, others, strict=True)
    wrong = sum(float(np.sum((a.astype(np.float32) - b) ** 2, dtype=np.float64)) for a, b in pairs)
    error = wrong / sum(image.size for image in images)
    return 10 * math.log10(LARGEST**2 / error) if error else None
