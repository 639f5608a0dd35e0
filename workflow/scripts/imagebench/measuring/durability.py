"""Waiting until a store is safe on the device."""

import os
from pathlib import Path

from ..files import sync_folder


def make_durable(store: Path) -> None:
    """Return when every file and folder of a store would survive a power cut.

    A file's data and its name are written out each by an ``fsync`` of its own: of the file, of the
    folder that lists it, and of the folder that lists the store. That is what a careful program
    does, and what a file for each image costs.
    """
    for folder, _, names in os.walk(store, topdown=False):
        for name in names:
            descriptor = os.open(os.path.join(folder, name), os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        sync_folder(Path(folder))
    sync_folder(store.parent)


def write_out() -> None:
    """Return when whatever was written so far, by anybody, is on the device."""
    if hasattr(os, "sync"):  # Windows has none
        os.sync()
