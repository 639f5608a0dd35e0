"""What every format refuses: what would not come back as it was."""

from typing import Any

import numpy as np

from ...contract import Backend, Images, Indices, Labels, one_as_many
from ...errors import BenchmarkError


def require_storable(backend: Backend, images: Images, labels: Labels) -> None:
    """Refuse, before anything is written, what would not come back as it was.

    Raises:
        ValueError: if the arrays are not as ``store`` takes them.
        BenchmarkError: if the images are larger than the format holds.
    """
    if not is_bytes(images) or images.ndim != 4 or images.shape[3] != 3:
        raise ValueError(
            "images must be a NumPy array of uint8, of shape (n, height, width, 3), but are "
            f"{kind_of(images)}"
        )
    count, height, width = images.shape[:3]
    if not count:
        raise ValueError("there are no images to store")
    if not height or not width:
        raise ValueError(f"images of {height} x {width} pixels have nothing to store")
    if not is_bytes(labels) or labels.shape != (count,):
        raise ValueError(
            f"labels must be a NumPy array of uint8, of shape ({count},) as there are images, "
            f"but are {kind_of(labels)}"
        )
    for given, most, where in (
        (max(height, width), backend.largest_side, " a side"),
        (height * width, backend.largest_pixels, ""),
    ):
        if given > most:
            raise BenchmarkError(
                f"images of {height:,} x {width:,} pixels do not fit into {backend.label}, which "
                f"holds {most:,} pixels{where} at most: take another format for them"
            )


def storable_one(backend: Backend, image: Images, label: int) -> tuple[Images, Labels]:
    """Give one image and its label as ``store`` takes them.

    Raises:
        ValueError: if they are not as ``store_one`` takes them.
        BenchmarkError: if the image is larger than the format holds.
    """
    images, labels = one_as_many(image, label)
    require_storable(backend, images, labels)
    return images, labels


def is_bytes(value: Any) -> bool:
    """Whether something is an array of bytes: nothing else comes back with the type it had."""
    return isinstance(value, np.ndarray) and value.dtype == np.uint8


def kind_of(value: Any) -> str:
    """Say what was given in place of an array of bytes."""
    if isinstance(value, np.ndarray):
        return f"{value.dtype} of shape {value.shape}"
    return f"a {type(value).__name__}"


def require_indices(indices: Indices) -> None:
    """Refuse to read nothing: the shape of images that are not there would be anybody's guess.

    Raises:
        ValueError: if there are no indices.
    """
    if not len(indices):
        raise ValueError("no indices: at least one image must be asked for")
