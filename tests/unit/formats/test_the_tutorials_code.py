"""Stores of the tutorial's three formats, read by a script that has never heard of this project."""

import os
import re
import subprocess
import sys

import numpy as np
import pytest
from blocks import store_all
from imagebench import formats
from projects import ROOT

IMAGES = np.random.default_rng(0).integers(0, 256, (12, 32, 32, 3), dtype=np.uint8)
LABELS = np.arange(100, 112)

READS = {
    ("disk", "many"): """
with open(folder / "disk" / "12.csv", newline="") as file:
    labels = [int(row[0]) for row in csv.reader(file, delimiter=" ", quotechar="|")]
images = [np.array(Image.open(folder / "disk" / f"{number}.png")) for number in range(12)]
""",
    ("disk", "one"): """
images = [np.array(Image.open(folder / "disk" / "0.png"))]
with open(folder / "disk" / "0.csv", newline="") as file:
    labels = [int(next(csv.reader(file, delimiter=" ", quotechar="|"))[0])]
""",
    ("hdf5", "many"): """
with h5py.File(folder / "hdf5" / "12_many.h5", "r+") as file:
    images = np.array(file["/images"]).astype("uint8")
    labels = np.array(file["/meta"]).astype("uint8")
""",
    ("hdf5", "one"): """
with h5py.File(folder / "hdf5" / "0.h5", "r+") as file:
    images = [np.array(file["/image"]).astype("uint8")]
    labels = [int(np.array(file["/meta"]).astype("uint8"))]
""",
    ("lmdb", "many"): """
environment = lmdb.open(str(folder / "lmdb" / "12_lmdb"), readonly=True)
with environment.begin() as transaction:
    records = [pickle.loads(transaction.get(f"{n:08}".encode("ascii"))) for n in range(12)]
images, labels = [record.get_image() for record in records], [record.label for record in records]
""",
    ("lmdb", "one"): """
environment = lmdb.open(str(folder / "lmdb" / "single_lmdb"), readonly=True)
with environment.begin() as transaction:
    record = pickle.loads(transaction.get(f"{0:08}".encode("ascii")))
images, labels = [record.get_image()], [record.label]
""",
}

SCRIPT = """
import csv, pickle, sys
from pathlib import Path
import h5py, lmdb
import numpy as np
from PIL import Image

class CIFAR_Image:
    def __init__(self, pixels, label):
        raise AssertionError("records are not made anew")

    def get_image(self):
        flat = np.frombuffer(self.image, dtype=np.uint8)
        return flat.reshape(self.size[0], self.size[1], self.channels)

folder = Path(sys.argv[1])
READ
np.save(folder / "images.npy", np.array(images))
np.save(folder / "labels.npy", np.array(labels))
assert not [name for name in sys.modules if name.startswith("imagebench")]
"""


def renaming(backend, kind):
    """The commands that docs/formats.md has for a store."""
    text = (ROOT / "docs/formats.md").read_text(encoding="utf-8")
    what = backend + (", one image" if kind == "one" else "")
    (commands,) = re.findall(rf"^(mv STORE.*?) +# {what}$", text, re.M)
    return commands.replace("STORE", "store").replace("<count>", "12")


@pytest.mark.parametrize(("backend", "kind"), READS)
def test_renamed_as_the_guide_says_a_store_is_read_by_the_tutorials_script(backend, kind, tmp_path):
    count = 12 if kind == "many" else 1
    if kind == "many":
        store_all(formats.load(backend), IMAGES, LABELS, tmp_path / "store")
    else:
        formats.load(backend).store_one(IMAGES[0], int(LABELS[0]), tmp_path / "store")
    for folder in ("data/lmdb", "data/hdf5"):
        (tmp_path / folder).mkdir(parents=True)
    subprocess.run(["sh", "-ec", renaming(backend, kind)], check=True, cwd=tmp_path)
    script = tmp_path / "script.py"
    script.write_text(SCRIPT.replace("READ", READS[backend, kind]), encoding="utf-8")
    subprocess.run([sys.executable, str(script), str(tmp_path / "data")], check=True)
    np.testing.assert_array_equal(np.load(tmp_path / "data/images.npy"), IMAGES[:count])
    np.testing.assert_array_equal(np.load(tmp_path / "data/labels.npy"), LABELS[:count])


USES_BOTH = """
import pickle, sys
from pathlib import Path
import numpy as np
from blocks import read_all, store_all
from imagebench import formats

class CIFAR_Image:
    def get_image(self):
        return np.frombuffer(self.image, dtype=np.uint8).reshape(*self.size, self.channels)

own, folder = CIFAR_Image, Path(sys.argv[1])
images, labels = np.ones((2, 4, 4, 3), np.uint8), np.ones(2, np.int64)
backend = formats.load("lmdb")
store_all(backend, images, labels, folder / "store")
assert CIFAR_Image is own
assert np.array_equal(read_all(backend, folder / "store")[0], images)
with backend.open(folder / "store") as reader:
    assert np.array_equal(reader.read_at(np.array([1]))[0], images[1:])
assert CIFAR_Image is own
assert type(pickle.loads(pickle.dumps(CIFAR_Image()))) is own
"""


def test_a_scripts_own_class_of_the_tutorials_name_stays_its_own(tmp_path):
    (tmp_path / "script.py").write_text(USES_BOTH, encoding="utf-8")
    search = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, str(tmp_path / "script.py"), str(tmp_path)]
    subprocess.run(command, env=search, check=True)
