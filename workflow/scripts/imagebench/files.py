"""Publishing files and folders whole: what stands under its final name is complete."""

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PARTIAL = re.compile(r"\.(?P<name>.+)-[0-9a-f]{8}\.partial")


def partial_of(path: Path) -> Path:
    """Name what stands in for a path until it is complete: hidden, and beside it.

    The mark is another one for each path, though always the same for one: file systems that spread
    folders over the disk go by the name, and nothing else is ever taken for a leftover.
    """
    mark = hashlib.sha256(os.fsencode(path)).hexdigest()[:8]
    return path.with_name(f".{path.name}-{mark}.partial")


def remove_leftovers(folder: Path) -> None:
    """Remove what jobs that were killed had begun to make below a folder, and nothing else.

    Links within it are not followed; it may itself be one. It must be named as the jobs name it,
    absolutely or by its place in the project's folder, since the names of leftovers go by that.
    """
    for place, folders, others in os.walk(folder):
        for entry in [*folders, *others]:
            found = PARTIAL.fullmatch(entry)
            if found and partial_of(Path(place, found["name"])).name == entry:
                remove_folder(Path(place, entry))
                folders[:] = [name for name in folders if name != entry]


def sync_folder(folder: Path) -> None:
    """Make a folder's entries durable, as a rename alone is not."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def blamed_on(path: Path, partial: Path) -> Iterator[None]:
    """Let errors of the system name a path, in place of nothing or of what stands in for it.

    A write that fails names no file at all, and the temporary one is gone when the error is read.
    """
    try:
        yield
    except OSError as error:
        if error.errno is not None:
            for which in ("filename", "filename2"):
                name = getattr(error, which)
                if isinstance(name, str | bytes | os.PathLike):
                    setattr(error, which, os.fsdecode(name).replace(str(partial), str(path)))
                elif which == "filename":  # nothing, or the number of an open file
                    error.filename = str(path)
        raise


@contextmanager
def published_file(path: str | Path) -> Iterator[Path]:
    """Yield a temporary path beside ``path``; when the body succeeds, it is renamed to ``path``.

    The file is synchronised before the rename and its folder after it, so that not even a power
    cut leaves half a file under the final name. When the body fails, nothing is left.

    Raises:
        OSError: naming ``path``, where the system named nothing.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = partial_of(path)
    with blamed_on(path, partial):
        try:
            yield partial
            with open(partial, "rb+") as handle:
                os.fsync(handle.fileno())
            os.replace(partial, path)
            sync_folder(path.parent)
        finally:
            partial.unlink(missing_ok=True)


def publish_json(path: str | Path, content: Any) -> None:
    """Publish what JSON can hold as a file; numbers that are no numbers are refused.

    Raises:
        ValueError: if there is such a number.
        OSError: as ``published_file`` does.
    """
    text = json.dumps(content, indent=1, allow_nan=False)
    with published_file(path) as partial:
        partial.write_text(f"{text}\n", encoding="utf-8")


@contextmanager
def published_folder(path: str | Path) -> Iterator[Path]:
    """Yield the path of a folder, not made yet, that is renamed to ``path`` on success.

    What an earlier, killed attempt left is removed first; when the body fails, nothing is left.

    Raises:
        OSError: naming ``path``, where the system named nothing.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = partial_of(path)
    with blamed_on(path, partial):
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
    """Remove a folder and all that it holds, or the file or link in its place, if there is any."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
