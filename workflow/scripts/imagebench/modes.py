"""The one mode in which images are read for training where a data set has several."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .changes import picture_of
from .contract import Indices, Reader
from .pieces import CHANNELS, Facts, Image, Images, Piece

KINDS = {"L": "grey", "LA": "grey with alpha"}

PLACES = {0: (0, 0, 0), 2: (0, 0, 0, 1), 3: (0, 1, 2), 4: (0, 1, 2, 3)}
"""By the channels that an image has: which of them become red, green, blue and alpha."""

WIDER = 257
"""The factor from 8 to 16 bits: 255 becomes 65,535."""


def in_words(mode: str) -> str:
    """Name a mode in words, such as "grey of 16 bits"."""
    name, _, bits = mode.partition(";")
    return KINDS.get(name, name) + (f" of {bits} bits" if bits else "")


def one_mode(modes: Mapping[str, int]) -> str | None:
    """Choose the mode that images of several modes are brought to; None if they have one already.

    It has 16 bits if any image does, and alpha if any image does.

    Args:
        modes: the number of images of each mode, as ``Facts`` has them.
    """
    if len(modes) < 2:
        return None
    names = {"RGB" if mode == "CMYK" else mode.partition(";")[0] for mode in modes}
    name = "RGBA" if names & {"LA", "RGBA"} else "RGB"
    if len(names) == 1:
        [name] = names
    return f"{name};16" if any(mode.endswith(";16") for mode in modes) else name


def brought_to(modes: Mapping[str, int]) -> dict[str, Any] | None:
    """Say which mode images are brought to, and how many of each other mode; None if all have one.

    Args:
        modes: the number of images of each mode, as ``Facts`` has them.
    """
    mode = one_mode(modes)
    if mode is None:
        return None
    others = {name: count for name, count in modes.items() if name != mode}
    return {"mode": mode, "of": sum(modes.values()), "brought": others}


def image_bytes(facts: Facts, mode: str | None) -> int:
    """Give the mean bytes of an image's pixels after it is brought to a mode, rounded up."""
    if mode is None:
        return facts.image_bytes
    channels, itemsize = layout_of(mode)
    return -(-facts.pixels // facts.count) * max(channels, 1) * itemsize


def layout_of(mode: str) -> tuple[int, int]:
    """Give the channels of a mode, 0 for two dimensions, and the bytes of each."""
    name, _, deep = mode.partition(";")
    channels = next(number for number, one in CHANNELS.items() if one == name)
    return channels, 2 if deep else 1


def brought(image: Image, mode: str, *, is_cmyk: bool = False) -> Image:
    """Bring an image to a mode that holds all of it; one that has the mode is given back itself.

    Args:
        image: its pixels.
        mode: from ``one_mode``.
        is_cmyk: whether four channels are cyan, magenta, yellow and black.
    """
    channels, itemsize = layout_of(mode)
    if is_cmyk:
        image = np.asarray(picture_of(image, is_cmyk=True).convert("RGB"))
    has = image.shape[2] if image.ndim > 2 else 0
    if has != channels:
        of_colours = image.reshape(*image.shape[:2], -1)
        image = np.empty((*image.shape[:2], channels), image.dtype)
        for channel, place in enumerate(PLACES[has]):  # one by one, the fastest way in NumPy
            image[..., channel] = of_colours[..., place]
        if channels > len(PLACES[has]):
            image[..., -1] = np.iinfo(image.dtype).max
    return image if image.itemsize == itemsize else np.multiply(image, WIDER, dtype=np.uint16)


class OneMode(NamedTuple):
    """Brings images to one mode.

    Attributes:
        mode: from ``one_mode``.
        cmyk: as ``Facts`` has it, of all images of the store.
    """

    mode: str
    cmyk: NDArray[np.bool_] | None

    def of(self, piece: Piece, indices: Indices) -> Piece:
        """Bring some images to it.

        Args:
            piece: the images.
            indices: their numbers in the store.
        """
        are_cmyk = [False] * len(indices) if self.cmyk is None else self.cmyk[indices].tolist()
        images: Images = [
            brought(image, self.mode, is_cmyk=is_cmyk)
            for image, is_cmyk in zip(piece.images, are_cmyk, strict=True)
        ]
        return Piece(images, piece.labels)


class InOneMode(Reader):
    """An open store whose images are brought to one mode as they are read."""

    def __init__(self, reader: Reader, one_mode: OneMode) -> None:
        """Take the reader of the store, and what brings its images to one mode."""
        self.reader, self.one_mode = reader, one_mode

    def __len__(self) -> int:
        """Count the images."""
        return len(self.reader)

    def read_at(self, indices: Indices) -> Piece:
        """Read some images, and bring those of other modes to the one mode."""
        return self.one_mode.of(self.reader.read_at(indices), indices)

    def close(self) -> None:
        """Close the store."""
        self.reader.close()
