"""Loaders that take folders for classes find the right ones in loose files."""

import os
from pathlib import Path

import numpy as np
import pytest
from blocks import store_all
from imagebench import formats
from PIL import Image

IMAGES = np.random.default_rng(0).integers(0, 256, (60, 8, 6, 3), dtype=np.uint8)
LABELS = np.random.default_rng(1).choice(np.array([0, 2, 9, 10, 99, 100, 255]), 60)


def decoded(path):
    return np.asarray(Image.open(path).convert("RGB"))


def torchvision(root):
    """Sorted names of folders are the classes, numbered; all files below one are of that class."""
    classes = sorted(entry.name for entry in os.scandir(root) if entry.is_dir())
    for number, name in enumerate(classes):
        for folder, _, files in sorted(os.walk(root / name)):
            for file in sorted(files):
                yield decoded(Path(folder, file)), number


def hugging_face(root):
    """The folder right above an image is its label; labels are numbered as their names sort."""
    files = sorted(root.rglob("*.png"))
    names = sorted({file.parent.name for file in files})
    for file in files:
        yield decoded(file), names.index(file.parent.name)


@pytest.mark.parametrize("loader", [torchvision, hugging_face])
def test_loaders_of_image_folders_find_each_image_with_its_class(loader, tmp_path):
    store_all(formats.load("files+png"), IMAGES, LABELS, tmp_path / "store")
    images, numbers = zip(*loader(tmp_path / "store"), strict=True)
    order = np.argsort(LABELS, kind="stable")
    np.testing.assert_array_equal(images, IMAGES[order])
    np.testing.assert_array_equal(np.unique(LABELS)[list(numbers)], LABELS[order])
