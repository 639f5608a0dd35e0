"""A folder of images as a run has measured it, for recipes to read."""

import csv
import json
from collections import Counter

from imagebench import decoding
from imagebench.changes import Change
from imagebench.modes import brought, brought_to
from imagebench.page import data_set
from imagebench.pieces import mode_of
from PIL import Image


class Folder:
    """A folder of images beside other files, and what a run has written of it."""

    def __init__(self, place, files, classes, **changes):
        self.place, self.root = place, place / "photos"
        self.files = {name: files[name] for name in sorted(files)}
        numbers = {name: number for number, name in classes.items()}
        self.labels = [numbers[name.partition("/")[0]] for name in self.files]
        self.root.mkdir(parents=True)
        self.change = Change(changes.get("mode"), changes.get("resize"))
        for name, content in self.files.items():
            (self.root / name).parent.mkdir(exist_ok=True)
            (self.root / name).write_bytes(content)
            (self.root / name).parent.joinpath(".DS_Store").write_bytes(b"\0\0\0\1Bud1")
            (self.root / name).with_suffix(".xml").write_text("<annotation/>")
        (self.root / "cats.txt").write_text("no class")
        results = place / "results/photos"
        results.mkdir(parents=True)
        (results / "classes.json").write_text(json.dumps(classes))
        with open(results / "labels.csv", "w", newline="", encoding="utf-8") as table:
            rows = csv.writer(table)
            rows.writerow(["path", "label", "class"])
            names = zip(self.files, self.labels, strict=True)
            rows.writerows([name, label, classes[label]] for name, label in names)
        self.decoded = [self.as_measured(content) for content in self.files.values()]
        kinds = [Image.open(self.root / name) for name in self.files]
        cmyk = [kind.mode == "CMYK" and not self.change.mode for kind in kinds]
        pairs = list(zip(self.decoded, cmyk, strict=True))
        modes = Counter("CMYK" if is_so else mode_of(image.shape, image.dtype)
                        for image, is_so in pairs)  # fmt: skip
        to = brought_to(modes)
        self.images = self.decoded if to is None else [
            brought(image, to["mode"], is_cmyk=is_so) for image, is_so in pairs
        ]  # fmt: skip
        folder = {"path": str(self.root), **changes}
        self.data = data_set.of({"dataset": "folder", "name": "photos", "folder": folder}, {
            "count": len(kinds), "of": len(kinds), "brought": to, "alike": False,
            "drops": {"orientation": 1},
            "modes": Counter(decoding.mode_of(kind) for kind in kinds),
            "formats": Counter(kind.format for kind in kinds),
        })  # fmt: skip
        self.classes = classes

    def as_measured(self, content, at_least=None):
        return decoding.changed(decoding.decode(content, at_least), content, self.change)
