"""Limits of formats, of libraries and of the process: kept, worked around, or told in one line."""

import os
import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest
from imagebench import backends
from imagebench.backends.blobs import Blobs
from imagebench.backends.codecs.base import Codec
from imagebench.backends.codecs.raw import Raw
from imagebench.backends.containers.base import Container
from imagebench.failures import BenchmarkError

CODECS = [f"packed+{codec}" for codec in backends.codecs()]
CONTAINERS = [f"{container}+raw" for container in backends.containers()]

BEGINNING = """
import os, resource, sys
from pathlib import Path
import numpy as np
from imagebench import backends
from imagebench.failures import BenchmarkError

def kilobytes(name):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name))

def some(count, height, width):
    images = np.random.default_rng(0).integers(0, 256, (count, height, width, 3), dtype=np.uint8)
    return images, np.arange(count, dtype=np.uint8)

def limit(which, most):
    resource.setrlimit(which, (most, resource.getrlimit(which)[1]))

def used_once(backend, folder):
    backend.store(*some(2, 32, 32), folder)
    backend.read(folder)
    with backend.open(folder) as reader:
        reader.read_at(np.array([1]))

name, folder = sys.argv[1], Path(sys.argv[2])
backend = backends.load(name)
"""


def run_apart(script, *arguments):
    """Run lines in a process of their own, whose limits and peaks are nobody else's."""
    done = subprocess.run(
        [sys.executable, "-c", BEGINNING + script, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        text=True, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    return done.stdout


def blank(*shape):
    """Black images that take no memory."""
    return np.broadcast_to(np.zeros(1, np.uint8), (1, *shape, 3))


@pytest.mark.parametrize("name", CODECS)
def test_the_longest_image_that_a_codec_has_comes_back(name, tmp_path):
    backend = backends.load(name)
    side = int(min(backend.largest_side, 1_000_000))
    for number, shape in enumerate([(1, 1, side, 3), (1, side, 1, 3)]):
        images = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
        backend.store(images, np.zeros(1, np.uint8), tmp_path / str(number))
        found, _ = backend.read(tmp_path / str(number))
        np.testing.assert_array_equal(found, backend.as_read(images))
        assert found.shape == shape


@pytest.mark.parametrize("name", [*backends.plain(), *CODECS])
def test_an_image_that_a_format_cannot_hold_is_refused_before_there_is_a_folder(name, tmp_path):
    backend = backends.load(name)
    shapes = []
    if backend.largest_side < np.inf:
        shapes += [(1, backend.largest_side + 1), (backend.largest_side + 1, 1)]
    if backend.largest_pixels < np.inf:
        shapes += [(1, backend.largest_pixels + 1)]
    for shape in shapes:
        for call in (
            lambda: backend.store(blank(*shape), np.zeros(1, np.uint8), tmp_path / "store"),  # noqa: B023
            lambda: backend.store_one(blank(*shape)[0], 0, tmp_path / "store"),  # noqa: B023
        ):
            with pytest.raises(BenchmarkError, match=r"do not fit into .* at most: take another"):
                call()
    assert not list(tmp_path.iterdir())


def test_what_pillow_does_not_open_again_is_not_stored_as_png():
    assert backends.load("disk").largest_pixels < 13_400 * 13_400
    assert backends.load("disk").largest_pixels > 13_300 * 13_300


class OfLength(Raw):
    """Makes blobs of a length, without their bytes, which are never looked at."""

    def __init__(self, length):
        self.length = length

    def encode(self, image):
        return range(self.length)

    def encode_all(self, images):
        return map(self.encode, images)

    def most_bytes(self, image_bytes):
        return self.length


@pytest.mark.parametrize("name", backends.containers())
def test_a_blob_that_a_container_cannot_hold_is_refused_before_there_is_a_folder(name, tmp_path):
    container = backends.made_from(backends.FOLDER / f"containers/{name}.py", Container)
    most = container.largest_blob
    if most == np.inf:
        return
    images = np.zeros((2, 1, 1, 3), np.uint8)
    assert len(list(Blobs(container, OfLength(most)).fitting([range(most)], 3))) == 1
    backend = Blobs(container, OfLength(most + 1))
    with pytest.raises(BenchmarkError, match="does not fit into"):
        backend.store(images, np.zeros(2, np.uint8), tmp_path / "store")
    with pytest.raises(BenchmarkError, match="does not fit into"):
        backend.store_one(images[0], 0, tmp_path / "store")
    assert not list(tmp_path.iterdir())


def test_sqlite_holds_less_than_a_gigabyte_and_says_so():
    assert 900_000_000 < backends.load("sqlite+raw").container.largest_blob < 1 << 31


@pytest.mark.parametrize("name", CONTAINERS)
def test_large_images_are_written_without_holding_all_of_them_again(name, tmp_path):
    output = run_apart(
        """
images, labels = some(40, 1000, 1500)
used_once(backend, folder / "first")
before = kilobytes("VmHWM")
backend.store(images, labels, folder / "store")
print("more", kilobytes("VmHWM") - before)
found, found_labels = backend.read(folder / "store")
assert np.array_equal(found, images) and np.array_equal(found_labels, labels)
with backend.open(folder / "store") as reader:
    order = np.array([39, 0, 17, 17, 13, 14, 15, 27, 28])
    found, found_labels = reader.read_at(order)
assert np.array_equal(found, images[order]) and np.array_equal(found_labels, labels[order])
print("in all", kilobytes("VmHWM") - before)
""",
        name,
        tmp_path,
    )
    print(name, output)
