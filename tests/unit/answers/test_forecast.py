"""What is foretold of more images than were measured, and when nothing is."""

import numpy as np
import pandas as pd
import pytest
from imagebench.answers.forecast import Refusal, foretell, with_intervals
from imagebench.answers.outlook import Limits, bytes_of, files_of, memory_of

COUNTS = [100, 1000, 10_000]
RUNS = 200
PARTS = ("values", "deviation")


def measured(curve, noise=0.02, blocks=3, seed=0):
    """Times of a curve in a few blocks, as noisy as they are on a quiet machine."""
    generator = np.random.default_rng(seed)
    exact = np.array([curve(count) for count in COUNTS])[:, np.newaxis]
    return exact * np.exp(generator.normal(0, noise, (len(COUNTS), blocks)))


def straight(images):
    return 2e-3 + 1e-5 * images


def shares(curve, images, **noise):
    """How many of many runs are refused, and how many of the others have the truth inside."""
    runs = [foretell(COUNTS, measured(curve, seed=seed, **noise), images) for seed in range(RUNS)]
    kept = [run for run in runs if run.refused is None]
    values, deviations = (np.array([getattr(run, of) for run in kept]) for of in PARTS)
    inside = [low <= curve(images) <= high for _, low, high in with_intervals(values, deviations)]
    return 1 - len(kept) / RUNS, np.mean(inside)


@pytest.mark.parametrize("images", [30_000, 100_000, 1_000_000])
def test_a_straight_line_is_followed_whatever_opening_costs(images):
    refused, inside = shares(straight, images)
    assert refused < 0.02
    assert inside > 0.9


@pytest.mark.parametrize(
    "curve",
    [
        lambda images: straight(images) + 1e-9 * images**2,  # of which each image finds all others
        lambda images: straight(images) + 2e-5 * max(0, images - 1500),  # which leaves a cache
        lambda images: straight(min(images, 3000)) + 4e-6 * max(0, images - 3000),
    ],
    ids=["quadratic", "slower beyond a cache", "faster in large pieces"],
)
def test_what_bends_is_refused(curve):
    found = [foretell(COUNTS, measured(curve, seed=seed), 1_000_000) for seed in range(RUNS)]
    assert np.mean([run.refused == Refusal.BENDS for run in found]) >= 19 / 20


def test_what_was_measured_is_not_foretold():
    times = measured(straight)
    found = foretell(COUNTS, times, 10_000)
    assert found.deviation == 0
    assert np.allclose(found.values, times[-1])
    between = foretell(COUNTS, times, 5000).values
    assert (times[1] < between).all()
    assert (between < times[2]).all()


def test_nobody_can_see_a_hundred_times_as_far():
    times = measured(straight)
    assert foretell(COUNTS, times, 1_000_000).refused is None
    assert foretell(COUNTS, times, 1_000_001).refused == Refusal.TOO_FAR


def test_what_opening_hides_is_refused():
    assert foretell([1, 10], np.array([[2.0, 2.1], [2.0, 2.0]]), 100).refused == Refusal.HIDDEN


def rows(**columns):
    found = pd.DataFrame({"host": "a", "block": 1, "cache": "warm", **columns})
    return found.assign(amount=found.get("stored_images"))


def test_a_way_of_access_is_scaled_from_the_store_that_it_read():
    table = rows(seconds=[0.5], images=[100], stored_images=[1000])
    repeats = table.set_index(["host", "block"]).index
    assert Limits().foretell(table, 10_000, repeats).values == [50]


def test_copies_that_leave_the_processors_cache_are_refused_and_decoding_is_not():
    limits = Limits(cache=30e6, image_bytes=3000)
    counts = {"images": [100, 1000], "stored_images": [100, 1000]}
    copying, decoding = (rows(seconds=[of, 10 * of], **counts) for of in (1e-4, 1e-2))
    repeats = copying.set_index(["host", "block"]).index.unique()
    assert limits.foretell(copying, 9000, repeats).refused is None
    assert limits.foretell(copying, 20_000, repeats).refused == Refusal.CACHE
    assert limits.foretell(decoding, 20_000, repeats).refused is None
    cold = copying.assign(cache="cold")
    assert limits.foretell(cold, 20_000, repeats).refused is None


def test_images_of_other_sizes_count_by_their_pixels():
    counts = {"images": [10, 100], "stored_images": [10, 100]}
    table = rows(seconds=[0.2, 1.0], **counts).assign(amount=[20.0, 100.0])
    repeats = table.set_index(["host", "block"]).index.unique()
    assert Limits().foretell(table, 200, repeats).values == pytest.approx([2.0])


def stores(**columns):
    return rows(stored_images=[100, 1000], psnr_db=np.nan, **columns)


@pytest.mark.parametrize(
    ("sizes", "images", "found"), [([1010, 10_010], 2000, 20_010), ([1010, 10_010], 550, 5510)]
)
def test_bytes_grow_as_they_did(sizes, images, found):
    value, low, high = bytes_of(stores(bytes_allocated=sizes), images)
    assert value == pytest.approx(found)
    assert low <= value <= high
    assert high < 1.06 * low


def test_bytes_of_a_sample_of_images_that_differ_are_less_sure():
    alike = stores(bytes_allocated=[1000, 10_000])
    mixed = alike.assign(amount=[110.0, 1000.0])
    value, low, high = bytes_of(mixed, 2000)
    assert value == pytest.approx(20_000, rel=0.02)
    assert high / low > 1.01 * bytes_of(alike, 2000)[2] / bytes_of(alike, 2000)[1]


@pytest.mark.parametrize(
    ("files", "images", "found"),
    [([3, 3], 2000, 3), ([101, 1001], 2000, 2001), ([1, 4], 2000, 7.33)],
)
def test_files_grow_as_they_did(files, images, found):
    value, low, high = files_of(stores(files=files), images)
    assert value == pytest.approx(found, rel=0.01)
    assert low <= value <= high


@pytest.mark.parametrize(("files", "found"), [(500, 2754), (503, 2757), (1001, 5509)])
@pytest.mark.parametrize("counts", [[500], [10, 500]])
def test_files_of_the_formats_own_are_not_multiplied_with_the_images(counts, files, found):
    table = rows(stored_images=counts, psnr_db=np.nan, files=[files - 490, files][-len(counts) :])
    assert files_of(table, 2754) == (found, found, found)


def test_memory_stops_growing_where_images_come_in_pieces():
    table = rows(memory=[1e8, 2e8], stored_images=[1000, 11_000], psnr_db=np.nan)
    value, low, high = memory_of(table, 1_000_000, Limits(piece_images=21_000))
    assert value == pytest.approx(3e8)
    assert low < value < high
    assert memory_of(table, 11_000, Limits())[0] == 2e8


def test_no_store_is_foretold_that_is_larger_than_what_bounds_it():
    small = rows(bytes_allocated=[1000])
    limits = Limits(memory=10**6, bytes=10**9, files=100)
    assert limits.crossed(small, 10**5, 3) is None
    assert limits.crossed(small, 10**7, 3) == Refusal.MEMORY
    assert limits.crossed(rows(bytes_allocated=[10**7]), 10**8, 3) is None
    assert limits.crossed(small, 10**10, 3) == Refusal.ROOM
    assert limits.crossed(small, 10**5, 101) == Refusal.ROOM


# 127 images, which have a third of the pixels and half of the file of an average one.
SMALL = rows(
    stored_images=[127], images=[127], psnr_db=np.nan, bytes_allocated=[3.9e6], files=[127],
    seconds=[0.085],
).assign(amount=127 / 3, file_amount=127 / 2)  # fmt: skip


def test_what_was_measured_is_told_as_measured_though_the_sample_has_small_images():
    assert bytes_of(SMALL, 127) == bytes_of(SMALL, 127, "file_amount") == (3.9e6,) * 3
    repeats = SMALL.set_index(["host", "block"]).index
    assert Limits().foretell(SMALL, 127, repeats).values == [0.085]


def test_bytes_of_kept_files_grow_with_the_files_and_those_of_pixels_with_the_pixels():
    assert bytes_of(SMALL, 254)[0] == pytest.approx(3.9e6 * 254 / (127 / 3))
    assert bytes_of(SMALL, 254, "file_amount")[0] == pytest.approx(3.9e6 * 254 / (127 / 2))
