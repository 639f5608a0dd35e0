"""Every backend, found and tested without being listed."""

import flipping
import numpy as np
import pytest
from imagebench import backends
from imagebench.failures import BenchmarkError
from imagebench.measurement import reading, storing
from imagebench.measurement.digests import digest, digest_one
from imagebench.measurement.footprint import footprint

SHAPES = [(1, 32, 32, 3), (2, 32, 32, 3), (257, 32, 32, 3), (12, 48, 20, 3)]


def some_images(shape, seed=0):
    generator = np.random.default_rng(seed)
    images = generator.integers(0, 256, shape, dtype=np.uint8)
    labels = generator.integers(0, 256, shape[0], dtype=np.uint8)
    return images, labels


@pytest.fixture(params=backends.available())
def backend(request):
    return backends.load(request.param)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_many_come_back_as_they_went_in(backend, shape, tmp_path):
    images, labels = some_images(shape)
    backend.store(images, labels, tmp_path / "store")
    read_images, read_labels = backend.read(tmp_path / "store")
    assert read_images.dtype == read_labels.dtype == np.uint8
    np.testing.assert_array_equal(read_images, images)
    np.testing.assert_array_equal(read_labels, labels)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_one_comes_back_as_it_went_in(backend, shape, tmp_path):
    images, labels = some_images(shape)
    backend.store_one(images[0], int(labels[0]), tmp_path / "store")
    image, label = backend.read_one(tmp_path / "store")
    assert image.dtype == np.uint8
    np.testing.assert_array_equal(image, images[0])
    assert label == labels[0]


def test_equal_images_with_different_labels_stay_in_order(backend, tmp_path):
    images = np.repeat(some_images((1, 32, 32, 3))[0], 100, axis=0)
    labels = np.arange(100, dtype=np.uint8)[::-1].copy()
    backend.store(images, labels, tmp_path / "store")
    np.testing.assert_array_equal(backend.read(tmp_path / "store")[1], labels)


def test_a_slice_of_a_larger_array_is_stored_right(backend, tmp_path):
    images, labels = some_images((20, 32, 32, 3))
    backend.store(images[::2], labels[::2], tmp_path / "store")
    assert digest(*backend.read(tmp_path / "store")) == digest(images[::2], labels[::2])


def test_a_second_store_into_the_same_place_is_refused(backend, tmp_path):
    images, labels = some_images((5, 32, 32, 3))
    other_images, other_labels = some_images((3, 32, 32, 3), seed=1)
    backend.store(images, labels, tmp_path / "store")
    with pytest.raises(FileExistsError):
        backend.store(other_images, other_labels, tmp_path / "store")
    with pytest.raises(FileExistsError):
        backend.store_one(other_images[0], 0, tmp_path / "store")
    assert digest(*backend.read(tmp_path / "store")) == digest(images, labels)


@pytest.mark.parametrize("name", backends.available())
def test_a_flipped_byte_never_passes_as_other_pixels(name, tmp_path):
    store = tmp_path / "store"
    backends.load(name).store(*some_images((40, 32, 32, 3)), store)
    ends = flipping.flip_apart(name, store, times=200)
    # Some bytes are padding, whose damage harms nobody; but most are not.
    assert set(ends) <= {"refused", "killed", "unharmed"}, ends
    assert ends.get("unharmed", 0) < 100, ends


def test_a_truncated_or_incomplete_store_is_caught_before_it_is_opened(backend, tmp_path):
    images, labels = some_images((40, 32, 32, 3))
    store = tmp_path / "store"
    backend.store(images, labels, store)
    size = vars(footprint(store))
    reading.require_complete(store, size)
    largest = max((f for f in store.rglob("*") if f.is_file()), key=lambda f: f.stat().st_size)
    content = largest.read_bytes()
    largest.write_bytes(content[: len(content) // 2])
    with pytest.raises(BenchmarkError, match=str(store)):
        reading.require_complete(store, size)
    largest.unlink()
    with pytest.raises(BenchmarkError, match=str(store)):
        reading.require_complete(store, size)


def test_the_four_experiments_agree_with_each_other(backend, tmp_path):
    images, labels = some_images((30, 32, 32, 3))
    samples = storing.store_many(backend, images, labels, tmp_path / "many")
    assert {sample.digest for sample in samples} == {digest(images, labels)}
    assert reading.read_many(backend, tmp_path / "many", images.shape, vars(samples[-1]))
    size = vars(footprint(tmp_path / "many"))
    assert {name: getattr(samples[-1], name) for name in size} == size

    samples = storing.store_single(backend, images, labels, tmp_path / "single")
    stored = [vars(sample) for sample in samples]
    assert len(samples) >= 20
    assert samples[3].digest == digest_one(images[3], int(labels[3]))
    assert reading.read_single(backend, tmp_path / "single", images.shape[1:], stored)
    stored[3]["digest"] = stored[4]["digest"]
    with pytest.raises(BenchmarkError, match="other pixels"):
        reading.read_single(backend, tmp_path / "single", images.shape[1:], stored)
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {"many", "single"}


def test_a_backend_says_what_it_is(backend):
    assert backend.label
    assert backend.good_for
    assert backend.libraries


@pytest.mark.parametrize("name", backends.available())
def test_its_libraries_are_known_without_importing_them(name):
    assert backends.libraries_of(name) == backends.load(name).libraries


def test_the_three_of_the_tutorial_are_there():
    assert {"disk", "lmdb", "hdf5"} <= set(backends.available())


def test_the_control_does_nothing_but_what_the_limit_does():
    reference, control = backends.load("raw"), backends.load("control")
    for name in ("store", "read", "store_one", "read_one"):
        assert getattr(type(control), name) is getattr(type(reference), name)


def test_an_unknown_backend_is_refused():
    with pytest.raises(KeyError, match="hdf6"):
        backends.load("hdf6")
