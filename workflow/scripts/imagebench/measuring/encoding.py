"""What a codec takes by itself, and how much a lossy one loses."""

import math
from typing import Any

import numpy as np

from ..contract import Backend, Images

MOST_IMAGES = 10_000
"""A codec's time grows as the number of images does, so that more of them say nothing new."""

LARGEST = 255
"""Value of a pixel's channel."""


def codec_facts(backend: Backend, images: Images) -> dict[str, Any]:
    """Time encoding and decoding in memory, and measure the loss.

    The times are scaled to all images where there are more than MOST_IMAGES.

    Args:
        backend: what stores them.
        images: shape (n, height, width, 3), uint8.

    Returns:
        ``encode_seconds`` and ``decode_seconds``, None where there is no codec, and ``psnr_db``,
        None where there is no loss.
    """
    some = images[:MOST_IMAGES]
    seconds = backend.codec_seconds(some)
    encode, decode = (None, None) if seconds is None else seconds
    scale = len(images) / len(some)
    return {
        "encode_seconds": None if encode is None else encode * scale,
        "decode_seconds": None if decode is None else decode * scale,
        "psnr_db": signal_to_noise(some, backend.as_read(some)),
    }


def signal_to_noise(images: Images, others: Images) -> float | None:
    """Peak signal-to-noise ratio in dB over all pixels of all images; None if they are equal.

    Ten times the decimal logarithm of 255 squared over the mean squared error.
    """
    error = np.mean((images.astype(np.float32) - others) ** 2, dtype=np.float64)
    return 10 * math.log10(LARGEST**2 / error) if error else None
