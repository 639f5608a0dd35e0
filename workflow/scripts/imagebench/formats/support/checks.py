"""What every format refuses: what would not come back as it was."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from ...contract import Backend, Indices
from ...errors import BenchmarkError
from ...pieces import Facts, Images, Piece, one_as_piece


def storable(backend: Backend, pieces: Iterable[Piece], facts: Facts) -> Iterator[Piece]:
    """Refuse, before anything is written, what would not come back as it was.

    Returns:
        The pieces, each held against the facts as it comes.

    Raises:
        ValueError: if the facts, or later a piece, are not as ``store`` takes them.
        BenchmarkError: if the images are larger than the format holds.
    """
    if len(facts.shape) != 3 or facts.shape[2] != 3:
        raise ValueError(f"images must be of shape (height, width, 3), but are {facts.shape}")
    if not facts.count:
        raise ValueError("there are no images to store")
    height, width = facts.shape[:2]
    if not height or not width:
        raise ValueError(f"images of {height} x {width} pixels have nothing to store")
    if not is_of(facts.labels, np.int64) or facts.labels.ndim != 1 or facts.labels.min() < 0:
        raise ValueError(
            f"labels must be a NumPy array of int64, of shape (n,) and not negative, but are "
            f"{kind_of(facts.labels)}"
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
    checked = as_said(pieces, facts)
    first = next(checked)
    return following(first, checked)


def following(first: Piece, others: Iterator[Piece]) -> Iterator[Piece]:
    """Go through all pieces, the first of which is there already; none is kept."""
    yield first
    del first
    yield from others


def as_said(pieces: Iterable[Piece], facts: Facts) -> Iterator[Piece]:
    """Hold each piece against the facts.

    Raises:
        ValueError: if it has other shapes or types, or there are not as many images.
    """
    start = 0
    for images, labels in pieces:
        if not is_of(images, np.uint8) or images.shape[1:] != facts.shape:
            raise ValueError(
                f"images must be a NumPy array of uint8, of shape (n, *{facts.shape}), but are "
                f"{kind_of(images)}"
            )
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


def storable_one(backend: Backend, image: Images, label: int) -> tuple[Piece, Facts]:
    """Give one image and its label as ``store`` takes them.

    Raises:
        ValueError: if they are not as ``store_one`` takes them.
        BenchmarkError: if the image is larger than the format holds.
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
