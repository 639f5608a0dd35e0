"""Folders of image files of all kinds, made by Pillow."""

import io

import numpy as np
from imagebench.images import choosing
from PIL import Image

KINDS = {
    "grey.png": ("L", "PNG"),
    "bilevel.png": ("1", "PNG"),
    "palette.png": ("P", "PNG"),
    "alpha.png": ("LA", "PNG"),
    "colours.png": ("RGB", "PNG"),
    "transparent.png": ("RGBA", "PNG"),
    "deep.png": ("I;16", "PNG"),
    "photo.jpg": ("RGB", "JPEG"),
    "grey.jpg": ("L", "JPEG"),
    "print.jpg": ("CMYK", "JPEG"),
    "colours.webp": ("RGB", "WEBP"),
    "colours.tiff": ("RGB", "TIFF"),
    "colours.bmp": ("RGB", "BMP"),
    "palette.gif": ("P", "GIF"),
    "colours.ppm": ("RGB", "PPM"),
    "grey.pgm": ("L", "PPM"),
}
"""Names of files, with the mode and the format that each has."""


def picture(mode="RGB", width=40, height=30, seed=0):
    """Make a picture of a mode, of smooth colours with some noise."""
    generator = np.random.default_rng(seed)
    slope = np.linspace(0, 200, width)[None, :, None] * np.ones((height, 1, 4))
    pixels = (slope + generator.integers(0, 55, (height, width, 4))).astype(np.uint8)
    if mode == "I;16":
        return Image.fromarray(pixels[..., 0].astype(np.uint16) * 257)
    if mode in ("1", "P", "L"):
        return Image.fromarray(pixels[..., 0]).convert(mode)
    if mode == "LA":
        return Image.fromarray(np.ascontiguousarray(pixels[..., :2]))
    if mode in ("RGBA", "CMYK"):
        return Image.fromarray(pixels, mode)
    return Image.fromarray(np.ascontiguousarray(pixels[..., :3])).convert(mode)


def encoded(mode="RGB", kind="PNG", **more):
    """Make the bytes of a file."""
    file = io.BytesIO()
    picture(mode, **more).save(file, kind)
    return file.getvalue()


def fill(folder, count=12, classes=("cats", "dogs"), kind="JPEG", mode="RGB"):
    """Make a folder of images of differing sizes, a folder a class."""
    ending = {"JPEG": "jpg"}.get(kind, kind.lower())
    for number in range(count):
        place = folder / classes[number % len(classes)]
        place.mkdir(parents=True, exist_ok=True)
        content = encoded(
            mode, kind, width=24 + 3 * number, height=50 - 2 * (number % 20), seed=number
        )
        (place / f"{number:03}.{ending}").write_bytes(content)
    return folder


SETTINGS = {
    "labels": "folders", "unreadable": "skip", "largest_pixels": 1_000_000, "mode": None,
    "resize": None,
}  # fmt: skip


def chosen_of(folder, count=None, seed=0, **settings):
    """Look at a folder, and take the digests of what is chosen."""
    settings = {**SETTINGS, "path": str(folder), **settings}
    kept = folder.parent / "kept"
    looked = choosing.look(settings, seed, kept, tell=False)
    chosen = choosing.ready(looked, settings, count or looked.good, seed, tell=False)
    choosing.keep(chosen, kept)
    return chosen
