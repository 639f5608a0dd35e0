"""The pixels of an image file as they were measured; of all this, what the images need."""

import contextlib
import io

import imagecodecs
import numpy as np
import simplejpeg
from PIL import Image, PngImagePlugin

SIZE = 256
MODE = "RGB"
SHORTER = 512
TURNED_BACK = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # Pillow turns TIFF, and only that


def pixels(data):
    Image.MAX_IMAGE_PIXELS = None  # where huge
    PngImagePlugin.MAX_TEXT_CHUNK = PngImagePlugin.MAX_TEXT_MEMORY = 1 << 30  # where png
    image = Image.open(io.BytesIO(data))
    if is_deep(image):  # where deep
        deep = deep_pixels(image, data)  # where deep
        return deep  # where deep and not mode and not resize
        return shrunk_deep(deep, SHORTER)  # where deep and not mode and resize
        image = Image.fromarray((deep >> 8).astype(np.uint8))  # where deep and mode
    turned = image.getexif().get(274) if image.format == "TIFF" else None  # where turned
    if turned in TURNED_BACK:  # where turned
        image = image.transpose(TURNED_BACK[turned])  # where turned
    if image.format == "JPEG" and image.mode in ("L", "RGB"):  # where sized
        with contextlib.suppress(ValueError):  # it refuses what is damaged a little  # where sized
            image = Image.fromarray(jpeg_of_size(data))  # where sized
    if image.mode in ("P", "PA", "YCbCr"):  # where palette
        alpha = image.mode == "PA" or "transparency" in image.info  # where palette
        image = image.convert("RGBA" if alpha else "RGB")  # where palette
    if image.mode == "1":  # where bilevel
        image = image.convert("L")  # where bilevel
    if image.mode.startswith("I"):  # where deep_grey
        grey = np.asarray(image).astype(np.uint16)  # where deep_grey
        return grey  # where deep_grey and not mode and not resize
        return shrunk_deep(grey, SHORTER)  # where deep_grey and not mode and resize
        image = Image.fromarray((grey >> 8).astype(np.uint8))  # where deep_grey and mode
    image = image.convert(MODE)  # where mode
    image = shrunk(image, SHORTER)  # where resize
    if image.mode == "CMYK":  # where cmyk
        image = image.convert("RGB")  # where cmyk
    return np.array(image)


def jpeg_of_size(data):
    """Decode a JPEG file at the smallest scale whose shorter side has SIZE pixels or more."""
    is_grey = simplejpeg.decode_jpeg_header(data)[2] == "Gray"
    image = simplejpeg.decode_jpeg(
        data, "GRAY" if is_grey else "RGB", fastdct=True, fastupsample=True,
        min_height=SIZE, min_width=SIZE, min_factor=2,
    )  # fmt: skip
    return image[:, :, 0] if is_grey else image


def new_size(width, height, shorter):
    """Give the size of an image whose shorter side is shrunk; the same where it is no longer."""
    scale = min(shorter / min(width, height), 1)
    least = min(width, height, shorter)
    return max(round(width * scale), least), max(round(height * scale), least)


def shrunk(image, shorter):
    size = new_size(*image.size, shorter)
    return image if size == image.size else image.resize(size, Image.Resampling.LANCZOS)


def shrunk_deep(image, shorter):
    """Shrink an image of 16 bits channel by channel, as Pillow must."""
    channels = image.reshape(*image.shape[:2], -1)
    small = [
        shrunk(Image.fromarray(channels[..., number].astype(np.float32)), shorter)
        for number in range(channels.shape[2])
    ]
    found = np.rint(np.stack(small, axis=-1)).clip(0, 65535).astype(np.uint16)
    return found.reshape(*found.shape[:2], *image.shape[2:])


def is_deep(image):
    """Whether an image has colours of 16 bits, which Pillow would cut to 8."""
    arguments = image.tile[0][-1] if image.tile else ""  # WebP has none
    if image.format == "PPM":
        return image.mode == "RGB" and not isinstance(arguments, str) and arguments[1] > 255
    return ";16" in str(arguments) and not image.mode.startswith("I")


def deep_pixels(image, data):
    if image.format == "PPM":  # read by Pillow as grey, of which it keeps 16 bits
        _, _, start, arguments = image.tile[0]
        header = b"P5 %d %d %d\n" % (3 * image.width, image.height, arguments[1])
        grey = np.asarray(Image.open(io.BytesIO(header + data[start:])))
        return grey.astype(np.uint16).reshape(image.height, image.width, 3)
    channels = 2 if str(image.tile[0][3]).count("LA;16") else len(image.getbands())
    return imagecodecs.imread(data)[..., :channels]


def in_one_mode(image):
    """Bring images of several modes to the one in which they were measured."""
    full = np.iinfo(image.dtype).max  # where to_alpha
    if image.ndim == 2:  # where to_colour
        image = np.stack([image] * 3, axis=-1)  # where to_colour
    if image.shape[2] == 2:  # where to_colour and to_alpha
        image = image[..., [0, 0, 0, 1]]  # where to_colour and to_alpha
    if image.shape[2] == 3:  # where to_alpha
        image = np.insert(image, 3, full, axis=2)  # where to_alpha
    if image.itemsize == 1:  # where to_deep
        image = image * np.uint16(257)  # where to_deep
    return image
