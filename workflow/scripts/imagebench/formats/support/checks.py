"""What every format refuses: what would not come back as it was."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from ...contract import Backend, Indices
from ...errors import BenchmarkError
from ...limits import why_not
from ...pieces import CHANNELS, Facts, Image, Piece, one_as_piece


def storable(backend: Backend, pieces: Iterable[Piece], facts: Facts) -> Iterator[Piece]:
    """Refuse, before anything is written, what would not come back as it was.

    Returns:
        The pieces, each held against the facts as it comes.

    Raises:
        ValueError: if the facts, or later a piece, are not as ``store`` takes them.
        BenchmarkError: if the format does not hold such images.
    """
    if not facts.count:
        raise ValueError("there are no images to store")
    if facts.shape is not None and not is_of_image(facts.shape, facts.dtype):
        raise ValueError(
            "images must be uint8 or uint16, of shape (height, width) or (height, width, channels) "
            f"with 2 to 4 channels, but are {facts.dtype} of shape {facts.shape}"
        )
    if not is_of(facts.labels, np.int64) or facts.labels.ndim != 1 or facts.labels.min() < 0:
        raise ValueError(
            f"labels must be a NumPy array of int64, of shape (n,) and not negative, but are "
            f"{kind_of(facts.labels)}"
        )
    if reason := why_not(backend, facts):
        raise BenchmarkError(f"{reason}: take another format for them")
    checked = as_said(backend, pieces, facts)
    first = next(checked)
    return following(first, checked)


def following(first: Piece, others: Iterator[Piece]) -> Iterator[Piece]:
    """Go through all pieces, the first of which is there already; none is kept."""
    yield first
    del first
    yield from others


def as_said(backend: Backend, pieces: Iterable[Piece], facts: Facts) -> Iterator[Piece]:
    """Hold each piece against the facts.

    Raises:
        ValueError: if it has other shapes or types, or there are not as many images.
    """
    start = 0
    for images, labels in pieces:
        if not are_as_said(backend, images, facts):
            raise ValueError(f"images must be {wanted(backend, facts)}, but are {kind_of(images)}")
        start += len(images)
        if not is_of(labels, np.int64) or labels.shape != (len(images),):
            raise ValueError(
                f"labels must be a NumPy array of int64, of shape ({len(images)},) as there are "
                f"images, but are {kind_of(labels)}"
            )
        if start > facts.count:
            break
        yield Piece(images, labels)
        del images, labels  # else they would be in memory beside the next piece
    if start != facts.count:
        raise ValueError(f"there are not as many images as labels, which are {facts.count}")


def are_as_said(backend: Backend, images: Any, facts: Facts) -> bool:
    """Whether the images of a piece are what the facts announce."""
    if backend.keeps_files:
        return isinstance(images, list) and all(isinstance(image, bytes) for image in images)
    if facts.shape is not None:
        return is_of(images, facts.dtype) and images.shape[1:] == facts.shape
    return isinstance(images, list) and all(
        isinstance(image, np.ndarray) and is_of_image(image.shape, image.dtype) for image in images
    )


def is_of_image(shape: tuple[int, ...], dtype: Any) -> bool:
    """Whether an array of this shape and type is an image with any pixels."""
    channels = 0 if len(shape) == 2 else shape[-1]
    is_one = len(shape) in (2, 3) and channels in CHANNELS and all(shape)
    return is_one and dtype in (np.uint8, np.uint16)


def wanted(backend: Backend, facts: Facts) -> str:
    """Say what the images of a piece should have been."""
    if backend.keeps_files:
        return "a list of the bytes of files"
    if facts.shape is None:
        return "a list of NumPy arrays of uint8 or uint16"
    return f"a NumPy array of {facts.dtype}, of shape (n, {', '.join(map(str, facts.shape))})"


def storable_one(backend: Backend, image: Image | bytes, label: int) -> tuple[Piece, Facts]:
    """Give one image and its label as ``store`` takes them.

    Raises:
        ValueError: if they are not as ``store_one`` takes them.
        BenchmarkError: if the format does not hold such an image.
    """
    piece, facts = one_as_piece(image, label)
    storable(backend, [piece], facts)
    return piece, facts


def is_of(value: Any, kind: Any) -> bool:
    """Whether something is an array of a type: nothing else comes back with the type it had."""
    return isinstance(value, np.ndarray) and value.dtype == kind


def kind_of(value: Any) -> str:
    """Say what was given in place of such an array."""
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
