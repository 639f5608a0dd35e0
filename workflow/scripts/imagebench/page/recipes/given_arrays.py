"""Where images that are arrays come from."""

import json
from pathlib import Path

import numpy as np

IMAGES = "images.npy"
LABELS = "labels.npy"
RESULTS = "results/lookalike"

images, labels = np.load(IMAGES, mmap_mode="r"), np.load(LABELS)
names = json.loads(Path(RESULTS, "classes.json").read_text())
names = {int(label): name for label, name in names.items()}
