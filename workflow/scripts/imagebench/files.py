"""Publishing files and folders whole: what stands under its final name is complete."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """Make a folder's entries durable, as a rename alone is not."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def published_file(path: str | Path) -> Iterator[Path]:
    """Yield a temporary path beside ``path``; when the body succeeds, it is renamed to ``path``.

    The file is synchronised before the rename and its folder after it, so that not even a power
    cut leaves half a file under the final name. When the body fails, nothing is left.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.partial")
    try:
        yield partial
        with open(partial, "rb+") as handle:
            os.fsync(handle.fileno())
        os.replace(partial, path)
        sync_folder(path.parent)
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def published_folder(path: str | Path) -> Iterator[Path]:
    """Yield the path of a folder, not made yet, that is renamed to ``path`` on success.

    What an earlier, killed attempt left is removed first; when the body fails, nothing is left.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    # The name is another one for each path, though always the same for one: file systems that
    # spread folders over the disk go by the name.
    mark = hashlib.sha256(path.as_posix().encode()).hexdigest()[:8]
    partial = path.with_name(f".{path.name}-{mark}.partial")
    remove_folder(partial)
    try:
        yield partial
        remove_folder(path)
        os.replace(partial, path)
    finally:
        remove_folder(partial)


@contextmanager
def scratch_folder(path: Path) -> Iterator[Path]:
    """Make an empty folder for the time of the body, and remove it with all that it holds."""
    remove_folder(path)
    path.mkdir(parents=True)
    try:
        yield path
    finally:
        remove_folder(path)


def remove_folder(path: Path) -> None:
    """Remove a folder and all that it holds, if it is there."""
    if path.exists():
        shutil.rmtree(path)
