"""Real file systems, made for a test."""

import contextlib
import os
import subprocess

import pytest


@contextlib.contextmanager
def mounted(folder, *options):
    """A file system of its own at a folder; skipped where it cannot be had."""
    folder.mkdir()
    command = ["mount", *options, str(folder)]
    if os.geteuid() != 0 or subprocess.run(command, check=False).returncode != 0:
        pytest.skip("mounting a file system needs root")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@contextlib.contextmanager
def small_disk(tmp_path, size):
    """An ext4 file system in a file."""
    image = tmp_path / "disk.img"
    with open(image, "wb") as handle:
        handle.truncate(size)
    subprocess.run(["mkfs.ext4", "-q", "-F", str(image)], check=True)
    with mounted(tmp_path / "small", "-o", "loop", str(image)) as folder:
        yield folder
