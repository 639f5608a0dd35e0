import numpy as np
import pytest
from imagebench.datasets.arrays import join_batches, repeat_array
from imagebench.failures import BenchmarkError


def test_batches_are_joined_in_order(tmp_path):
    parts = [
        (np.full((2, 32, 32, 3), number, dtype=np.uint8), np.full(2, number, dtype=np.uint8))
        for number in range(5)
    ]
    join_batches(parts, tmp_path / "images.npy", tmp_path / "labels.npy")
    images, labels = np.load(tmp_path / "images.npy"), np.load(tmp_path / "labels.npy")
    assert images.shape == (10, 32, 32, 3)
    assert labels.tolist() == images[:, 0, 0, 0].tolist() == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]


@pytest.mark.parametrize("count", [1, 6, 7, 8, 14, 20])
def test_seven_images_are_repeated_until_there_are_enough(count, tmp_path):
    given = np.arange(7 * 12, dtype=np.uint8).reshape(7, 2, 2, 3)
    np.save(tmp_path / "given.npy", given)
    repeat_array(tmp_path / "given.npy", tmp_path / "repeated.npy", count)
    repeated = np.load(tmp_path / "repeated.npy")
    np.testing.assert_array_equal(repeated, [given[index % 7] for index in range(count)])


def test_nothing_cannot_be_repeated(tmp_path):
    np.save(tmp_path / "given.npy", np.zeros((0, 32, 32, 3), dtype=np.uint8))
    with pytest.raises(BenchmarkError, match="no images"):
        repeat_array(tmp_path / "given.npy", tmp_path / "repeated.npy", 5)
