"""When what was recommended is tried, and where the lines cross then."""

import pytest
from imagebench.answers.break_even import WhyNot, crossing, epochs_to_read, images_within, why_not


def answer(**changes):
    best, before = ({"convert_seconds": [of], "epoch_seconds": [of]} for of in (1.0, 2.0))
    return {
        "best": best, "before": before, "stays": False, "pays_after": [2.5, 2.0, 3.0],
        "use": {"epochs": 90, "images": 1000}, **changes,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, None),
        ({"stays": True}, WhyNot.NOTHING_CHANGES),
        ({"before": None}, WhyNot.NOTHING_CHANGES),
        ({"best": None}, WhyNot.NOTHING_CHANGES),
        ({"pays_after": None}, WhyNot.NEVER),
        ({"pays_after": [89.5, 80, 100]}, WhyNot.AFTER_THE_LAST_EPOCH),
    ],
)
def test_it_is_tried_where_it_pays_within_the_epochs_that_were_asked_about(changes, found):
    assert why_not(answer(**changes)) == found


def test_one_epoch_more_is_read_than_was_predicted():
    assert epochs_to_read(answer()) == 4


def test_so_many_images_are_taken_as_there_is_time_for():
    # All of them take 3 s to convert and, for 4 epochs, 12 s to read.
    assert images_within(answer(), seconds=1.5, most=5000) == 100
    assert images_within(answer(), seconds=60, most=2000) == 2000


@pytest.mark.parametrize(
    ("spent", "saved", "found"),
    [(5, [2, 2, 2], 2.5), (2, [2, 2], 1), (0, [1], 0), (-3, [1], 0), (5, [2, 2], None)],
)
def test_the_lines_cross_where_what_was_saved_comes_to_what_was_spent(spent, saved, found):
    assert crossing(spent, saved) == found
