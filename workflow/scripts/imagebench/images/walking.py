"""Finding the files of a folder, whatever lies in it."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

OF_SYSTEMS = frozenset(
    name.lower().encode()
    for name in ("@eaDir", "@__thumb", "#recycle", "@Recycle", "$RECYCLE.BIN", "__MACOSX",
                 "System Volume Information", "lost+found")
)  # fmt: skip
"""Folders that file servers and systems make, of thumbnails, deleted files and the like."""


def files_below(
    root: Path, without: Iterable[Path], met_again: list[bytes]
) -> Iterator[tuple[bytes, str | None]]:
    """Go through all files below a folder, in the order of their names, those behind links last.

    A folder is entered once, by its own name rather than by a link. What begins with a dot is left
    out, as everywhere, and so are OF_SYSTEMS.

    Args:
        root: the folder.
        without: folders that are not entered, such as that of the results.
        met_again: takes the paths of links to folders that were entered already.

    Yields:
        The path below the root, in the bytes of the file system, and why a folder cannot be looked
        into, or None.
    """
    kept_out = {identity(os.fsencode(place)) for place in without if place.exists()}
    seen: set[tuple[int, int]] = set()
    waiting, links = [b""], list[bytes]()
    while waiting or links:
        folder = waiting.pop() if waiting else links.pop(0)
        place = os.path.join(os.fsencode(root), folder)
        try:
            this = identity(place)
            if this in kept_out:
                continue
            if this in seen:
                met_again.append(folder)
                continue
            seen.add(this)
            with os.scandir(place) as entries:
                found = sorted(
                    (entry.name, is_folder(entry), entry.is_symlink()) for entry in entries
                )
        except OSError as error:
            yield folder, error.strerror or str(error)
            continue
        visible = [
            (os.path.join(folder, name), inner, is_link)
            for name, inner, is_link in found
            if not name.startswith(b".") and not (inner and name.lower() in OF_SYSTEMS)
        ]
        yield from ((path, None) for path, inner, _ in visible if not inner)
        waiting += [path for path, inner, is_link in reversed(visible) if inner and not is_link]
        links += [path for path, inner, is_link in visible if inner and is_link]


def is_folder(entry: os.DirEntry[bytes]) -> bool:
    """Whether an entry is a folder, or a link to one; what leads nowhere is none."""
    try:
        return entry.is_dir()
    except OSError:  # a link that leads to itself
        return False


def identity(place: bytes) -> tuple[int, int]:
    """Name a folder by what it is, however one came there."""
    status = os.stat(place)
    return status.st_dev, status.st_ino
