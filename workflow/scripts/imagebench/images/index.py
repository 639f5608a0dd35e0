"""The index of a folder of images: one row a file, with what is known of each."""

import json
import os
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..changes import UNCHANGED, Change
from ..digests import DIGEST_BYTES
from ..files import published_file
from ..pieces import Facts, mode_of

ROW = np.dtype(
    [
        ("size", "<i8"),
        ("changed", "<i8"),
        ("height", "<i4"),
        ("width", "<i4"),
        ("label", "<i8"),
        ("format", "u1"),
        ("mode", "u1"),
        ("channels", "u1"),
        ("depth", "u1"),
        ("orientation", "u1"),
        ("pages", "<u4"),
        ("state", "u1"),
        ("pixels", "u1", DIGEST_BYTES),
        ("bytes", "u1", DIGEST_BYTES),
    ]
)
"""Of a file: its size in bytes, and when it was changed, in nanoseconds; what its header says:
height and width, format and mode by their numbers, channels (0 for two dimensions) and bytes of
each that decoding gives, orientation (0 for none) and pages or frames; what became of it; and the
digests of image and label, and of the file's bytes, zero until they are taken."""

MODES = (
    "1", "L", "LA", "P", "PA", "RGB", "RGBA", "CMYK", "L;16", "LA;16", "RGB;16", "RGBA;16", "YCbCr",
)  # fmt: skip
"""Modes that a file can have, in Pillow's words; see ``decoding.mode_of``."""

GOOD, NO_IMAGE, UNREADABLE, DAMAGED, OTHER_KIND = range(5)
"""What became of a file. What is no image, by its content and by its name, is left out without a
word; of what is damaged, the header can be read, and the rest cannot; OTHER_KIND looks like an
image, by name or content, and is of no format that is read here."""


@dataclass
class Index:
    """What is known of the files of a folder.

    Attributes:
        root: the folder.
        names: paths of files below it, in bytes.
        rows: one of each file; see ROW.
        reasons: why files that look like images are left out, by their names.
        classes: what each class is called, by its label, in the order of labels.
        change: of all images, which the digests are of.
        notes: sentences about what is odd about the folder and its labels.
    """

    root: Path
    names: list[bytes]
    rows: NDArray[Any]
    reasons: dict[bytes, str]
    classes: dict[int, str]
    change: Change = UNCHANGED
    notes: list[str] = field(default_factory=list)

    def save(self, folder: Path) -> None:
        """Write it into a folder as files that can be mapped."""
        with published_file(folder / "index.npy") as partial, open(partial, "wb") as file:
            np.save(file, self.rows)
        with published_file(folder / "names.bin") as partial:
            partial.write_bytes(b"\0".join(self.names))
        reasons = {os.fsdecode(name): reason for name, reason in self.reasons.items()}
        more = {
            "root": str(self.root),
            "classes": list(self.classes.items()),
            "change": self.change,
            "reasons": reasons,
            "notes": self.notes,
        }
        with published_file(folder / "index.json") as partial:
            partial.write_text(json.dumps(more, indent=1) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "Index | None":
        """Read what ``save`` wrote; None if there is nothing, or of another kind."""
        try:
            more = json.loads((folder / "index.json").read_text("utf-8"))
            rows = np.load(folder / "index.npy")
            names = (folder / "names.bin").read_bytes().split(b"\0") if len(rows) else []
        except (OSError, ValueError):
            return None
        if rows.dtype != ROW or len(rows) != len(names):
            return None
        reasons = {os.fsencode(name): reason for name, reason in more["reasons"].items()}
        classes, change = dict(more["classes"]), Change(*more["change"])
        return cls(Path(more["root"]), names, rows, reasons, classes, change, more["notes"])

    @property
    def looking_like_images(self) -> NDArray[np.int64]:
        """Numbers of the rows of all files that look like images, whatever became of them."""
        return np.flatnonzero(self.rows["state"] != NO_IMAGE)

    def mark(self, number: int, reason: str, state: int = UNREADABLE) -> None:
        """Leave a file out, and say why."""
        self.rows[number]["state"] = state
        self.reasons[self.names[number]] = reason


def dropped(rows: Any) -> dict[str, int]:
    """Count the good files that hold what formats of pixels drop.

    Returns:
        Files of several ``pages`` or frames, and files with another ``orientation`` than upright;
        without those of which there are none.
    """
    good = rows[rows["state"] == GOOD]
    counts = {"pages": good["pages"] > 1, "orientation": good["orientation"] > 1}
    return {name: int(found.sum()) for name, found in counts.items() if found.any()}


def facts_of(rows: Any, paths: list[bytes], change: Change = UNCHANGED) -> Facts:
    """Say what the index knows of some images, after they are changed as is wanted."""
    height, width, channels, depth = change.shapes(rows)
    sizes = height * width * np.maximum(channels, 1) * depth
    shape = None
    if all((of == of[0]).all() for of in (height, width, channels, depth)):
        shape = int(height[0]), int(width[0]), *([int(channels[0])] if channels[0] else [])
    are_cmyk = (rows["mode"] == MODES.index("CMYK")) & (change.mode is None)
    kinds = Counter(zip(channels.tolist(), depth.tolist(), are_cmyk.tolist(), strict=True))
    modes: Counter[str] = Counter()
    for (of, size, is_cmyk), count in kinds.items():
        named = mode_of((1, 1, *([of] if of else [])), np.dtype(f"u{size}"))
        modes["CMYK" if is_cmyk else named] += count
    return Facts(
        shape,
        rows["label"].astype(np.int64),
        np.dtype(f"u{depth[0]}"),
        sizes=sizes if shape is None else None,
        modes=dict(modes),
        cmyk=are_cmyk if are_cmyk.any() else None,
        largest=(int(height.max()), int(width.max())),
        pixels=int((height * width).sum()),
        file_bytes=rows["size"].astype(np.int64),
        paths=paths,
        change=change,
    )
