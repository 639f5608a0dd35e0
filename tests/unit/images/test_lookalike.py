import io

import numpy as np
import pytest
from imagebench.images.lookalike import CLASS_NAMES, make_images
from PIL import Image

# Of the CIFAR-10 training images as PNG files by Pillow, in bytes.
CIFAR_MEAN = 2298
CIFAR_PERCENTILES = {5: 1816, 50: 2344, 95: 2629}


@pytest.mark.parametrize("seed", [0, 1])
def test_images_are_stored_like_those_of_cifar_10(seed):
    sizes = []
    for image in make_images(5000, seed)[0]:
        file = io.BytesIO()
        Image.fromarray(image).save(file, "PNG")
        sizes.append(len(file.getvalue()))
    assert np.mean(sizes) == pytest.approx(CIFAR_MEAN, rel=0.03)
    for percentile, size in CIFAR_PERCENTILES.items():
        assert np.percentile(sizes, percentile) == pytest.approx(size, rel=0.10)


def test_the_first_images_do_not_depend_on_how_many_there_are():
    images, labels = make_images(1003, seed=5)
    for count in (0, 1, 249, 250, 251, 1000):
        fewer_images, fewer_labels = make_images(count, seed=5)
        np.testing.assert_array_equal(fewer_images, images[:count])
        np.testing.assert_array_equal(fewer_labels, labels[:count])


def test_threads_do_not_change_the_images():
    np.testing.assert_array_equal(make_images(700, 3)[0], make_images(700, 3, threads=3)[0])


def test_another_seed_gives_other_images():
    assert (make_images(50, 1)[0] != make_images(50, 2)[0]).any(axis=(1, 2, 3)).all()


def test_all_classes_are_there_and_no_image_comes_twice():
    images, labels = make_images(1000, seed=0)
    assert images.shape == (1000, 32, 32, 3)
    assert images.dtype == labels.dtype == np.uint8
    assert set(labels) == set(range(len(CLASS_NAMES)))
    assert len({image.tobytes() for image in images}) == 1000


@pytest.mark.parametrize(("count", "seed"), [(-1, 0), (5, -1)])
def test_negative_numbers_are_refused(count, seed):
    with pytest.raises(ValueError, match="0 or more"):
        make_images(count, seed)
