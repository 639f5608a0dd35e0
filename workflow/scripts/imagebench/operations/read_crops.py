"""Random crops, all resized to one size: what training with photographs asks for."""

import math

import numpy as np
from PIL import Image as Pillow

from ..changes import of_eight_bits
from ..contract import Backend, Indices
from ..digests import image_digests
from ..pieces import Digests, Image, Piece, Source, spans
from .access import Access, Pieces
from .storing import pieces_as_read

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

    An image's crop is the same in each call, so that all that comes back can be verified.
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
        parts = []
        for span in spans(len(indices), TOGETHER):
            parts.append(self.cropped(self.reader.read_at(indices[span]), indices[span], size))
        images, labels = zip(*parts, strict=True)
        return Piece(np.concatenate(images), np.concatenate(labels))

    def cropped(self, batch: Piece, indices: Indices, size: int) -> Piece:
        """Crop the images of a batch."""
        crops = np.empty((len(indices), size, size, 3), np.uint8)
        for place, (image, index) in enumerate(zip(batch.images, indices.tolist(), strict=True)):
            crops[place] = crop_of(image, index, size)
        return Piece(crops, batch.labels)

    def as_it_comes_back(self, backend: Backend, source: Source) -> Digests:
        """Digest the crop of each image."""
        size, done, found = self.work.target.settings["crop"], 0, []
        for piece in pieces_as_read(backend, source):
            numbers = np.arange(done, done + len(piece.labels))
            found.append(image_digests(*self.cropped(piece, numbers, size)))
            done += len(piece.labels)
        return np.concatenate(found)


def crop_of(image: Image, index: int, size: int) -> Image:
    """Cut a random part out of an image, and resize it.

    Args:
        image: of any mode.
        index: its number, which decides the part.
        size: pixels of each side of the result.

    Returns:
        Shape (size, size, 3), uint8.
    """
    picture = picture_of(image, *part_of(image.shape[1], image.shape[0], index))
    return np.asarray(picture.resize((size, size), Pillow.Resampling.BILINEAR))


def picture_of(image: Image, left: int, top: int, width: int, height: int) -> Pillow.Image:
    """Cut a part out of an image, as Pillow has it, in RGB.

    Of what is RGB already, Pillow takes the rows from where they lie: a copy of them before would
    take a sixth of the time of the whole crop.
    """
    if image.shape[2:] == (3,) and image.itemsize == 1 and image.flags.c_contiguous:
        row = image.strides[0]
        start = top * row + left * 3
        rows = image.reshape(-1).data[start : start + (height - 1) * row + width * 3]
        return Pillow.frombytes("RGB", (width, height), rows, "raw", "RGB", row, 1)
    part = np.ascontiguousarray(image[top : top + height, left : left + width])
    return Pillow.fromarray(of_eight_bits(part)).convert("RGB")


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
