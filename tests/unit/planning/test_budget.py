"""What fits into so many minutes: formats before cutoffs, cutoffs before blocks beyond three."""

import pytest
from imagebench.planning.budget import LEAST_BLOCKS, Cost, afford, in_words

CHEAP = Cost(2.0, 0.001, 0.001, 0.001, 0.001)
NAMES = [f"format-{number}" for number in range(12)]


def plan_for(minutes, cost=CHEAP, count=100_000, cutoffs=(10, 1000), before=None, names=NAMES):
    costs = dict.fromkeys(names, cost)
    return afford(
        minutes, costs, count, cutoffs,
        {way: lambda images: (min(images, 500), True) for way in ("crops", "batches")},
        uses={"crops"}, before=before,
    )  # fmt: skip


def test_what_is_chosen_takes_no_longer_than_there_is_time():
    for minutes in (5, 15, 60, 600):
        for cost in (CHEAP, Cost(2, 0.05, 0.2, 0.1, 0.1), Cost(1, 1e-5, 1e-5, 1e-5, 1e-5)):
            plan = plan_for(minutes, cost)
            assert plan.seconds <= 60 * minutes * 1.1
            assert plan.blocks >= LEAST_BLOCKS


def test_few_files_take_as_long_as_many_since_there_are_more_blocks():
    few, many = plan_for(30, count=200), plan_for(30, count=50_000)
    assert few.images == 200
    assert few.cutoffs == (10, 200)
    assert few.blocks > many.blocks == LEAST_BLOCKS
    assert 0.6 < few.seconds / many.seconds < 1.5


def test_formats_are_left_out_when_not_even_few_images_fit_the_last_ones_first():
    plan = plan_for(4)
    left = plan.backends_left_out
    assert left
    assert [*plan.backends, *left] == NAMES
    assert plan_for(60).backends_left_out == ()


def test_ways_of_access_that_no_use_asks_for_are_left_out_before_any_format():
    plans = [plan_for(minutes, count=300) for minutes in range(3, 60)]
    for plan in plans:
        assert plan.access in (("crops",), ("crops", "batches"))
        assert "crops" not in plan.access_left_out
        if "batches" in plan.access:
            assert not plan.backends_left_out
    assert plans[0].access_left_out == ("batches",)
    assert plans[-1].access_left_out == ()


def test_formats_come_before_cutoffs_and_cutoffs_before_blocks():
    plans = [plan_for(minutes, count=300, cutoffs=(10, 100)) for minutes in range(3, 40)]
    for plan in plans:
        if len(plan.cutoffs) > 1:
            assert not plan.backends_left_out
        if plan.blocks > LEAST_BLOCKS:
            assert plan.images == 300


@pytest.mark.parametrize("minutes", [6, 20, 100])
def test_more_minutes_only_add_to_what_was_chosen(minutes):
    before = plan_for(5)
    after = plan_for(minutes, before=before)
    assert set(after.backends) >= set(before.backends)
    assert set(after.cutoffs) >= set(before.cutoffs)
    assert after.images >= before.images
    assert after.blocks >= before.blocks


def test_what_was_left_out_is_said_with_the_way_to_have_it():
    plan = plan_for(4)
    first, second = in_words(plan, 100_000)
    assert f"{plan.images:,} of 100,000 images" in first
    assert all(name in second for name in plan.backends_left_out)
    assert "Set minutes to more than 4" in second
    assert len(in_words(plan_for(1000, count=50, cutoffs=()), 50)) == 1
