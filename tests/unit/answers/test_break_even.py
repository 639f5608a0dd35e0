"""How a break-even run is laid out, and what its blocks say."""

import math

import numpy as np
import pytest
from imagebench.answers.break_even import (
    USUAL_BLOCKS,
    WhyNot,
    gain_by,
    layout_of,
    pays_after,
    question_of,
    seconds_for,
    why_not,
)
from imagebench.keys import key_of


def choice(convert, epoch):
    return {"convert_seconds": [convert], "epoch_seconds": [epoch]}


def listed(**changes):
    return {
        "candidate": choice(1, 1), "before": choice(0, 3), "is_there": True, "broken": None,
        "at_most": 3.0, "use": {"images": 1000, "epochs": 90, "needed_per_second": None}, **changes,
    }  # fmt: skip


def question(use=(), names=(), pieces=(), **changes):
    """What decides a run of two formats, in shuffled batches, after changes of its job."""
    way = {"settings": {"seed": 0, "batch_size": 4, "piece_bytes": 9}, "code": {"read.py": "1"}}
    job = {
        "images": {"seed": 0}, "locations": {"here": "/tmp"}, "pieces": dict(pieces), "blocks": 3,
        "ways": {"read_batches": way, "read_many": {**way, "code": {}}}, "seconds": 60, "after": 0,
        "formats": {
            name: {"code": {f"{name}.py": "1"}, "versions": {name: "1"}} for name in ("a", "b", "c")
        },
        "measured": 12, "most": 12, "there": [], **changes,
    }  # fmt: skip
    use = {"access": "read_batches", "cache": "warm", "epochs": 3, "images": 9, **dict(use)}
    names = {"before": "a", "candidate": "b", **dict(names)}
    return question_of({"location": "here", "use": use}, names, job)


def of_formats(**versions):
    return {
        name: {"code": {f"{name}.py": "1"}, "versions": {name: version}}
        for name, version in versions.items()
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"use": {"epochs": 90, "images": 5000}},
        {"measured": 500, "blocks": 7, "there": ["a"]},
        {"formats": of_formats(a="1", b="1")},
        {"formats": of_formats(a="1", b="1", c="2")},
        {"locations": {"here": "/tmp", "there": "/var"}},
    ],
)
def test_what_else_is_measured_is_no_other_question(changes):
    assert question(**changes) == question()


@pytest.mark.parametrize(
    "changes",
    [
        {"use": {"access": "read_many"}},
        {"use": {"cache": "cold"}},
        {"names": {"candidate": "c"}},
        {"names": {"copy": "c"}},
        {"formats": of_formats(a="1", b="2")},
        {"images": {"seed": 1}},
        {"locations": {"here": "/var"}},
        {"most": 13},
        {"after": 10},
        {"blocks": 8},
        {"seconds": 30},
        {"pieces": {"piece_bytes": 9}},
    ],
)
def test_what_decides_a_run_is_another_question(changes):
    assert key_of(question(**changes)) != key_of(question())


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, None),
        ({"at_most": None}, None),
        ({"candidate": None}, WhyNot.NOTHING_TO_COMPARE),
        ({"before": None}, WhyNot.NOTHING_TO_COMPARE),
        ({"at_most": 1.04}, WhyNot.NO_GAIN),
        ({"at_most": 1.04, "broken": "most_files"}, None),
        ({"at_most": 1.04, "is_there": False}, None),
    ],
)
def test_a_candidate_that_may_gain_is_compared_once_more(changes, found):
    assert why_not(listed(**changes)) == found


def test_as_many_images_are_taken_as_there_is_time_for():
    # An image takes 17 ms on both sides together, and a block two seconds besides.
    layout, share = layout_of(listed(), seconds=7 * (2 + 100.5 * 0.017), most=5000)
    assert (layout.images, layout.blocks) == (100, USUAL_BLOCKS)
    assert share == 1
    assert layout_of(listed(), seconds=1000, most=50)[0].images == 50


def test_with_little_time_there_are_fewer_blocks_and_never_fewer_than_five():
    layout, _ = layout_of(listed(), seconds=5.5 * (2 + 10.5 * 0.017), most=5000)
    assert (layout.images, layout.blocks) == (23, 5)


def test_too_little_time_is_told_as_a_share_of_what_is_needed():
    needed = 5 * (2 + 10 * 0.017)
    layout, share = layout_of(listed(), seconds=needed / 2, most=5000)
    assert layout is None
    assert share == pytest.approx(0.5)


def test_minutes_are_shared_by_all_uses():
    assert seconds_for(minutes=8, uses=2, blocks=3) == 60
    assert seconds_for(minutes=0, uses=3, blocks=3) == 60
    assert seconds_for(minutes=0, uses=3, blocks=14) == 120


def test_more_blocks_are_run_if_there_is_time_and_no_more_images():
    assert layout_of(listed(), seconds=200, most=50, blocks=3)[0].blocks == USUAL_BLOCKS
    assert layout_of(listed(), seconds=200, most=50, blocks=20)[0].blocks == 20
    assert layout_of(listed(), seconds=30, most=50, blocks=20)[0].blocks == 10


def done(candidate, before, images=500):
    return {"why_not": None, "images": images, "sides": {"candidate": candidate, "before": before}}


def test_a_gain_is_of_all_images_and_all_epochs():
    blocks = done(
        {"convert": [10.0] * 5, "epoch": [1.0] * 5}, {"convert": [0] * 5, "epoch": [2.0] * 5}
    )
    use = {"images": 1000, "epochs": 10, "needed_per_second": None}
    assert gain_by(blocks, use, "before", 1).ratio == pytest.approx(40 / 40)
    assert gain_by(blocks, {**use, "epochs": 100}, "before", 1).ratio == pytest.approx(400 / 220)


def test_what_works_on_images_bounds_what_can_be_gained():
    blocks = done(
        {"convert": [0.0] * 5, "epoch": [1.0] * 5}, {"convert": [0] * 5, "epoch": [2.0] * 5}
    )
    use = {"images": 500, "epochs": 10, "needed_per_second": 100}
    assert gain_by(blocks, use, "before", 1).ratio == pytest.approx(1)


@pytest.mark.parametrize(
    ("spent", "saved", "found"),
    [(5, 2, 2.5), (0, 1, 0), (-3, 1, 0), (5, -1, None)],
)
def test_it_has_paid_for_itself_when_what_was_saved_comes_to_what_was_spent(spent, saved, found):
    noise = np.array([0.98, 1.0, 1.02])
    epochs = pays_after(spent * noise, saved * noise[::-1])
    assert epochs is None if found is None else epochs[0] == pytest.approx(found, rel=1e-3)


def test_where_blocks_disagree_on_what_is_saved_the_bounds_are_unknown():
    value, *bounds = pays_after(np.array([1.0, 1, 1]), np.array([1.0, -0.1, 1]))
    assert value == pytest.approx(3 / 1.9)
    assert all(map(math.isnan, bounds))
