"""Where the images of a folder come from."""

import csv
import json
from pathlib import Path

FOLDER = "photos"
RESULTS = "results/photos"

with open(f"{RESULTS}/labels.csv", newline="", encoding="utf-8", errors="surrogateescape") as table:
    rows = list(csv.DictReader(table))
files = [Path(FOLDER, row["path"]) for row in rows]
labels = [int(row["label"]) for row in rows]
names = json.loads(Path(RESULTS, "classes.json").read_text())
names = {int(label): name for label, name in names.items()}
