import math

import numpy as np
import pytest
from imagebench.evidence.planning import blocks_to_settle
from imagebench.evidence.statistics import adjust, compare
from imagebench.states import Verdict


def noisy(log_ratio, noise, shape, seed=0):
    return log_ratio + noise * np.random.default_rng(seed).normal(size=shape)


def asked(log_ratios, control=False):
    """The blocks asked for, and the verdicts, of a page; `control`, for all pairs or each."""
    comparison = compare(log_ratios)
    control = np.broadcast_to(control, comparison.ratio.shape)
    verdicts = comparison.verdicts(adjust(comparison.p_value, control))
    return blocks_to_settle(comparison, verdicts, control), verdicts


def test_only_what_is_inconclusive_asks_for_blocks_and_then_for_more_than_there_are():
    log_ratios = np.concatenate(
        [noisy(math.log(10), 0.01, (3, 12)), noisy(math.log(1.06), 0.05, (20, 12))]
    )
    needed, verdicts = asked(log_ratios)
    assert list(verdicts[:3]) == [Verdict.FASTER] * 3
    np.testing.assert_array_equal(np.isnan(needed), verdicts != Verdict.INCONCLUSIVE)
    assert (needed[verdicts == Verdict.INCONCLUSIVE] > 12).all()


def test_three_blocks_with_little_noise_ask_for_some_tens_and_with_more_noise_for_more():
    little, _ = asked(noisy(0, 0.03, (100, 3)))
    much, _ = asked(noisy(0, 0.06, (100, 3)))
    assert 10 < np.nanmedian(little) < 50
    assert 2 < np.nanmedian(much) / np.nanmedian(little) < 6


def test_a_large_difference_asks_for_few_blocks_even_where_it_is_not_yet_certain():
    large = np.arange(80) % 8 == 0
    centres = np.where(large, math.log(2), 0.0)[:, np.newaxis]
    needed, verdicts = asked(noisy(centres, 0.3, (80, 3)))
    assert (verdicts[large] == Verdict.INCONCLUSIVE).sum() >= 3
    assert np.nanmin(needed[large]) < np.nanmin(needed[~large]) / 3


def test_one_noisy_pair_is_not_planned_with_the_noise_of_the_quiet_ones():
    log_ratios = noisy(0, 0.04, (40, 6))
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


def test_verdicts_on_other_pairs_make_an_open_one_ask_for_fewer_blocks():
    open_pairs = noisy(0, 0.03, (20, 3))
    clear = noisy(math.log(10), 0.03, (60, 3), seed=1)
    noise = noisy(0, 0.03, (60, 3), seed=1)
    crowded, _ = asked(np.concatenate([open_pairs, noise]))
    eased, verdicts = asked(np.concatenate([open_pairs, clear]))
    assert list(verdicts[20:]) == [Verdict.FASTER] * 60
    still = verdicts[:20] == Verdict.INCONCLUSIVE
    assert (eased[:20] <= crowded[:20])[still].all()
    assert np.median((eased[:20] / crowded[:20])[still]) < 0.9


def test_verdicts_on_other_pairs_do_not_ease_the_control():
    control = np.arange(80) < 20
    open_pairs = noisy(0, 0.03, (20, 3))
    clear = noisy(math.log(10), 0.03, (60, 3), seed=1)
    noise = noisy(0, 0.03, (60, 3), seed=1)
    with_clear, _ = asked(np.concatenate([open_pairs, clear]), control)
    with_open, _ = asked(np.concatenate([open_pairs, noise]), control)
    np.testing.assert_array_equal(with_clear[:20], with_open[:20])


@pytest.mark.parametrize(
    ("log_ratio", "verdict"), [(math.log(1.1), Verdict.FASTER), (0.0, Verdict.SAME)]
)
@pytest.mark.parametrize("control", [False, True])
def test_the_number_of_blocks_asked_for_settles_all_of_a_page(log_ratio, verdict, control):
    """All open pairs of a page get their blocks; what is equal is planned with 10 % as well."""
    generator = np.random.default_rng(5)
    pairs, noise = 40, 0.03
    found = []
    for _ in range(40):
        log_ratios = log_ratio + noise * generator.normal(size=(pairs, 3))
        needed, _ = asked(log_ratios, control)
        most = int(np.nanmax(needed))
        more = log_ratio + noise * generator.normal(size=(pairs, most - 3))
        place = np.arange(3, most)
        more[place >= np.nan_to_num(needed, nan=3)[:, np.newaxis]] = np.nan
        after = compare(np.concatenate([log_ratios, more], axis=1))
        adjusted = adjust(after.p_value, np.full(pairs, control))
        found.extend(after.verdicts(adjusted) == verdict)
    assert np.mean(found) >= 0.95
