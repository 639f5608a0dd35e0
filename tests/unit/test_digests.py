import numpy as np
import pytest
from imagebench.digests import digest_of, first_difference, image_digests

IMAGES = np.random.default_rng(0).integers(0, 256, (6, 4, 5, 3), dtype=np.uint8)
LABELS = np.arange(6)


def flipped_pixel():
    images = IMAGES.copy()
    images[3, 1, 2, 0] ^= 1
    return images, LABELS


def another_label():
    labels = LABELS.copy()
    labels[3] += 256
    return IMAGES, labels


@pytest.mark.parametrize("other", [flipped_pixel(), another_label()], ids=["pixel", "label"])
def test_a_difference_names_its_image_and_no_other(other):
    assert first_difference(image_digests(*other), image_digests(IMAGES, LABELS)) == 3
    differ = (image_digests(*other) != image_digests(IMAGES, LABELS)).any(axis=1)
    assert differ.tolist() == [False, False, False, True, False, False]


@pytest.mark.parametrize(
    "other",
    [
        (IMAGES.transpose(0, 2, 1, 3), LABELS),
        (IMAGES.reshape(6, 5, 4, 3), LABELS),
        (IMAGES.astype(np.uint16), LABELS),
        (IMAGES.view(np.int8), LABELS),
        (IMAGES, LABELS.astype(np.uint8)),
    ],
    ids=["transposed", "shape", "type", "sign", "type of labels"],
)
def test_any_other_shape_or_type_changes_every_digest(other):
    assert (image_digests(*other) != image_digests(IMAGES, LABELS)).any(axis=1).all()


def test_the_digest_of_all_knows_their_order_and_number():
    digests = image_digests(IMAGES, LABELS)
    assert first_difference(digests, digests) is None
    assert len({digest_of(some) for some in (digests, digests[::-1], digests[:5])}) == 3


def test_labels_of_which_there_are_more_or_fewer_are_refused():
    with pytest.raises(ValueError, match="6 images"):
        image_digests(IMAGES, LABELS[:5])


def test_how_an_array_lies_in_memory_changes_nothing():
    expected = image_digests(IMAGES[::2], LABELS[::2])
    found = image_digests(np.asfortranarray(IMAGES)[::2], LABELS[::2].copy())
    assert first_difference(found, expected) is None
    assert first_difference(image_digests(IMAGES, LABELS)[::2], expected) is None
