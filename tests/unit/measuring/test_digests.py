import numpy as np
import pytest
from imagebench.measuring.digests import digest, digest_one

IMAGES = np.random.default_rng(0).integers(0, 256, (6, 4, 5, 3), dtype=np.uint8)
LABELS = np.arange(6, dtype=np.uint8)


def flipped_pixel():
    images = IMAGES.copy()
    images[3, 1, 2, 0] ^= 1
    return images, LABELS


@pytest.mark.parametrize(
    "other",
    [
        flipped_pixel(),
        (IMAGES, LABELS[::-1]),
        (IMAGES[::-1], LABELS),
        (IMAGES[:5], LABELS[:5]),
        (IMAGES.transpose(0, 2, 1, 3), LABELS),
        (IMAGES.reshape(6, 5, 4, 3), LABELS),
        (IMAGES.astype(np.uint16), LABELS),
        (IMAGES.view(np.int8), LABELS),
    ],
    ids=["pixel", "labels", "order", "count", "transposed", "shape", "dtype", "sign"],
)
def test_any_difference_changes_the_digest(other):
    assert digest(*other) != digest(IMAGES, LABELS)


def test_how_an_array_lies_in_memory_does_not_change_the_digest():
    assert digest(np.asfortranarray(IMAGES), LABELS.copy()) == digest(IMAGES, LABELS)


def test_one_image_has_the_digest_of_many_with_one():
    assert digest_one(IMAGES[0], 0) == digest(IMAGES[:1], LABELS[:1])
    assert digest_one(IMAGES[0], 1) != digest_one(IMAGES[0], 0)
