"""Files as they are."""

import io
from pathlib import Path

import numpy as np
from PIL import Image

ENDING = ".image"


def encode(file):
    return Path(file).read_bytes()


def decode(blob):
    image = Image.open(io.BytesIO(blob))
    return np.asarray(image.convert("RGB") if image.mode == "P" else image)
