"""Every backend, found and tested without being listed."""

import flipping
import numpy as np
import pytest
from blocks import (
    COMBINATIONS,
    EACH_ONCE,
    PLAIN,
    WITH_THREADS,
    digest_of_images,
    read_all,
    read_block,
    require_same,
    store_all,
    store_block,
)  # fmt: skip
from imagebench import formats
from imagebench.errors import BenchmarkError
from imagebench.measuring import encoding
from imagebench.measuring.footprint import footprint
from imagebench.operations import reading
from imagebench.pieces import Facts, Piece
from projects import ROOT

pytestmark = pytest.mark.usefixtures("few_calls")

SHAPES = [(1, 32, 32, 3), (257, 32, 32, 3), (12, 48, 20, 3)]


def some_images(shape, seed=0):
    generator = np.random.default_rng(seed)
    images = generator.integers(0, 256, shape, dtype=np.uint8)
    labels = generator.integers(0, 256, shape[0])
    return images, labels


EVERYTHING = [*PLAIN, *COMBINATIONS, WITH_THREADS]


@pytest.fixture(params=EACH_ONCE)
def backend(request):
    return formats.load(request.param)


@pytest.mark.parametrize("name", EVERYTHING)
def test_few_come_back_from_every_format_there_is(name, tmp_path):
    backend = formats.load(name)
    images, labels = some_images((3, 17, 9, 3))
    assert np.array_equal(backend.as_read(images), images) or not backend.lossless
    store_all(backend, images, labels, tmp_path / "store")
    require_same(backend, tmp_path / "store", images, labels)
    with backend.open(tmp_path / "store") as reader:
        assert reader.read_at(np.array([2, 0])).labels.tolist() == labels[[2, 0]].tolist()
    backend.store_one(images[1], int(labels[1]), tmp_path / "one")
    np.testing.assert_array_equal(
        backend.read_one(tmp_path / "one")[0], backend.as_read(images[1:2])[0]
    )


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_many_come_back_as_they_went_in(backend, shape, tmp_path):
    images, labels = some_images(shape)
    store_all(backend, images, labels, tmp_path / "store")
    require_same(backend, tmp_path / "store", images, labels)


def test_one_comes_back_as_it_went_in(backend, tmp_path):
    images, labels = some_images((1, 48, 20, 3))
    backend.store_one(images[0], int(labels[0]), tmp_path / "store")
    image, label = backend.read_one(tmp_path / "store")
    assert image.dtype == np.uint8
    np.testing.assert_array_equal(image, backend.as_read(images[:1])[0])
    assert label == labels[0]


def test_any_images_come_back_in_any_order_from_an_open_store(backend, tmp_path):
    images, labels = some_images((70, 32, 32, 3))
    store_all(backend, images, labels, tmp_path / "store")
    expected = backend.as_read(images)
    with backend.open(tmp_path / "store") as reader:
        assert len(reader) == 70
        for indices in ([69], [3, 1, 2], [5, 5, 0, 69, 5], list(range(70))[::-1]):
            some, some_labels = reader.read_at(np.array(indices))
            assert (some.dtype, some_labels.dtype) == (np.uint8, np.int64)
            np.testing.assert_array_equal(some, expected[indices])
            np.testing.assert_array_equal(some_labels, labels[indices])


@pytest.mark.parametrize("largest", [2**31, 2**53 + 1, 2**63 - 1])
def test_labels_of_any_size_come_back(backend, largest, tmp_path):
    images, labels = some_images((4, 8, 8, 3))[0], np.array([largest, 0, 7, largest - 1])
    store_all(backend, images, labels, tmp_path / "store")
    require_same(backend, tmp_path / "store", images, labels)
    with backend.open(tmp_path / "store") as reader:
        assert reader.read_at(np.array([3, 0])).labels.tolist() == [largest - 1, largest]
    backend.store_one(images[0], largest, tmp_path / "one")
    assert backend.read_one(tmp_path / "one")[1] == largest


def test_nothing_cannot_be_stored(backend, tmp_path):
    images, labels = some_images((1, 32, 32, 3))
    with pytest.raises(ValueError, match="no images"):
        store_all(backend, images[:0], labels[:0], tmp_path / "store")
    assert not (tmp_path / "store").exists()


IMAGES, LABELS = some_images((5, 4, 6, 3))
NOT_STORABLE = {
    "negative labels": (IMAGES, np.full(5, -1)),
    "labels of another type": (IMAGES, LABELS.astype(np.uint8)),
    "a label fewer than images": (IMAGES, LABELS[:-1]),
    "a label more than images": (IMAGES[:-1], LABELS),
    "labels in a column": (IMAGES, LABELS[:, np.newaxis]),
    "labels in a list": (IMAGES, LABELS.tolist()),
    "images of 16 bits": (IMAGES.astype(np.uint16), LABELS),
    "images of floats": (IMAGES / 255, LABELS),
    "images of five channels": (IMAGES[..., [0, 1, 2, 0, 1]], LABELS),
    "images of one channel": (IMAGES[..., :1], LABELS),
    "images in a list": (list(IMAGES), LABELS),
    "images without height": (IMAGES[:, :0], LABELS),
    "images without width": (IMAGES[:, :, :0], LABELS),
}


def test_what_would_not_come_back_as_it_was_is_refused_before_anything_is_written(
    backend, tmp_path
):
    for images, labels in NOT_STORABLE.values():
        with pytest.raises(ValueError, match=r"^[^\n]*(images|labels)[^\n]*$"):
            facts = Facts(np.shape(images)[1:], labels)
            backend.store([Piece(images, labels)], facts, tmp_path / "store")
    for image in (
        IMAGES[0] / 255,
        IMAGES[0, ..., :1],
        IMAGES[0][:, :0],
        IMAGES,
        IMAGES[0].tolist(),
    ):
        with pytest.raises(ValueError, match="images"):
            backend.store_one(image, 0, tmp_path / "store")
    for label in (-1, 1.0, "1", LABELS):
        with pytest.raises(ValueError, match="whole number"):
            backend.store_one(IMAGES[0], label, tmp_path / "store")
    assert not list(tmp_path.iterdir())


def test_nothing_and_what_is_beyond_the_last_image_cannot_be_read(backend, tmp_path):
    store_all(backend, IMAGES, LABELS, tmp_path / "store")
    refused = (IndexError, KeyError, ValueError, TypeError, OSError)
    for _ in range(2):
        with backend.open(tmp_path / "store") as reader:
            with pytest.raises(ValueError, match="no indices"):
                reader.read_at(np.array([], dtype=np.int64))
            for indices in ([5], [5], [0, 5], [4, 6], [10**6]):
                with pytest.raises(refused):
                    reader.read_at(np.array(indices))


@pytest.mark.parametrize("shape", [(300, 1, 1, 3), (3, 400, 500, 3)], ids=str)
def test_no_store_takes_more_room_than_it_says(backend, shape, tmp_path):
    images, labels = some_images(shape)
    store_all(backend, images, labels, tmp_path / "many")
    backend.store_one(images[0], int(labels[0]), tmp_path / "one")
    for place, count in (("many", len(images)), ("one", 1)):
        size, files = backend.most_space(count, images[0].nbytes)
        found = footprint(tmp_path / place)
        assert found.bytes_logical <= size
        assert found.files <= files


def test_a_file_that_is_missing_is_noticed_without_a_record(backend, tmp_path):
    store_all(backend, *some_images((40, 32, 32, 3)), tmp_path / "store")
    files = [path for path in (tmp_path / "store").rglob("*") if path.is_file()]
    max(files, key=lambda file: file.stat().st_size).unlink()
    with (
        pytest.raises(BenchmarkError, match="cannot be read"),
        reading.saying_which(tmp_path / "store"),
    ):
        read_all(backend, tmp_path / "store")


@pytest.mark.parametrize("name", ["packed+jpeg"])
def test_a_lossy_codec_changes_images_and_says_so(name):
    backend = formats.load(name)
    images = flipping.some_images()[0]
    assert not backend.lossless
    assert not np.array_equal(backend.as_read(images), images)
    assert 20 < encoding.signal_to_noise(images, backend.as_read(images)) < 60


def test_equal_images_with_different_labels_stay_in_order(backend, tmp_path):
    images = np.repeat(some_images((1, 32, 32, 3))[0], 100, axis=0)
    labels = np.arange(100)[::-1].copy()
    store_all(backend, images, labels, tmp_path / "store")
    np.testing.assert_array_equal(read_all(backend, tmp_path / "store")[1], labels)


def test_black_images_are_stored_like_others(backend, tmp_path):
    images, labels = np.zeros((3, 32, 32, 3), np.uint8), np.zeros(3, np.int64)
    store_all(backend, images, labels, tmp_path / "store")
    require_same(backend, tmp_path / "store", images, labels)


def test_a_slice_of_a_larger_array_is_stored_right(backend, tmp_path):
    images, labels = some_images((20, 32, 32, 3))
    store_all(backend, images[::2], labels[::2], tmp_path / "store")
    require_same(backend, tmp_path / "store", images[::2], labels[::2])


def test_a_second_store_into_the_same_place_is_refused(backend, tmp_path):
    images, labels = some_images((5, 32, 32, 3))
    other_images, other_labels = some_images((3, 32, 32, 3), seed=1)
    store_all(backend, images, labels, tmp_path / "store")
    with pytest.raises(FileExistsError):
        store_all(backend, other_images, other_labels, tmp_path / "store")
    with pytest.raises(FileExistsError):
        backend.store_one(other_images[0], 0, tmp_path / "store")
    require_same(backend, tmp_path / "store", images, labels)


@pytest.mark.parametrize("names", [EACH_ONCE[::2], EACH_ONCE[1::2]], ids=["some", "others"])
def test_a_flipped_bit_never_passes_as_other_pixels(names, tmp_path):
    for name, ends in flipping.flip_apart(names, tmp_path, times=100).items():
        assert sum(ends.values()) == 100
        # Bytes of padding harm nobody, and are most of a store of small images in large pages.
        assert set(ends) <= {"refused", "killed", "unharmed"}, (name, ends)
        assert ends.get("unharmed", 0) < 95, (name, ends)


def test_a_truncated_or_incomplete_store_is_caught_before_it_is_opened(backend, tmp_path):
    images, labels = some_images((40, 32, 32, 3))
    store = tmp_path / "store"
    store_all(backend, images, labels, store)
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
    samples, record = store_block("store_many", backend, images, labels, tmp_path / "many")
    expected = backend.as_read(images)
    assert {sample.digest for sample in samples} == {digest_of_images(expected, labels)}
    assert {sample.source_digest for sample in samples} == {digest_of_images(images, labels)}
    assert read_block("read_many", backend, tmp_path / "many", record)
    size = vars(footprint(tmp_path / "many"))
    assert {name: getattr(samples[-1], name) for name in size} == size

    samples, record = store_block("store_single", backend, images, labels, tmp_path / "single")
    stored = record["samples"]
    assert len(samples) >= 20
    assert samples[3].digest == digest_of_images(expected[3:4], labels[3:4])
    assert read_block("read_single", backend, tmp_path / "single", record)
    record["digests"][3] = record["digests"][4]
    stored[3]["digest"] = stored[4]["digest"]
    with pytest.raises(BenchmarkError, match="other pixels"):
        read_block("read_single", backend, tmp_path / "single", record)
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {"many", "single"}


@pytest.mark.parametrize("name", ["zarr", "tensorstore"])
def test_a_single_image_is_not_filled_up_to_a_chunk_of_many(name, tmp_path):
    images, labels = some_images((1, 32, 32, 3))
    formats.load(name).store_one(images[0], int(labels[0]), tmp_path / "one")
    assert footprint(tmp_path / "one").bytes_logical < images.nbytes + 4096


def test_a_backend_says_what_it_is_and_its_libraries_are_known_without_importing_them():
    for name in EVERYTHING:
        backend = formats.load(name)
        assert backend.label and backend.good_for and backend.libraries
        assert formats.libraries_of(name) == backend.libraries
        for libraries, requirements in formats.parts_of(name):
            pinned = (ROOT / f"envs/{requirements}.txt").read_text()
            assert all(f"\n{library}==" in pinned for library in libraries), libraries


def test_the_three_of_the_tutorial_are_there():
    assert {"disk", "lmdb", "hdf5"} <= set(formats.available())


def test_the_control_does_nothing_but_what_the_limit_does():
    reference, control = formats.load("raw"), formats.load("control")
    for name in ("store", "read", "store_one", "read_one", "open"):
        assert getattr(type(control), name) is getattr(type(reference), name)


@pytest.mark.parametrize("name", ["hdf6", "lmdb+", "lmdb+gif", "lmdb+qoi+more", "disk+threads", ""])
def test_an_unknown_backend_is_refused(name):
    with pytest.raises(KeyError, match="no backend is called"):
        formats.load(name)
