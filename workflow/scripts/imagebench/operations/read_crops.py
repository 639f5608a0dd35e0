"""Random crops, all resized to one size: what training with photographs asks for."""

import math
from typing import Any

import numpy as np
from PIL import Image as Pillow

from ..changes import resized
from ..contract import Backend, Indices
from ..digests import image_digests
from ..pieces import Digests, Image, Piece, Source, spans
from .access import Access, Pieces

AREAS = 0.08, 1.0
"""Share of an image that a crop has, from and to."""

RATIOS = 3 / 4, 4 / 3
"""Width of a crop over its height, from and to; both as Szegedy et al. (2015) train, and everybody
since."""

TOGETHER = 4
"""So many images are read, and then cropped, before the next ones are."""

TRIES = 10
"""So often a crop that does not fit is drawn again, before the middle is taken."""


class ReadCrops(Access):
    """Every image once, in random order, ``batch_size`` at a time: decoded, cropped and resized.

    A crop has the mode of the images. An image's crop is the same in each call, so that all that
    comes back can be verified.
    """

    title = "Random crops"
    column = "random\ncrops"
    topic = "reading random crops"
    verb = "read random crops"
    place = 12
    settings = ("batch_size", "crop")

    def read_images(self, indices: Indices) -> Pieces:
        """Read batch after batch; each becomes one array."""
        settings = self.work.target.settings
        batches = spans(len(indices), settings["batch_size"])
        return [self.read_batch(indices[batch], settings["crop"]) for batch in batches]

    def read_batch(self, indices: Indices, size: int) -> Piece:
        """Read a few images at a time, so that not all of a batch are in memory at once."""
        parts, are_cmyk = [], self.are_cmyk
        for span in spans(len(indices), TOGETHER):
            some = self.reader.read_at(indices[span])
            parts.append(self.cropped(some, indices[span], size, are_cmyk=are_cmyk))
        images, labels = zip(*parts, strict=True)
        return Piece(np.concatenate(images), np.concatenate(labels))

    @property
    def are_cmyk(self) -> bool:
        """Whether the reader gives cyan, magenta, yellow and black."""
        return self.one_mode is None and self.work.images.facts.cmyk is not None

    def cropped(
        self, batch: Piece, indices: Indices, size: int, *, are_cmyk: bool = False
    ) -> Piece:
        """Crop the images of a batch, which have one mode."""
        first: Any = batch.images[0]
        crops = np.empty((len(indices), size, size, *first.shape[2:]), first.dtype)
        for place, (image, index) in enumerate(zip(batch.images, indices.tolist(), strict=True)):
            crops[place] = crop_of(image, index, size, is_cmyk=are_cmyk)
        return Piece(crops, batch.labels)

    def as_it_comes_back(self, backend: Backend, source: Source) -> Digests:
        """Digest the crop of each image."""
        size, are_cmyk, found = self.work.target.settings["crop"], self.are_cmyk, []
        for number, piece in self.one_by_one(backend, source):
            crop = self.cropped(piece, number, size, are_cmyk=are_cmyk)
            found.append(image_digests(*crop))
        return np.concatenate(found)


def crop_of(image: Image, index: int, size: int, *, is_cmyk: bool = False) -> Image:
    """Cut a random part out of an image, and resize it.

    Args:
        image: of any mode.
        index: its number, which decides the part.
        size: pixels of each side of the result.
        is_cmyk: whether four channels are cyan, magenta, yellow and black.

    Returns:
        Shape (size, size) or (size, size, channels), of the type of the image.
    """
    left, top, width, height = part_of(image.shape[1], image.shape[0], index)
    if image.shape[2:] == (3,) and image.itemsize == 1 and image.flags.c_contiguous:
        # Pillow takes the rows from where they lie: a copy of them before would take a sixth of the
        # time of the whole crop.
        row = image.strides[0]
        start = top * row + left * 3
        rows = image.reshape(-1).data[start : start + (height - 1) * row + width * 3]
        picture = Pillow.frombytes("RGB", (width, height), rows, "raw", "RGB", row, 1)
        return np.asarray(picture.resize((size, size), Pillow.Resampling.BILINEAR))
    part = image[top : top + height, left : left + width]
    return resized(part, (size, size), Pillow.Resampling.BILINEAR, is_cmyk=is_cmyk)


def part_of(width: int, height: int, index: int) -> tuple[int, int, int, int]:
    """Choose left, top, width and height of a part at random."""
    generator = np.random.default_rng(index)
    for _ in range(TRIES):
        area = width * height * generator.uniform(*AREAS)
        ratio = math.exp(generator.uniform(math.log(RATIOS[0]), math.log(RATIOS[1])))
        wide, high = round(math.sqrt(area * ratio)), round(math.sqrt(area / ratio))
        if 0 < wide <= width and 0 < high <= height:
            left, top = generator.integers([width - wide + 1, height - high + 1]).tolist()
            return left, top, wide, high
    side = min(width, height)
    return (width - side) // 2, (height - side) // 2, side, side
