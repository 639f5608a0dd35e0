import math

import numpy as np
import pytest
from imagebench.analysis.statistics import (
    FASTER,
    INCONCLUSIVE,
    MARGIN,
    SAME,
    blocks_to_settle,
    compare,
    holm,
    interval,
)


def noisy(log_ratio, noise, shape, seed=0):
    return log_ratio + noise * np.random.default_rng(seed).normal(size=shape)


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


def test_a_ratio_and_its_interval_are_those_of_a_table_of_students_t():
    # Mean 0.2, standard deviation 0.1, three values: 0.2 +- 4.302653 * 0.1 / sqrt(3).
    comparison = compare(np.array([0.1, 0.2, 0.3]))
    assert comparison.ratio == pytest.approx(math.exp(0.2))
    assert comparison.low == pytest.approx(math.exp(0.2 - 0.2484138))
    assert comparison.high == pytest.approx(math.exp(0.2 + 0.2484138))


def test_a_verdict_goes_with_where_the_interval_lies():
    generator = np.random.default_rng(1)
    centres = generator.choice([0.0, 0.02, 0.05, 0.1], (3000, 1))
    comparison = compare(centres + generator.normal(0, 0.02, (3000, 4)))
    beyond = (comparison.low > 1 + MARGIN) | (comparison.high < 1 / (1 + MARGIN))
    inside = (comparison.high < 1 + MARGIN) & (comparison.low > 1 / (1 + MARGIN))
    expected = np.where(beyond, FASTER, np.where(inside, SAME, INCONCLUSIVE))
    assert set(expected) == {FASTER, SAME, INCONCLUSIVE}
    np.testing.assert_array_equal(comparison.verdicts(comparison.p_value), expected)


def test_what_is_faster_is_so_in_both_directions():
    log_ratios = noisy(0.5, 0.01, 6)
    one, other = compare(log_ratios), compare(-log_ratios)
    assert one.kind == other.kind == FASTER
    assert one.p_value == pytest.approx(other.p_value)
    assert one.ratio == pytest.approx(1 / other.ratio)


def test_a_larger_margin_turns_a_difference_into_none():
    log_ratios = noisy(math.log(1.1), 0.001, 6)
    assert compare(log_ratios, 0.05).kind == FASTER
    assert compare(log_ratios, 0.2).kind == SAME


@pytest.mark.parametrize(
    ("log_ratio", "kind", "p_value"),
    [(0.0, SAME, 0.0), (0.5, FASTER, 0.0), (-0.5, FASTER, 0.0), (math.log1p(MARGIN), SAME, 1.0)],
)
def test_ratios_that_are_all_equal_are_certain_unless_on_the_margin(log_ratio, kind, p_value):
    comparison = compare(np.full(4, log_ratio))
    assert (comparison.kind, comparison.p_value) == (kind, p_value)


@pytest.mark.parametrize("log_ratios", [[], [0.5], [0.5, 0.5]])
def test_below_three_blocks_there_is_a_ratio_at_most(log_ratios):
    comparison = compare(np.array(log_ratios))
    assert np.isnan([comparison.low, comparison.high, comparison.p_value]).all()
    assert comparison.verdicts(holm(np.atleast_1d(comparison.p_value))) == INCONCLUSIVE


def test_missing_blocks_are_left_out_of_a_pair():
    whole = compare(np.array([0.1, 0.2, 0.4]))
    holes = compare(np.array([[0.1, np.nan, 0.2, 0.4], [0.1, 0.2, 0.3, 0.4]]))
    assert list(holes.blocks) == [3, 4]
    for name in ("ratio", "low", "high", "p_value"):
        assert getattr(holes, name)[0] == pytest.approx(getattr(whole, name))


def test_holm_on_a_worked_example():
    adjusted = holm(np.array([0.01, 0.04, 0.03, 0.005]))
    np.testing.assert_allclose(adjusted, [0.03, 0.06, 0.06, 0.02])


def test_holm_leaves_out_what_has_no_p_value_and_treats_families_apart():
    adjusted = holm(np.array([[np.nan, 0.02, 0.03], [0.02, 0.9, 0.03]]))
    np.testing.assert_allclose(adjusted, [[np.nan, 0.04, 0.04], [0.06, 0.9, 0.06]])


def test_many_equal_backends_rarely_bring_any_verdict_of_a_difference():
    """At the margin itself, where a wrong verdict is likeliest, with heavy-tailed noise."""
    noise = 0.02 * np.random.default_rng(2).standard_t(4, (1000, 50, 5))
    comparison = compare(math.log1p(MARGIN) + noise)
    uncorrected = (comparison.p_value <= 0.05).any(axis=1).mean()
    corrected = (holm(comparison.p_value) <= 0.05).any(axis=1).mean()
    assert uncorrected > 0.5
    assert corrected <= 0.05


def asked(log_ratios):
    comparison = compare(log_ratios)
    verdicts = comparison.verdicts(holm(comparison.p_value))
    return blocks_to_settle(comparison, verdicts), verdicts


def test_only_what_is_inconclusive_asks_for_blocks_and_then_for_more_than_there_are():
    log_ratios = np.concatenate(
        [noisy(math.log(10), 0.01, (3, 12)), noisy(math.log(1.06), 0.05, (20, 12))]
    )
    needed, verdicts = asked(log_ratios)
    assert list(verdicts[:3]) == [FASTER] * 3
    np.testing.assert_array_equal(np.isnan(needed), verdicts != INCONCLUSIVE)
    assert (needed[verdicts == INCONCLUSIVE] > 12).all()


def test_three_blocks_with_little_noise_ask_for_some_tens_and_with_more_noise_for_more():
    little, _ = asked(noisy(0, 0.03, (100, 3)))
    much, _ = asked(noisy(0, 0.06, (100, 3)))
    assert 10 < np.nanmedian(little) < 50
    assert 2 < np.nanmedian(much) / np.nanmedian(little) < 6


def test_a_large_difference_asks_for_few_blocks_even_where_it_is_not_yet_certain():
    needed, verdicts = asked(noisy([[math.log(2)], [0.0]] * 20, 0.05, (40, 3)))
    assert (verdicts == INCONCLUSIVE).sum() > 30
    assert np.nanmedian(needed[0::2]) < np.nanmedian(needed[1::2]) / 3


def test_one_noisy_pair_is_not_planned_with_the_noise_of_the_quiet_ones():
    log_ratios = noisy(0, 0.02, (40, 6))
    log_ratios[0] *= 20
    needed, _ = asked(log_ratios)
    assert needed[0] > 5 * np.nanmedian(needed[1:])


@pytest.mark.parametrize("blocks", [1, 2])
def test_below_three_blocks_three_are_asked_for(blocks):
    needed, _ = asked(noisy(0, 0.02, (4, blocks)))
    assert list(needed) == [3] * 4


def test_a_lone_pair_and_the_noisiest_get_a_number_too():
    lone, _ = asked(np.array([[0.0, 0.03, 0.06]]))
    assert 3 < lone[0] < 999
    wild, _ = asked(noisy(0, 3, (5, 3)))
    assert list(wild) == [999] * 5


def test_the_number_of_blocks_asked_for_finds_a_slow_down_of_ten_percent():
    generator = np.random.default_rng(5)
    pairs, noise = 40, 0.03
    found = 0
    for _ in range(300):
        log_ratios = math.log(1.1) + noise * generator.normal(size=(pairs, 3))
        needed, verdicts = asked(log_ratios)
        # One pair a run is enough; the others stay open and keep their part of the correction.
        more = 0 if verdicts[0] == FASTER else int(needed[0]) - 3
        again = noise * generator.normal(size=more) + math.log(1.1)
        whole = compare(np.concatenate([log_ratios[0], again]))
        found += whole.kind == FASTER and whole.ratio > 1 and whole.p_value <= 0.05 / pairs
    assert found / 300 >= 0.95
