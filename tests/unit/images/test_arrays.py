import errno

import double_images
import numpy as np
import pytest
from imagebench.errors import BenchmarkError
from imagebench.images.arrays import join_batches, repeat_array, save_parts
from mounts import small_disk


@pytest.mark.parametrize("threads", [1, 3])
def test_batches_are_joined_in_order(threads):
    generator = np.random.default_rng(0)
    parts = []
    for size in (40, 3, 100):
        planes = generator.integers(0, 256, (size, 3, 32, 32), dtype=np.uint8)
        labels = generator.integers(0, 10, size, dtype=np.uint8)
        parts.append((planes.transpose(0, 2, 3, 1), labels))
    images, labels = join_batches(parts, threads)
    np.testing.assert_array_equal(images, np.concatenate([part for part, _ in parts]))
    np.testing.assert_array_equal(labels, np.concatenate([part for _, part in parts]))
    assert images.flags.c_contiguous


@pytest.mark.parametrize("count", [1, 6, 7, 8, 14, 20])
def test_seven_images_are_repeated_until_there_are_enough(count, tmp_path):
    given = np.arange(7 * 12, dtype=np.uint8).reshape(7, 2, 2, 3)
    np.save(tmp_path / "given.npy", given)
    repeat_array(tmp_path / "given.npy", tmp_path / "repeated.npy", count, most_times=2)
    repeated = np.load(tmp_path / "repeated.npy")
    np.testing.assert_array_equal(repeated, [given[index % 7] for index in range(min(count, 14))])


def test_nothing_cannot_be_repeated(tmp_path):
    np.save(tmp_path / "given.npy", np.zeros((0, 32, 32, 3), dtype=np.uint8))
    with pytest.raises(BenchmarkError, match="no images"):
        repeat_array(tmp_path / "given.npy", tmp_path / "repeated.npy", 5, most_times=2)


def test_a_full_disk_is_told_with_its_path_and_nothing_is_left(tmp_path):
    given = np.random.default_rng(0).integers(0, 256, (5000, 32, 32, 3), dtype=np.uint8)
    np.save(tmp_path / "given.npy", given)
    with small_disk(tmp_path, 16 * 2**20) as folder:
        before = sorted(folder.iterdir())
        with pytest.raises(OSError) as error:
            double_images.repeated(tmp_path / "given.npy", folder / "images.npy", 10_000)
        assert sorted(folder.iterdir()) == before
        with pytest.raises(OSError) as of_one:
            save_parts(folder / "one.npy", (10_000, 32, 32, 3), [np.tile(given, (2, 1, 1, 1))])
    for found, name in [(error, "images.npy"), (of_one, "one.npy")]:
        assert found.value.errno == errno.ENOSPC
        assert found.value.filename == str(folder / name)
