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
            eight = of_eight_bits(image)
            picture = Pillow.fromarray(np.ascontiguousarray(eight))
            if is_cmyk:
                picture = Pillow.frombytes("CMYK", picture.size, eight.tobytes())
            image = np.asarray(picture.convert(self.mode))
        return image if self.resize is None else shrunk(image, self.resize)

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


def shrunk(image: Any, shorter: int) -> Any:
    """Shrink an image until its shorter side has so many pixels; a smaller one stays as it is.

    By Pillow with its filter for quality, each new pixel being made of all old ones below it; by
    bytes alone, since Pillow does not do it with 16 bits.
    """
    height, width = image.shape[:2]
    if min(height, width) <= shorter:
        return image
    high, wide = shrunk_size(height, width, shorter)
    picture = Pillow.fromarray(np.ascontiguousarray(image))
    return np.asarray(picture.resize((wide, high), Pillow.Resampling.LANCZOS))


def shrunk_size(height: int, width: int, shorter: int) -> tuple[int, int]:
    """Give height and width of an image whose shorter side gets so many pixels, if it has more."""
    if min(height, width) <= shorter:
        return height, width
    scale = shorter / min(height, width)
    return max(round(height * scale), shorter), max(round(width * scale), shorter)
