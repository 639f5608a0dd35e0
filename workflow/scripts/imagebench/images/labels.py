"""The class of each image: from folders or from a CSV file, as a number that does not move."""

import csv
import io
import os
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from ..errors import BenchmarkError
from ..wording import counted

WHOLE = re.compile(r"[-+]?[0-9]+")
"""Names that are whole numbers."""

AS_FLOAT = re.compile(r"[-+]?[0-9]+\.0*")
"""A whole number as pandas writes it if another label of its column is missing, such as "2.0"."""

LARGEST = (1 << 63) - 1
"""The largest label: stores keep them as 64-bit integers."""

BESIDE = "."
"""Name of the class of images that lie beside the folders of the others, as in a path."""

ALL = "all"
"""Name of the one class of all images."""


class Labels(NamedTuple):
    """The classes of images.

    Attributes:
        names: what each class is called, by its number.
        numbers: the number of each image's class, by the image's path below the folder.
        notes: sentences about what is odd about them.
    """

    names: dict[int, str]
    numbers: dict[bytes, int]
    notes: list[str]


def labels_of(paths: Sequence[bytes], needing: Sequence[bytes], labels: str, root: Path) -> Labels:
    """Return the class of each image.

    Classes and their numbers come from all files that look like images, damaged or not, and from
    all rows of a CSV file: so no number depends on which file can be read.

    Args:
        paths: of all files below the root that look like images.
        needing: those of them that must have a label.
        labels: "folders", where the first folder of a path is its class; "none"; or the path of a
            CSV file with the columns path and label, as it is or below the root.
        root: the folder.

    Raises:
        BenchmarkError: if the CSV file does not give each image one class.
    """
    if labels == "none":
        return Labels({0: ALL}, dict.fromkeys(paths, 0), [])
    if labels == "folders":
        called = {path: folder_of(path) for path in paths}
        names, notes = set(called.values()), list[str]()
    else:
        file = table_of(labels, root)
        rows = as_numbers(list(rows_of(file)))
        called, notes = matched(rows, file, paths, needing, root)
        names = {label for _, label, _ in rows}
    try:
        numbers = numbered(names)
    except ValueError as error:
        raise BenchmarkError(f"the labels of {root}: {error}") from error
    return Labels(
        {number: name for name, number in numbers.items()},
        {path: numbers[name] for path, name in called.items()},
        notes,
    )


def folder_of(path: bytes) -> str:
    """Return the first folder of a path, or BESIDE if it has none."""
    first, _, rest = path.partition(b"/")
    return os.fsdecode(first) if rest else BESIDE


def table_of(labels: str, root: Path) -> Path:
    """Return the CSV file that a config names, by itself or within the folder.

    Raises:
        BenchmarkError: if there is none.
    """
    given = Path(os.path.expandvars(labels)).expanduser()
    for file in (given, root / given):
        if file.is_file():
            return file
    raise BenchmarkError(
        f"config: folder.labels is {labels!r}, and there is no such file: give the path of a CSV "
        "file, or folders, or none"
    )


def numbered(names: Iterable[str]) -> dict[str, int]:
    """Return a number for each name, by its name, ordered by number.

    Names that are all whole numbers keep them. Others are numbered from 0 on in natural order, in
    which "class 2" comes before "class 10". BESIDE takes the next number in either case.

    Raises:
        ValueError: for whole numbers that no store can keep.
    """
    others = set(names)
    is_beside = len(others) > 1 and BESIDE in others
    if is_beside:
        others.remove(BESIDE)
    found = whole(others)
    if found is None:
        found = {name: number for number, name in enumerate(sorted(others, key=natural))}
    if is_beside:
        found[BESIDE] = max(found.values()) + 1
    return dict(sorted(found.items(), key=lambda item: item[1]))


def whole(names: Iterable[str]) -> dict[str, int] | None:
    """Return the whole number that each name is; None unless all are different numbers.

    Raises:
        ValueError: for whole numbers that no store can keep.
    """
    names = list(names)
    if not all(map(WHOLE.fullmatch, names)):
        return None
    numbers = list(map(int, names))
    for number in numbers:
        if not 0 <= number <= LARGEST:
            raise ValueError(
                f"{number} is no label from 0 to {LARGEST}: stores keep no other whole numbers; "
                "take another number, or a name, for this class"
            )
    return dict(zip(names, numbers, strict=True)) if len(set(numbers)) == len(names) else None


def natural(name: str) -> tuple[list[tuple[int, int, str]], str]:
    """Return what a name is sorted by, so that numbers within it count as numbers."""
    parts = re.findall(r"[0-9]+|[^0-9]+", name)
    keys = [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts]
    return keys, name


class Row(NamedTuple):
    """A row of a CSV file of labels."""

    path: str
    label: str
    line: int


def rows_of(file: Path) -> Iterator[Row]:
    """Read the rows of a CSV file of labels.

    Commas, semicolons or tabs may stand between its columns, in UTF-8 or UTF-16.

    Raises:
        BenchmarkError: for other encodings or columns, and for a row without path or label.
    """
    content = file.read_bytes()
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise BenchmarkError(
            f"the labels {file} are not UTF-8 ({error.reason} at byte {error.start:,}): save them "
            "as UTF-8"
        ) from error
    if text.startswith("sep="):  # for Excel
        text = text.partition("\n")[2]
    csv.field_size_limit(max(len(text), csv.field_size_limit()))
    header = re.match(r"[^\r\n]*", text)
    delimiter = max(",;\t", key=(header[0] if header else "").count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
    try:
        columns = [name.strip() for name in next(reader, [])]
        places = [column_of(name, columns, file) for name in ("path", "label")]
        for cells in reader:
            if not any(map(str.strip, cells)):
                continue
            path, label = (cells[place] if place < len(cells) else "" for place in places)
            wrong = {
                "there is no path or label: fill it in": not path.strip() or not label.strip(),
                "there is a zero byte: take it out": "\0" in path + label,
                "there are more cells than columns: put quotes around a cell that holds a "
                f"{delimiter!r}": any(map(str.strip, cells[len(columns) :])),
            }
            for reason, is_wrong in wrong.items():
                if is_wrong:
                    raise BenchmarkError(f"the labels {file}, line {reader.line_num}: {reason}")
            yield Row(path, label.strip(), reader.line_num)
    except csv.Error as error:
        raise BenchmarkError(
            f"the labels {file}, line {reader.line_num}: {error}: mend the line"
        ) from error


def as_numbers(rows: list[Row]) -> list[Row]:
    """Return rows whose labels are whole numbers without decimals, if they all are such numbers."""
    if not all(WHOLE.fullmatch(row.label) or AS_FLOAT.fullmatch(row.label) for row in rows):
        return rows
    return [
        row._replace(label=str(int(row.label.partition(".")[0]))) if "." in row.label else row
        for row in rows
    ]


def column_of(name: str, columns: list[str], file: Path) -> int:
    """Return the number of a column, whose name may be written in capitals.

    Raises:
        BenchmarkError: if there is no such column, or more than one.
    """
    for several in (columns, [column.lower() for column in columns]):
        if several.count(name) == 1:
            return several.index(name)
        if name in several:
            raise BenchmarkError(f"the labels {file} have the column {name} twice: keep one")
    raise BenchmarkError(
        f"the labels {file} must have the columns path and label, but have "
        f"{', '.join(columns) or 'none'}"
    )


def matched(
    rows: Sequence[Row], file: Path, paths: Sequence[bytes], needing: Sequence[bytes], root: Path
) -> tuple[dict[bytes, str], list[str]]:
    """Return the label of each image by its path, and sentences about rows of other files.

    Raises:
        BenchmarkError: if an image has two labels, or one that needs a label has none.
    """
    known = {composed(os.fsdecode(path)): path for path in paths if not path.isascii()}
    known |= {path: path for path in paths}
    found: dict[bytes, str] = {}
    missing: list[str] = []
    first = f"its first path is {rows[0].path!r}" if rows else "it has no rows"
    for path, label, line in rows:
        name = next((known[one] for one in spellings(path, root) if one in known), None)
        if name is None:
            if not is_there(path, root):
                missing.append(path)
        elif found.setdefault(name, label) != label:
            raise BenchmarkError(
                f"the labels {file}, line {line}: {path!r} is {label!r}, and was {found[name]!r} "
                "in a line before: leave one of both"
            )
    without = [path for path in needing if path not in found]
    if without:
        raise BenchmarkError(
            f"the labels {file} have none for {len(without):,} of "
            f"{counted(len(needing), 'image')}, such as {os.fsdecode(without[0])!r} ({first}): add "
            "them, with paths below the folder, or set folder.labels to folders or none"
        )
    notes = []
    if missing:
        notes.append(
            f"The labels {file} name {counted(len(missing), 'file')} not in the folder, such as "
            f"{missing[0]!r}; their classes keep their numbers."
        )
    return found, notes


def spellings(path: str, root: Path) -> Iterator[bytes]:
    """Return the names below a folder that a path of a CSV file can mean, the likeliest first."""
    for text in (path, path.strip(), path.strip().replace("\\", "/")):
        below = text
        if os.path.isabs(text):
            for top in dict.fromkeys((os.path.abspath(root), os.path.realpath(root))):
                if text.startswith(f"{top}/"):
                    below = os.path.relpath(text, top)
        name = os.path.normpath(below)
        yield os.fsencode(name)
        yield composed(name)


def composed(name: str) -> bytes:
    """Return a path with each accent within its letter, whichever way a system writes them."""
    return os.fsencode(unicodedata.normalize("NFC", name))


def is_there(path: str, root: Path) -> bool:
    """Return whether a path of a CSV file leads to any file in a folder, image or not."""
    below = (os.path.normpath(root / text) for text in (path, path.strip()))
    return any(place.startswith(f"{root}/") and os.path.lexists(place) for place in below)
