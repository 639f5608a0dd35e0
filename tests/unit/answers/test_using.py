"""What is chosen for a use: by what it costs, after what breaks a rule is out."""

from dataclasses import replace

import numpy as np
import pytest
from imagebench.answers.costs import with_decoding
from imagebench.answers.forecast import Refusal
from imagebench.answers.uses import Option, Use
from imagebench.answers.using import answer, decide
from imagebench.page import use_words
from imagebench.states import Cache
from pages import TRAITS

NOISE = np.array([0.98, 1.0, 1.03])


def option(backend, convert, epoch, files=3, size=1000, memory=1e9, **traits):
    return Option(
        backend, backend.upper(), convert * NOISE, epoch * NOISE[::-1], (size,) * 3, (files,) * 3,
        (memory,) * 3, TRAITS | traits,
    )  # fmt: skip


STAY = option("in_place", 0.001, 100, 1000, stays=True, keeps_files=True, appendable=True)
MOVE = option("packed", 50, 10)
FILES = option("original", 20, 60, keeps_files=True)
LOSSY = option("jpeg", 60, 5, lossless=False)
LOCAL = option("lmdb", 40, 9, local_only=True, appendable=True)
ALL = [STAY, MOVE, FILES, LOSSY]


def use(**changes):
    given = {"name": "training", "epochs": 90, "access": "read_batches", "cache": Cache.WARM}
    return Use(**{**given, "images": 1000, **changes})


def best(options, **changes):
    found = decide(use(**changes), 1000, options).best
    return found and found.backend


@pytest.mark.parametrize(
    ("changes", "backend"),
    [
        ({}, "packed"),
        ({"epochs": 1, "keep_originals": True}, "original"),
        ({"lossless": False}, "jpeg"),
        ({"lossless": False, "keep_originals": True}, "original"),
        ({"needed_per_second": 5}, "in_place"),
        ({"needed_per_second": 15}, "original"),
        ({"appendable": True}, "in_place"),
        ({"most_files": 10, "appendable": True}, None),
        ({"most_bytes": 999}, None),
        ({"most_memory": 10**8}, None),
    ],
)
def test_least_time_wins_among_what_breaks_no_rule(changes, backend):
    assert best(ALL, **changes) == backend


def test_what_is_for_local_disks_is_ruled_out_on_a_network_file_system():
    assert best([*ALL, LOCAL]) == "lmdb"
    found = decide(use(network_file_system=True), 1000, [*ALL, LOCAL])
    assert found.best.backend == "packed"
    assert found.ruled_out == {"JPEG": "lossless", "LMDB": "network_file_system"}


def test_one_epoch_is_not_worth_moving_for():
    found = decide(use(epochs=1), 1000, [STAY, option("slow", 95, 10)])
    assert found.stays
    assert use_words.sentences(found)[0].startswith("Leave them as they are")


def test_among_what_takes_about_as_long_the_simplest_wins():
    near = option("other", 50, 10.2, keeps_files=True)
    assert best([STAY, MOVE, near]) == "other"
    assert best([STAY, MOVE, option("other", 50, 11.5, keeps_files=True)]) == "packed"
    assert best([option("many", 50, 10, files=1000), option("few", 50, 10.2)]) == "few"


def test_a_gain_below_the_margin_is_no_reason_to_move():
    fastest, near = option("fastest", 0, 94), option("near", 0, 97, keeps_files=True)
    assert best([STAY, fastest, near]) == "in_place"
    assert best([STAY, fastest]) == "fastest"


def test_an_answer_says_what_it_gains_and_when_it_has_paid_for_itself():
    found = decide(use(), 1000, ALL)
    number, low, high = found.pays_after
    assert number == pytest.approx(50 / 90, rel=0.1)
    assert low < number < high
    what, gain, sure = use_words.sentences(found)
    assert what == "Keep them as PACKED (packed)."
    assert gain == (
        "90 epochs then take 16 min instead of 2 h 30 min with IN_PLACE, conversion included; it "
        "has paid for itself within the first epoch."
    )
    assert sure.startswith("Over 3 repeats, the next best, ORIGINAL, takes 5.71 times as long [")


def test_many_epochs_are_told_with_their_bounds():
    slow = option("slow", 1000, 90)
    gain = use_words.sentences(decide(use(epochs=1000), 1000, [STAY, slow]))[1]
    assert "it has paid for itself after 100 epochs [" in gain


def test_it_says_what_would_change_the_answer():
    found = answer(use(), 1000, lambda asked: ALL if asked.cache == Cache.WARM else [STAY, FILES])
    assert found.otherwise == {
        "a single epoch": None, "ten times as many epochs": None,
        "reads from the device": "ORIGINAL", "some loss allowed": "JPEG",
    }  # fmt: skip


def test_where_nothing_is_left_it_says_which_rule_to_loosen():
    found = decide(use(most_files=1, appendable=True), 1000, [STAY, MOVE, LOCAL])
    assert found.best is None
    assert found.loosen == "most_files"
    [sentence] = use_words.sentences(found)
    assert sentence == "No format fits: each of 3 formats breaks a rule. Loosen most_files first."


def foretold(options, deviations=(0.1, 0.05), refused=None):
    return [replace(of, deviations=deviations, refused=refused) for of in options]


def test_what_is_foretold_is_said_to_be_and_is_less_sure():
    sure = decide(use(), 1000, ALL)
    told = decide(use(), 100, foretold(ALL))
    assert "foretold from what 100 images took" in use_words.sentences(told)[2]
    assert told.best.backend == sure.best.backend
    for of in ("total_seconds", "convert_seconds", "epoch_seconds"):
        (_, low, high), (_, lower, higher) = (getattr(found.best, of) for found in (sure, told))
        assert higher / lower > high / low
    assert told.next_best[0].ratio[1] < sure.next_best[0].ratio[1]


def test_where_nothing_can_be_foretold_the_answer_is_about_what_was_measured():
    found = answer(
        use(images=200_000), 1000,
        lambda asked: ALL if asked.images == 1000 else foretold(ALL, refused=Refusal.TOO_FAR),
    )  # fmt: skip
    assert found.best.backend == "packed"
    assert found.use.images == 1000
    assert found.asked_images == 200_000
    sure = use_words.sentences(found)[2]
    assert (
        "All of this is about 1,000 images. Of 200,000 nothing is foretold: they are more" in sure
    )


def test_one_repeat_is_too_few_to_be_sure():
    alone = [
        Option(of.backend, of.label, of.convert[:1], of.epoch[:1], of.size, of.files, of.memory,
               of.traits)
        for of in ALL
    ]  # fmt: skip
    assert "too few to say" in use_words.sentences(decide(use(), 1000, alone))[2]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.25, "0.25 s"),
        (45.2, "45 s"),
        (130, "2 min"),
        (11_400, "3 h 10 min"),
        (7200, "2 h"),
        (3_600_000, "1,000 h"),
    ],
)
def test_durations_are_told_as_one_says_them(seconds, words):
    assert use_words.duration(seconds) == words


def test_what_is_decoded_to_be_converted_takes_an_epoch_of_the_files_more():
    stay, move, files = with_decoding([STAY, MOVE, FILES])
    assert stay is STAY
    assert files is FILES
    assert np.allclose(move.convert, MOVE.convert + STAY.epoch)
    assert with_decoding([MOVE]) == [MOVE]
