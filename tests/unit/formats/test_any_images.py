"""Images of any size and mode: kept as they are by what holds them, refused by what does not."""

import numpy as np
import pytest
from imagebench import decoding, formats
from imagebench.contract import PIXELS
from imagebench.errors import BenchmarkError
from imagebench.limits import why_not
from imagebench.pieces import Facts, Piece, mode_of
from pictures import KINDS, encoded

CHANNELS = {"L": (), "LA": (2,), "RGB": (3,), "RGBA": (4,)}
HOLDING_PIXELS = [
    name
    for name in formats.backends_there_are() + [f"packed+{c}" for c in formats.codecs_there_are()]
    if not formats.load(name).keeps_files
]
OF_ANY_SHAPE = [name for name in HOLDING_PIXELS if not formats.load(name).one_shape]
CONTAINERS = [f"{container}+original" for container in formats.containers_there_are()]


def image(mode, height=13, width=9, seed=0):
    """Noise of a mode."""
    name, _, deep = mode.partition(";")
    kind = np.uint16 if deep else np.uint8
    shape = (height, width, *CHANNELS[name])
    return np.random.default_rng(seed).integers(0, np.iinfo(kind).max, shape, dtype=kind)


def facts_of(images, labels):
    """Say what is known of images that differ."""
    modes = [mode_of(image.shape, image.dtype) for image in images]
    return Facts(
        None,
        labels,
        sizes=np.array([image.nbytes for image in images]),
        modes={mode: modes.count(mode) for mode in modes},
        largest=(max(i.shape[0] for i in images), max(i.shape[1] for i in images)),
    )


def assert_same(found, images):
    assert len(found) == len(images)
    for one, other in zip(found, images, strict=True):
        assert one.dtype == other.dtype
        assert np.array_equal(one, other)


@pytest.mark.parametrize("mode", PIXELS)
@pytest.mark.parametrize("name", HOLDING_PIXELS)
def test_every_mode_that_a_format_names_comes_back_and_every_other_is_refused(name, mode, tmp_path):
    backend = formats.load(name)
    images = np.stack([image(mode, seed=seed) for seed in range(5)])
    labels = np.arange(5)
    facts = Facts(images.shape[1:], labels, images.dtype)
    if backend.modes and mode not in backend.modes:
        with pytest.raises(BenchmarkError, match="does not keep all of 5 images as they are"):
            backend.store([Piece(images, labels)], facts, tmp_path / "store")
        assert not (tmp_path / "store").exists()
        return
    backend.store([Piece(images, labels)], facts, tmp_path / "store")
    [(found, found_labels)] = backend.read(tmp_path / "store")
    assert_same(found, backend.as_read(images))
    assert found_labels.tolist() == labels.tolist()
    with backend.open(tmp_path / "store") as reader:
        assert_same(reader.read_at(np.array([3, 0])).images, backend.as_read(images)[[3, 0]])
    backend.store_one(images[2], 7, tmp_path / "one")
    one, label = backend.read_one(tmp_path / "one")
    assert_same([one], backend.as_read(images[2:3]))
    assert label == 7


@pytest.mark.parametrize("name", OF_ANY_SHAPE)
def test_images_of_many_shapes_come_back_in_pieces_and_in_any_order(name, tmp_path):
    backend = formats.load(name)
    backend.alike, backend.piece_bytes = False, 3000
    modes = list(backend.modes or PIXELS)
    images = [image(modes[n % len(modes)], 5 + 3 * n, 40 - 2 * n, seed=n) for n in range(12)]
    labels = np.arange(12) * 1000
    pieces = [Piece(images[:5], labels[:5]), Piece(images[5:], labels[5:])]
    backend.store(pieces, facts_of(images, labels), tmp_path / "store")
    expected = backend.as_read(images)
    found = list(backend.read(tmp_path / "store"))
    assert len(found) > 2
    assert_same([one for piece in found for one in piece.images], expected)
    assert np.concatenate([piece.labels for piece in found]).tolist() == labels.tolist()
    with backend.open(tmp_path / "store") as reader:
        some = np.array([11, 3, 3, 0])
        piece = reader.read_at(some)
        assert_same(piece.images, [expected[index] for index in some])
        assert piece.labels.tolist() == labels[some].tolist()
        assert_same(reader.read_at(np.array([7])).images, expected[7:8])


@pytest.mark.parametrize("name", [n for n in HOLDING_PIXELS if n not in OF_ANY_SHAPE])
def test_images_that_differ_are_refused_by_what_holds_one_array(name, tmp_path):
    images, labels = [image("RGB", 4, 5), image("RGB", 6, 7)], np.arange(2)
    with pytest.raises(BenchmarkError, match="one shape and type, and these differ"):
        formats.load(name).store([Piece(images, labels)], facts_of(images, labels), tmp_path / "s")


@pytest.mark.parametrize("name", [*CONTAINERS, "packed+original+threads"])
def test_original_files_come_back_byte_for_byte_and_decoded(name, tmp_path):
    backend = formats.load(name)
    backend.alike = False
    files = [encoded(*KINDS[kind], width=20 + n, seed=n) for n, kind in enumerate(KINDS)]
    labels, sizes = np.arange(len(files)), np.array([len(file) for file in files])
    facts = Facts(None, labels, sizes=sizes, file_bytes=sizes)
    backend.store([Piece(files, labels)], facts, tmp_path / "store")
    with backend.container.open(tmp_path / "store") as reader:
        assert [bytes(blob) for blob in reader.all()] == files
    found = [one for piece in backend.read(tmp_path / "store") for one in piece.images]
    assert_same(found, [decoding.by_pillow(file) for file in files])
    with backend.open(tmp_path / "store") as opened:
        assert_same(opened.read_at(np.array([5, 2])).images, [found[5], found[2]])


def test_files_are_not_made_of_pixels():
    facts = Facts((4, 5, 3), np.arange(2))
    assert "come from none" in why_not(formats.load("packed+original"), facts)


def test_what_cannot_be_held_is_told_with_how_many_there_are():
    facts = Facts(None, np.arange(10), sizes=np.ones(10), modes={"RGB": 3, "LA": 6, "L;16": 1})
    reason = why_not(formats.load("packed+qoi"), facts)
    assert "10 images" in reason
    assert "6 are grey with alpha" in reason
    assert "1 is grey of 16 bits" in reason
    assert why_not(formats.load("raw"), facts) is None


@pytest.mark.parametrize("name", ["packed+jpeg@8", "files+jpeg@8+threads"])
def test_images_are_shrunk_when_they_are_stored_where_a_size_says_so(name, tmp_path):
    backend = formats.load(name)
    backend.alike = False
    images = [image("RGB", 12, 30), image("L", 40, 16, seed=1), image("RGB", 6, 7, seed=2)]
    labels = np.arange(3)
    backend.store([Piece(images, labels)], facts_of(images, labels), tmp_path / "store")
    [(found, _)] = backend.read(tmp_path / "store")
    assert [one.shape for one in found] == [(8, 20, 3), (20, 8), (6, 7, 3)]
    assert_same(found, backend.as_read(images))
    assert not backend.lossless
    assert formats.words_of(name)["label"] == backend.label
    assert "shrunk to 8" in backend.label


@pytest.mark.parametrize("name", ["packed+png@8", "disk@8", "packed+jpeg@0", "packed+original@0"])
def test_what_loses_nothing_is_never_shrunk(name):
    assert not formats.is_known(name)


@pytest.mark.parametrize("name", ["packed+original@30", "lmdb+original@30+threads", "in_place@30"])
def test_files_are_kept_whole_and_read_at_a_smaller_scale_where_a_size_says_so(name, tmp_path):
    backend = formats.load(name)
    backend.alike = False
    kinds = ["photo.jpg", "grey.jpg", "photo.jpg", "colours.png", "print.jpg"]
    sizes = [(80, 64), (61, 130), (50, 40), (80, 64), (80, 64)]
    files = [
        encoded(*KINDS[kind], width=width, height=height)
        for kind, (width, height) in zip(kinds, sizes, strict=True)
    ]
    paths = [tmp_path / str(number) for number in range(len(files))]
    for path, file in zip(paths, files, strict=True):
        path.write_bytes(file)
    labels, sizes = np.arange(len(files)), np.array([len(file) for file in files])
    facts = Facts(None, labels, sizes=sizes, file_bytes=sizes, paths=[bytes(p) for p in paths])
    backend.store([Piece(files, labels)], facts, tmp_path / "store")
    [(found, _)] = backend.read(tmp_path / "store")
    shapes = [(32, 40, 3), (65, 31), (40, 50, 3), (64, 80, 3), (64, 80, 4)]
    assert [one.shape for one in found] == shapes
    assert_same(found, backend.as_read(files))
    assert not backend.lossless
    assert formats.words_of(name)["label"] == backend.label
    assert "read at 30 or more" in backend.label
    with backend.container.open(tmp_path / "store") as reader:
        assert [bytes(blob) for blob in reader.all()] == files
