"""Images out of an array: in pieces, and more of them than it has."""

import numpy as np
import pytest
from blocks import source_of
from double_images import write_digests
from imagebench.digests import first_difference, image_digests
from imagebench.images.source import ArraySource, changed

IMAGES = np.random.default_rng(0).integers(0, 256, (10, 4, 4, 3), dtype=np.uint8)
LABELS = np.arange(10)


def source(count, seed=0, piece=7):
    """As many images as are asked for, in pieces of so many."""
    nothing = np.zeros((count, 32), np.uint8)
    return ArraySource(IMAGES, LABELS, nothing, seed, piece * IMAGES[0].nbytes)


def joined(given):
    images, labels = zip(*given.pieces(), strict=True)
    return np.concatenate(images), np.concatenate(labels)


@pytest.mark.parametrize("count", [3, 7, 8, 10, 25])
def test_pieces_are_all_images_in_order_again_and_again(count):
    given = source(count)
    for _ in range(2):
        images, labels = joined(given)
        assert labels.tolist() == [index % 10 for index in range(count)]
        np.testing.assert_array_equal(images[:10], IMAGES[:count])
    assert [len(piece.labels) for piece in given.pieces()][:-1] == [7] * ((count - 1) // 7)
    assert given.is_in_pieces == (count > 7)
    assert given.largest_piece == min(count, 7) * IMAGES[0].nbytes


def test_one_piece_is_made_once_and_then_in_memory():
    given = source(7)
    assert next(iter(given.pieces())).images is next(iter(given.pieces())).images


def test_no_two_copies_of_an_image_are_alike_and_all_have_its_pixels():
    images, _ = joined(source(10 * 127))
    copies = images.reshape(127, 10, -1)
    for number in range(10):
        assert len({copy.tobytes() for copy in copies[:, number]}) == 127
        pixels = {tuple(sorted(copy.tolist())) for copy in copies[:, number]}
        assert len(pixels) == 1


def test_another_seed_makes_other_copies_and_the_same_first_one():
    first, second = joined(source(20, seed=0))[0], joined(source(20, seed=1))[0]
    np.testing.assert_array_equal(first[:10], second[:10])
    assert not np.array_equal(first[10:], second[10:])


def test_images_that_are_not_square_keep_their_shape():
    images = IMAGES[:, :3]
    ways = [changed(images, copy, seed=0) for copy in range(2 * 2 * 3 * 4)]
    assert {way.shape for way in ways} == {(10, 3, 4, 3)}
    assert len({way.tobytes() for way in ways}) == len(ways)


def test_the_first_images_are_those_of_all():
    images, labels = joined(source(12))
    np.testing.assert_array_equal(images, joined(source(25))[0][:12])
    assert len(labels) == 12


@pytest.mark.parametrize("count", [4, 10, 33])
def test_digests_are_of_what_the_pieces_hold(count, tmp_path):
    np.save(tmp_path / "images.npy", IMAGES)
    np.save(tmp_path / "labels.npy", LABELS)
    given = tmp_path / "images.npy", tmp_path / "labels.npy"
    write_digests(*given, count, 5, tmp_path / "digests.npy")
    expected = image_digests(*joined(source(count, seed=5)))
    assert first_difference(np.load(tmp_path / "digests.npy"), expected) is None
    if count == 10:
        assert first_difference(source_of(IMAGES, LABELS).digests, expected) is None
