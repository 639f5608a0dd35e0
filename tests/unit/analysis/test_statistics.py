import math

import numpy as np
import pytest
from imagebench.analysis.statistics import interval


@pytest.mark.parametrize("blocks", [3, 6, 12])
def test_intervals_cover_the_truth_as_often_as_they_say(blocks):
    generator = np.random.default_rng(blocks)
    runs = 2000
    covered = 0
    for _ in range(runs):
        low, high = interval(0.7 * np.exp(generator.normal(0, 0.1, blocks)))
        covered += low <= 0.7 <= high
    assert 0.93 <= covered / runs <= 0.97


def test_there_is_no_interval_below_three_blocks():
    assert all(math.isnan(bound) for bound in interval(np.array([1.0, 1.1])))


def test_the_interval_scales_with_the_unit():
    seconds = np.array([1.0, 1.2, 0.9, 1.1])
    np.testing.assert_allclose(np.array(interval(seconds)) * 1000, interval(seconds * 1000))
