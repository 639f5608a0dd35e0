"""A folder of image files, whose sub-folders are classes."""

from pathlib import Path

import numpy as np
from PIL import Image


class Images:
    def __init__(self, path):
        self.files = sorted(file for file in Path(path).rglob("*.*") if file.is_file())
        folders = [file.relative_to(path).parts[0] for file in self.files]
        numbers = {name: number for number, name in enumerate(sorted(set(folders)))}
        self.labels = [numbers[name] for name in folders]

    def __len__(self):
        return len(self.files)

    def __getitem__(self, number):
        image = Image.open(self.files[number])
        return np.asarray(image.convert("RGB") if image.mode == "P" else image), self.labels[number]
