"""Changes of images that somebody asks for: another mode, fewer pixels."""

from typing import Any, NamedTuple

import numpy as np
from PIL import Image as Pillow

from .pieces import CHANNELS, Image, mode_of


class Change(NamedTuple):
    """What is done to every image after it is decoded; nothing, if nothing is said.

    Attributes:
        mode: that it is converted to, by Pillow: "L", "RGB" or "RGBA", of 8 bits.
        resize: pixels that its shorter side is shrunk to; a smaller image stays as it is.
    """

    mode: str | None = None
    resize: int | None = None

    def of(self, image: Image, *, is_cmyk: bool = False) -> Image:
        """Change one image.

        Args:
            image: its pixels.
            is_cmyk: whether four channels are cyan, magenta, yellow and black.
        """
        if self.mode is not None and (is_cmyk or mode_of(image.shape, image.dtype) != self.mode):
            picture = picture_of(of_eight_bits(image), is_cmyk=is_cmyk)
            image, is_cmyk = np.asarray(picture.convert(self.mode)), False
        return image if self.resize is None else shrunk(image, self.resize, is_cmyk=is_cmyk)

    def shapes(self, rows: Any) -> tuple[Any, Any, Any, Any]:
        """Say what images look like after it.

        Args:
            rows: of an index.

        Returns:
            Heights, widths, channels (0 for two dimensions) and bytes of each channel, int64.
        """
        height, width, channels, depth = (
            rows[name].astype(np.int64) for name in ("height", "width", "channels", "depth")
        )
        if self.mode is not None:
            channels[:] = next(number for number, mode in CHANNELS.items() if mode == self.mode)
            depth[:] = 1
        if self.resize is not None:
            pairs = zip(height.tolist(), width.tolist(), strict=True)
            sizes = [shrunk_size(*pair, self.resize) for pair in pairs]
            height, width = np.array(sizes, dtype=np.int64).reshape(-1, 2).T
        return height, width, channels, depth


UNCHANGED = Change()


def of_eight_bits(image: Image) -> Image:
    """Give the upper eight bits of each number of an image that has sixteen."""
    return (image >> 8).astype(np.uint8) if image.itemsize > 1 else image


def picture_of(image: Image, *, is_cmyk: bool = False) -> Pillow.Image:
    """Give an image of 8 bits as Pillow has it.

    Args:
        image: its pixels.
        is_cmyk: whether four channels are cyan, magenta, yellow and black.
    """
    if is_cmyk:
        return Pillow.frombytes("CMYK", (image.shape[1], image.shape[0]), image.tobytes())
    return Pillow.fromarray(np.ascontiguousarray(image))


def resized(
    image: Image, size: tuple[int, int], by: Pillow.Resampling, *, is_cmyk: bool = False
) -> Image:
    """Resize an image by Pillow, which resizes 16 bits as floats alone: channel by channel.

    Args:
        image: its pixels.
        size: width and height of the result.
        by: the filter.
        is_cmyk: as ``picture_of`` has it.
    """
    if image.itemsize == 1:
        return np.asarray(picture_of(image, is_cmyk=is_cmyk).resize(size, by))
    found = np.empty((*size[::-1], *image.shape[2:]), image.dtype)
    for place in np.ndindex(image.shape[2:]):
        channel = picture_of(image[:, :, *place].astype(np.float32)).resize(size, by)
        found[:, :, *place] = np.rint(np.asarray(channel)).clip(0, np.iinfo(image.dtype).max)
    return found


def shrunk(image: Any, shorter: int, *, is_cmyk: bool = False) -> Any:
    """Shrink an image until its shorter side has so many pixels; a smaller one stays as it is.

    By Pillow with its filter for quality, each new pixel being made of all old ones below it.
    """
    height, width = image.shape[:2]
    if min(height, width) <= shorter:
        return image
    high, wide = shrunk_size(height, width, shorter)
    return resized(image, (wide, high), Pillow.Resampling.LANCZOS, is_cmyk=is_cmyk)


def shrunk_size(height: int, width: int, shorter: int) -> tuple[int, int]:
    """Give height and width of an image whose shorter side gets so many pixels, if it has more."""
    if min(height, width) <= shorter:
        return height, width
    scale = shorter / min(height, width)
    return max(round(height * scale), shorter), max(round(width * scale), shorter)
