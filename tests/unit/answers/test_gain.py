"""What a move gains, and how sure that has to be before it is advised."""

import math

import numpy as np
import pytest
from imagebench.answers.gain import FEWEST_BLOCKS, gain_of

# The logarithms of the gains are 0.1 to 0.5: their mean is 0.3, their standard error
# sqrt(0.025 / 5). Of Student's t with 4 degrees of freedom, a table has 2.776 and 3.747.
LOG_GAINS = np.array([0.1, 0.2, 0.3, 0.4, 0.5])
ERROR = math.sqrt(0.005)


def gain(log_gains, uses=1):
    moving = np.linspace(2.0, 9.0, len(log_gains))  # blocks differ, and their ratios do not
    return gain_of(moving * np.exp(log_gains), moving, uses)


def test_the_gain_and_its_bounds_are_those_of_student():
    found = gain(LOG_GAINS)
    assert found.ratio == pytest.approx(math.exp(0.3))
    assert found.low == pytest.approx(math.exp(0.3 - 2.776 * ERROR), rel=1e-3)
    assert found.high == pytest.approx(math.exp(0.3 + 2.776 * ERROR), rel=1e-3)
    assert found.at_least == pytest.approx(math.exp(0.3 - 3.747 * ERROR), rel=1e-3)
    assert found.at_most == pytest.approx(math.exp(0.3 + 3.747 * ERROR), rel=1e-3)
    assert found.blocks == 5


@pytest.mark.parametrize(("more", "sure"), [(0.0, False), (0.01, False), (0.02, True)])
def test_a_gain_is_sure_when_its_lower_bound_is_beyond_the_margin(more, sure):
    # Of the mean 0.3, 0.265 is uncertain, and the margin is 0.0488: 0.0138 is missing.
    assert gain(LOG_GAINS + more).is_sure == sure


def test_uses_share_the_risk():
    one, two = gain(LOG_GAINS), gain(LOG_GAINS, uses=2)
    # With 4 degrees of freedom, t exceeds 4.604 with a probability of 0.5 %.
    assert two.at_least == pytest.approx(math.exp(0.3 - 4.604 * ERROR), rel=1e-3)
    assert (two.low, two.high) == (one.low, one.high)
    assert gain(LOG_GAINS + 0.02).is_sure
    assert not gain(LOG_GAINS + 0.02, uses=2).is_sure


@pytest.mark.parametrize("log_gain", [math.log(3), math.log(0.3)])
def test_fewer_than_five_blocks_decide_nothing(log_gain):
    four, five = (gain(np.full(count, log_gain)) for count in (4, FEWEST_BLOCKS))
    assert not four.is_sure
    assert not four.is_excluded
    assert five.is_sure == (log_gain > 0)
    assert five.is_excluded == (log_gain < 0)


def test_a_gain_of_exactly_the_margin_is_neither_sure_nor_excluded_however_little_noise():
    found = gain_of(1.05 * np.array([1 - 1e-9, 1 + 1e-9, 1, 1 - 1e-9, 1 + 1e-9]), np.ones(5))
    assert found.ratio == pytest.approx(1.05)
    assert not found.is_sure
    assert not found.is_excluded


def test_equal_blocks_decide_by_their_gain_alone():
    more, less = (gain_of(np.full(8, of), np.ones(8)) for of in (1.0501, 1.0499))
    assert more.low == more.high == more.at_least == more.at_most == pytest.approx(1.0501)
    assert more.is_sure
    assert less.is_excluded


def test_a_loss_is_excluded_and_a_noisy_gain_is_neither():
    assert gain(-LOG_GAINS).is_excluded
    found = gain(LOG_GAINS)
    assert not found.is_sure
    assert not found.is_excluded


def test_the_same_slowdown_of_both_in_a_block_changes_nothing():
    slower = np.array([1.0, 3.0, 1.0, 20.0, 0.5])
    staying = np.exp(LOG_GAINS)
    assert gain_of(staying * slower, slower).at_least == pytest.approx(gain(LOG_GAINS).at_least)


def test_a_block_that_lacks_one_of_both_is_left_out():
    staying, moving = np.exp([*LOG_GAINS, 0.9, math.nan]), np.ones(7)
    moving[5] = math.nan
    found = gain_of(staying, moving)
    assert found.blocks == 5
    assert found.at_least == pytest.approx(gain(LOG_GAINS).at_least)
    staying[0] = math.nan
    assert not gain_of(staying * 10, moving).is_sure, "four blocks are left"


def test_one_block_has_a_gain_without_bounds_and_is_never_sure():
    found = gain_of(np.array([9.0, math.nan]), np.ones(2))
    assert found.ratio == pytest.approx(9)
    assert np.isnan([found.low, found.high, found.at_least, found.at_most]).all()
    assert not found.is_sure
    assert not found.is_excluded
