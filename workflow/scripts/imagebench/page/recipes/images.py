"""What a reader gets: a store that every process opens for itself."""

import functools
import json
import os
from pathlib import Path

import numpy as np

from .picture import in_one_mode


@functools.cache
def opened(path):
    return Store(path)  # noqa: F821


os.register_at_fork(before=opened.cache_clear)  # each process opens the store for itself


class Images:
    def __init__(self, path):
        self.path = path
        file = Path(path, "classes.json")
        names = json.loads(file.read_text()) if file.exists() else {}
        self.classes = {int(label): name for label, name in names.items()}

    def __len__(self):
        return len(opened(self.path))

    def __getitem__(self, number):
        image, label = opened(self.path)[int(number)]
        image = decode(image)  # noqa: F821  # where blobs
        image = in_one_mode(image)  # where one_mode
        return image, label


def collate(batch):
    """Leave images of several sizes a list, and make an array of their labels."""
    images, labels = zip(*batch, strict=True)
    return list(images), np.array(labels)
