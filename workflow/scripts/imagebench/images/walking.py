"""Finding the files of a folder, whatever lies in it."""

import csv
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from ..errors import BenchmarkError


def files_below(root: Path, without: Iterable[Path]) -> Iterator[tuple[bytes, str | None]]:
    """Go through all files below a folder, in the order of their names.

    Links are followed; a folder that was met already, by a link in a loop or otherwise, is not
    entered again. What begins with a dot is left out, as everywhere.

    Args:
        root: the folder.
        without: folders that are not entered, such as that of the results.

    Yields:
        The path below the root, in the bytes of the file system, and why a folder cannot be looked
        into, or None.
    """
    seen = {identity(os.fsencode(place)) for place in without if place.exists()}
    waiting = [b""]
    while waiting:
        folder = waiting.pop()
        place = os.path.join(os.fsencode(root), folder)
        try:
            this = identity(place)
            if this in seen:
                continue
            seen.add(this)
            with os.scandir(place) as entries:
                found = sorted((entry.name, is_folder(entry)) for entry in entries)
        except OSError as error:
            yield folder, error.strerror or str(error)
            continue
        visible = [(os.path.join(folder, name), inner) for name, inner in found
                   if not name.startswith(b".")]  # fmt: skip
        yield from ((path, None) for path, inner in visible if not inner)
        waiting += [path for path, inner in reversed(visible) if inner]


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


def labels_of(
    names: Iterable[bytes], labels: str, root: Path
) -> tuple[dict[bytes, int], list[str]]:
    """Give each image its class.

    Args:
        names: paths of all images below the root.
        labels: "folders", where the first folder of a path is its class; "none"; or the path of a
            CSV file with the columns path and label, as it is or below the root.
        root: the folder.

    Returns:
        The number of each image's class, by its path, and what the classes are called.

    Raises:
        BenchmarkError: if the CSV file does not give each image one class.
    """
    if labels == "none":
        return dict.fromkeys(names, 0), ["all"]
    if labels == "folders":
        called = {name: name.partition(b"/")[0] if b"/" in name else b"" for name in names}
    else:
        file = next((path for path in (Path(labels), root / labels) if path.is_file()), None)
        if file is None:
            raise BenchmarkError(
                f"config: folder.labels is {labels!r}, and there is no such file: give the path of "
                "a CSV file, or folders, or none"
            )
        called = read_labels(file, list(names))
    classes = sorted(set(called.values()))
    numbers = {name: number for number, name in enumerate(classes)}
    return (
        {name: numbers[of] for name, of in called.items()},
        [os.fsdecode(name) for name in classes],
    )


def read_labels(file: Path, names: list[bytes]) -> dict[bytes, bytes]:
    """Read the class of each image out of a CSV file.

    Raises:
        BenchmarkError: if it is no UTF-8, has other columns, or has an image twice or not at all.
    """
    found: dict[bytes, bytes] = {}
    try:
        with open(file, newline="", encoding="utf-8-sig", errors="strict") as handle:
            rows = csv.DictReader(handle)
            if not {"path", "label"} <= set(rows.fieldnames or ()):
                raise BenchmarkError(
                    f"the labels {file} must have the columns path and label, but have "
                    f"{', '.join(rows.fieldnames or ()) or 'none'}"
                )
            for row in rows:
                name = os.fsencode(os.path.normpath(row["path"] or ""))
                if not row["path"] or not row["label"]:
                    raise BenchmarkError(
                        f"the labels {file}, line {rows.line_num}: no path or label"
                    )
                if name in found:
                    raise BenchmarkError(
                        f"the labels {file}, line {rows.line_num}: {row['path']!r} comes twice"
                    )
                found[name] = row["label"].encode("utf-8")
    except UnicodeDecodeError as error:
        raise BenchmarkError(
            f"the labels {file} are not UTF-8 ({error.reason} at byte {error.start:,}): save them "
            "as UTF-8"
        ) from error
    without = [name for name in names if name not in found]
    if without:
        raise BenchmarkError(
            f"the labels {file} have none for {len(without):,} of {len(names):,} images, such as "
            f"{os.fsdecode(without[0])!r}: add them, or set folder.labels to folders or none"
        )
    if more := found.keys() - set(names):
        raise BenchmarkError(
            f"the labels {file} name {len(more):,} images that are not in the folder, such as "
            f"{os.fsdecode(min(more))!r}: take them out of the file"
        )
    return found
