"""The code that a page shows is run as it stands: it reads our stores, and we read its."""

import subprocess
import sys

import numpy as np
import pytest
from imagebench import formats
from imagebench.digests import image_digests
from imagebench.page import snippets
from imagebench.pieces import Facts, Piece, in_one_piece
from pictures import encoded
from PIL import Image

CONTAINERS = [f"{container}+png" for container in formats.containers_there_are()]
CODECS = [f"packed+{codec}" for codec in formats.codecs_there_are() if codec != "original"]
OWN = [name for name in formats.backends_there_are() if snippets.of(name)]
GIVEN = "import numpy as np\nimages, labels = np.load('images.npy'), np.load('labels.npy')\n"
TAKEN = """
found = [images[number] for number in range(len(images))]
np.save("found.npy", np.stack([image for image, _ in found]))
np.save("found_labels.npy", np.array([label for _, label in found]))
"""


@pytest.fixture
def given():
    generator = np.random.default_rng(0)
    return generator.integers(0, 256, (20, 30, 40, 3), dtype=np.uint8), np.arange(20) % 7


def run(folder, code):
    """Run code by itself, with nothing of this project on its path."""
    script = folder / "script.py"
    script.write_text(f"import numpy as np\n{code}", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-I", script], cwd=folder, text=True, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr


def read_by(folder, name):
    run(folder, snippets.of(name).read + TAKEN)
    return np.load(folder / "found.npy"), np.load(folder / "found_labels.npy")


def test_every_recipe_is_of_a_format():
    kinds = {
        "container": formats.containers_there_are(), "codec": formats.codecs_there_are(),
        "backend": formats.backends_there_are(),
    }  # fmt: skip
    for file in snippets.RECIPES.glob("*_*.py"):
        if file.stem != "__init__":
            kind, _, name = file.stem.partition("_")
            assert name.removesuffix("_sized") in kinds[kind]


@pytest.mark.parametrize("name", dict.fromkeys([*CONTAINERS, *CODECS, "packed+jpeg@24", *OWN]))
def test_what_we_write_it_reads(name, given, tmp_path):
    if name == "in_place":
        pytest.skip("it has no store of its own")
    backend = formats.load(name)
    backend.store(*in_one_piece(*given), tmp_path / "STORE")
    images, labels = read_by(tmp_path, name)
    assert np.array_equal(images, backend.as_read(given[0]))
    assert np.array_equal(labels, given[1])


@pytest.mark.parametrize("name", dict.fromkeys([*CONTAINERS, *CODECS, "packed+jpeg@24", *OWN]))
def test_what_it_writes_we_read(name, given, tmp_path):
    code = snippets.of(name)
    if code.write is None:
        pytest.skip("nothing is to be written")
    for what, values in zip(("images", "labels"), given, strict=True):
        np.save(tmp_path / f"{what}.npy", values)
    (tmp_path / "STORE").mkdir()
    run(tmp_path, GIVEN + code.write)
    backend = formats.load(name)
    [(images, labels)] = backend.read(tmp_path / "STORE")
    assert np.array_equal(images, backend.as_read(given[0]))
    assert np.array_equal(labels, given[1])


@pytest.fixture
def files(tmp_path):
    """JPEG files of two classes, each in a folder."""
    found = []
    for number in range(6):
        file = tmp_path / f"photos/{number % 2}/{number}.jpg"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(encoded("RGB", "JPEG", width=80, height=60, seed=number))
        found.append(file)
    return found


@pytest.mark.parametrize("name", ["lmdb+original", "packed+original", "packed+original@20"])
def test_files_are_kept_and_read_as_they_are(name, files, tmp_path):
    code = snippets.of(name)
    (tmp_path / "STORE").mkdir()
    run(tmp_path, f"files = {[str(file) for file in files]!r}\nlabels = [0, 1] * 3\n{code.write}")
    backend = formats.load(name)
    [(images, labels)] = backend.read(tmp_path / "STORE")
    found, found_labels = read_by(tmp_path, name)
    assert np.array_equal(image_digests(images, labels), image_digests(found, found_labels))
    sizes = np.array([file.stat().st_size for file in files])
    facts = Facts(images.shape[1:], np.array([0, 1] * 3), file_bytes=sizes)
    own = tmp_path / "own"
    backend.store([Piece([file.read_bytes() for file in files], facts.labels)], facts, own)
    assert (own / next(iter(p.name for p in own.iterdir()))).exists()
    [(again, _)] = backend.read(own)
    assert np.array_equal(again, images)


def test_a_folder_is_read_where_it_is(files, tmp_path):
    (tmp_path / "photos").rename(tmp_path / "STORE")
    images, labels = read_by(tmp_path, "in_place")
    order = sorted((tmp_path / "STORE").rglob("*.jpg"))
    assert all(
        np.array_equal(image, np.asarray(Image.open(file)))
        for image, file in zip(images, order, strict=True)
    )
    assert labels.tolist() == [0, 0, 0, 1, 1, 1]


@pytest.mark.parametrize("codec", formats.codecs_there_are())
def test_files_end_as_ours_do(codec):
    assert (
        f'"{formats.load(f"files+{codec}").codec.ending}")' in snippets.of(f"files+{codec}").write
    )
