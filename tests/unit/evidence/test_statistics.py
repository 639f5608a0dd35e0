import math

import numpy as np
import pytest
from imagebench.evidence.statistics import (
    MARGIN,
    adjust,
    benjamini_hochberg,
    compare,
    holm,
    interval,
)
from imagebench.states import Verdict


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
    expected = np.where(
        beyond, Verdict.FASTER, np.where(inside, Verdict.SAME, Verdict.INCONCLUSIVE)
    )
    assert set(expected) == {Verdict.FASTER, Verdict.SAME, Verdict.INCONCLUSIVE}
    np.testing.assert_array_equal(comparison.verdicts(comparison.p_value), expected)


def test_what_is_faster_is_so_in_both_directions():
    log_ratios = noisy(0.5, 0.01, 6)
    one, other = compare(log_ratios), compare(-log_ratios)
    assert one.kind == other.kind == Verdict.FASTER
    assert one.p_value == pytest.approx(other.p_value)
    assert one.ratio == pytest.approx(1 / other.ratio)


def test_a_larger_margin_turns_a_difference_into_none():
    log_ratios = noisy(math.log(1.1), 0.001, 6)
    assert compare(log_ratios, 0.05).kind == Verdict.FASTER
    assert compare(log_ratios, 0.2).kind == Verdict.SAME


@pytest.mark.parametrize(
    ("log_ratio", "kind", "p_value"),
    [
        (0.0, Verdict.SAME, 0.0),
        (0.5, Verdict.FASTER, 0.0),
        (-0.5, Verdict.FASTER, 0.0),
        (math.log1p(MARGIN), Verdict.SAME, 1.0),
    ],
)
def test_ratios_that_are_all_equal_are_certain_unless_on_the_margin(log_ratio, kind, p_value):
    comparison = compare(np.full(4, log_ratio))
    assert (comparison.kind, comparison.p_value) == (kind, p_value)


@pytest.mark.parametrize("log_ratios", [[], [0.5], [0.5, 0.5]])
def test_below_three_blocks_there_is_a_ratio_at_most(log_ratios):
    comparison = compare(np.array(log_ratios))
    assert np.isnan([comparison.low, comparison.high, comparison.p_value]).all()
    assert (
        comparison.verdicts(benjamini_hochberg(np.atleast_1d(comparison.p_value)))
        == Verdict.INCONCLUSIVE
    )


def test_missing_blocks_are_left_out_of_a_pair():
    whole = compare(np.array([[0.1, 0.2, 0.4, np.nan], [0.1, 0.2, 0.3, 0.4]]))
    holes = compare(np.array([[0.1, np.nan, 0.2, 0.4], [0.1, 0.2, 0.3, 0.4]]))
    assert list(holes.blocks) == [3, 4]
    for name in ("ratio", "low", "high", "p_value"):
        assert getattr(holes, name) == pytest.approx(getattr(whole, name))


def test_pairs_of_one_noise_know_it_together_and_one_alone_by_itself():
    generator = np.random.default_rng(0)
    values = generator.normal(0, 0.1, (200, 3))
    alone = np.array([compare(one).high / compare(one).low for one in values])
    together = compare(values)
    widths = together.high / together.low
    assert np.quantile(widths, 0.95) < 1.1 * np.quantile(widths, 0.05)
    assert np.quantile(alone, 0.95) > 2 * np.quantile(alone, 0.05)
    covered = (together.low < 1) & (together.high > 1)
    assert 0.9 < covered.mean() < 0.99


def test_pairs_whose_noise_differs_keep_their_own():
    generator = np.random.default_rng(0)
    scale = np.repeat([0.001, 0.3], 50)[:, np.newaxis]
    comparison = compare(scale * generator.normal(size=(100, 6)))
    widths = np.log(comparison.high / comparison.low)
    assert np.median(widths[:50]) < 0.05 * np.median(widths[50:])


def test_holm_on_a_worked_example():
    adjusted = holm(np.array([0.01, 0.04, 0.03, 0.005]))
    np.testing.assert_allclose(adjusted, [0.03, 0.06, 0.06, 0.02])


def test_holm_leaves_out_what_has_no_p_value_and_treats_families_apart():
    adjusted = holm(np.array([[np.nan, 0.02, 0.03], [0.02, 0.9, 0.03]]))
    np.testing.assert_allclose(adjusted, [[np.nan, 0.04, 0.04], [0.06, 0.9, 0.06]])


def test_benjamini_hochberg_on_the_example_of_its_authors():
    # The fifteen of section 3.2 of their paper: at 5 % the first four are rejected, by Holm three.
    smallest = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344]
    largest = [0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0]
    p_values = np.array([*smallest, *largest])
    shuffled = np.random.default_rng(0).permutation(15)
    adjusted = benjamini_hochberg(p_values[shuffled])
    assert sorted(p_values[shuffled][adjusted <= 0.05]) == list(p_values[:4])
    assert (holm(p_values) <= 0.05).sum() == 3


def test_benjamini_hochberg_takes_the_least_of_all_that_follow():
    adjusted = benjamini_hochberg(np.array([0.01, 0.04, 0.03, 0.005, 0.9]))
    np.testing.assert_allclose(adjusted, [0.025, 0.05, 0.05, 0.025, 0.9])


def test_benjamini_hochberg_leaves_out_what_has_no_p_value_and_treats_families_apart():
    adjusted = benjamini_hochberg(np.array([[np.nan, 0.02, 0.03], [0.02, 0.9, 0.03]]))
    np.testing.assert_allclose(adjusted, [[np.nan, 0.03, 0.03], [0.045, 0.9, 0.045]])


def test_the_control_is_corrected_by_holm_and_apart_from_the_others():
    p_values = np.array([0.01, 0.01, 0.02, 0.02, 0.04])
    control = np.array([False, True, False, True, False])
    np.testing.assert_allclose(adjust(p_values, control), [0.03, 0.02, 0.03, 0.02, 0.04])
    flipped = adjust(p_values, ~control)
    np.testing.assert_allclose(flipped, [0.03, 0.02, 0.04, 0.02, 0.04])


@pytest.mark.parametrize("which", [False, True])
def test_a_page_may_hold_one_of_the_two_families_alone(which):
    p_values = np.array([0.01, 0.04, 0.03])
    expected = holm(p_values) if which else benjamini_hochberg(p_values)
    np.testing.assert_array_equal(adjust(p_values, np.full(3, which)), expected)


def test_clear_differences_do_not_make_the_control_come_out_as_one_more_easily():
    clear, doubtful = np.full(40, 1e-9), np.full(4, 0.03)
    control = np.arange(44) >= 40
    assert (adjust(np.concatenate([clear, doubtful]), control)[control] > 0.05).all()
    assert (adjust(np.concatenate([clear, doubtful]), np.zeros(44, dtype=bool)) <= 0.05).all()


@pytest.mark.parametrize("correct", [holm, benjamini_hochberg])
def test_many_equal_backends_rarely_bring_any_verdict_of_a_difference(correct):
    """At the margin itself, where a wrong verdict is likeliest, with heavy-tailed noise."""
    noise = 0.02 * np.random.default_rng(2).standard_t(4, (1000, 50, 5))
    comparison = compare(math.log1p(MARGIN) + noise)
    uncorrected = (comparison.p_value <= 0.05).any(axis=1).mean()
    corrected = (correct(comparison.p_value) <= 0.05).any(axis=1).mean()
    assert uncorrected > 0.5
    assert corrected <= 0.05


def test_few_verdicts_of_many_are_wrong_and_most_that_could_be_right_are_given():
    """Half of the pairs are at the margin, so that any verdict on these is wrong."""
    generator = np.random.default_rng(3)
    centres = np.repeat([math.log1p(MARGIN), math.log(2)], 50)[:, np.newaxis]
    comparison = compare(centres + 0.3 * generator.normal(size=(1000, 100, 4)))
    given = benjamini_hochberg(comparison.p_value) <= 0.05
    wrong = given[:, :50].sum(axis=1) / np.maximum(given.sum(axis=1), 1)
    assert 0.01 < wrong.mean() <= 0.05
    assert given[:, 50:].mean() > 0.9 > (holm(comparison.p_value) <= 0.05)[:, 50:].mean()
