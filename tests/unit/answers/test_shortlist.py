"""What is chosen for a use out of the main run: after what breaks a rule is out."""

from dataclasses import replace

import numpy as np
import pytest
from imagebench.answers.costs import with_decoding
from imagebench.answers.forecast import Refusal
from imagebench.answers.shortlist import choose, shortlist
from imagebench.answers.uses import Option, Use
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


def candidate(options, **changes):
    found = choose(use(**changes), 1000, options).candidate
    return found and found.backend


@pytest.mark.parametrize(
    ("changes", "backend"),
    [
        ({}, "packed"),
        ({"epochs": 1, "keep_originals": True}, "original"),
        ({"lossless": False}, "jpeg"),
        ({"lossless": False, "keep_originals": True}, "original"),
        ({"needed_per_second": 15}, "original"),
        ({"appendable": True}, None),
        ({"most_bytes": 999}, None),
        ({"most_memory": 10**8}, None),
    ],
)
def test_least_time_wins_among_what_breaks_no_rule(changes, backend):
    assert candidate(ALL, **changes) == backend


def test_a_candidate_competes_with_the_files_in_place_and_is_never_that():
    found = choose(use(), 1000, ALL)
    assert found.is_there
    assert (found.candidate.backend, found.before.backend) == ("packed", "in_place")
    assert found.others == 3
    alone = choose(use(), 1000, [STAY])
    assert (alone.candidate, alone.before.backend, alone.others) == (None, "in_place", 0)


def test_files_in_place_that_break_a_rule_are_no_option():
    found = choose(use(most_files=10), 1000, ALL)
    assert found.broken == "most_files"
    assert found.candidate.backend == "packed"


def test_without_files_it_competes_with_the_tutorials_first_format():
    png = option("disk", 200, 100)
    found = choose(use(), 1000, [png, MOVE, FILES])
    assert (found.candidate.backend, found.before.backend) == ("packed", "disk")
    assert not found.is_there
    assert choose(use(), 1000, [png, option("slow", 900, 300)]).before is None
    assert choose(use(), 1000, [MOVE, FILES]).before.backend == "original"


def test_what_is_for_local_disks_is_ruled_out_on_a_network_file_system():
    assert candidate([*ALL, LOCAL]) == "lmdb"
    found = choose(use(network_file_system=True), 1000, [*ALL, LOCAL])
    assert found.candidate.backend == "packed"
    assert found.ruled_out == {"jpeg": "lossless", "lmdb": "network_file_system"}


def test_among_what_takes_about_as_long_the_simplest_wins():
    near = option("other", 50, 10.2, keeps_files=True)
    assert candidate([STAY, MOVE, near]) == "other"
    assert candidate([STAY, MOVE, option("other", 50, 11.5, keeps_files=True)]) == "packed"
    assert candidate([option("many", 50, 10, files=1000), option("few", 50, 10.2)]) == "few"


def test_chance_does_not_decide_between_containers_of_the_same_bytes():
    """The same format is chosen whichever of two happens to be a little faster in a run."""
    for faster, slower in (("lmdb+raw", "packed+raw"), ("packed+raw", "lmdb+raw")):
        noisy = replace(option(slower, 50, 10), epoch=np.array([10.0, 13.0, 11.0]))
        assert candidate([STAY, option(faster, 50, 10), noisy, FILES]) == "lmdb+raw"
    surely = option("lmdb+raw", 50, 30)
    assert candidate([STAY, option("packed+raw", 50, 10), surely]) == "packed+raw"


def test_it_says_how_much_the_candidate_may_gain_at_most():
    assert choose(use(), 1000, ALL).at_most > 9
    assert choose(use(), 1000, [STAY, option("slow", 0.001, 120)]).at_most < 1.05
    one = [replace(of, convert=of.convert[:1], epoch=of.epoch[:1]) for of in ALL]
    assert choose(use(), 1000, one).at_most is None


def test_it_says_what_the_main_run_points_to_if_the_use_were_another():
    found = shortlist(
        use(), 1000, lambda asked: ALL if asked.cache == Cache.WARM else [STAY, FILES]
    )
    assert found.otherwise == {
        "a single epoch": "packed", "ten times as many epochs": "packed",
        "reads from the device": "original", "some loss allowed": "jpeg",
    }  # fmt: skip


def test_files_are_only_pointed_away_from_for_what_surely_gains():
    noisy = replace(option("noisy", 0.001, 90), epoch=np.array([70.0, 120.0, 85.0]))
    found = shortlist(use(), 1000, lambda asked: [STAY, noisy])
    assert set(found.otherwise.values()) == {"in_place"}


def test_where_nothing_is_left_it_says_which_rule_to_loosen():
    found = choose(use(most_files=1, appendable=True), 1000, [STAY, MOVE, LOCAL])
    assert found.candidate is None
    assert found.loosen == "most_files"


def foretold(options, deviations=(0.1, 0.05), refused=None):
    return [replace(of, deviations=deviations, refused=refused) for of in options]


def test_what_is_foretold_is_less_sure():
    sure = choose(use(), 1000, ALL)
    told = choose(use(), 100, foretold(ALL))
    assert told.candidate.backend == sure.candidate.backend
    for of in ("total_seconds", "convert_seconds", "epoch_seconds"):
        (_, low, high), (_, lower, higher) = (getattr(it.candidate, of) for it in (sure, told))
        assert higher / lower > high / low
    assert told.next_best[0].ratio[1] < sure.next_best[0].ratio[1]


def test_where_nothing_can_be_foretold_it_is_about_what_was_measured():
    found = shortlist(
        use(images=200_000), 1000,
        lambda asked: ALL if asked.images == 1000 else foretold(ALL, refused=Refusal.TOO_FAR),
    )  # fmt: skip
    assert found.candidate.backend == "packed"
    assert found.use.images == 1000
    assert found.refused == Refusal.TOO_FAR
    assert found.asked_images == 200_000


def test_what_is_decoded_to_be_converted_takes_an_epoch_of_the_files_more():
    stay, move, files = with_decoding([STAY, MOVE, FILES])
    assert stay is STAY
    assert files is FILES
    assert np.allclose(move.convert, MOVE.convert + STAY.epoch)
    assert with_decoding([MOVE]) == [MOVE]
