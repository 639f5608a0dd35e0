import math

import pytest
from imagebench import wording


def test_names_with_commas_are_set_apart():
    assert wording.listed(["a", "b", "c"]) == "a, b and c"
    assert wording.listed(["LMDB, PNG", "b", "LMDB, raw"]) == "LMDB, PNG; b and LMDB, raw"


@pytest.mark.parametrize(
    ("value", "low", "high", "words"),
    [
        (1.98, 1.9, 2.06, ("1.980", "[1.900, 2.060]")),
        (1.98, 1.8, 2.1, ("1.98", "[1.80, 2.10]")),
        (9.9, 8.0, 12.4, ("9.9", "[8.0, 12.4]")),
        (120.4, 80, 1234.5, ("120", "[80, 1,230]")),
        (4.1, math.nan, math.nan, ("4.1", "")),
    ],
)
def test_a_ratio_has_as_many_digits_as_its_bounds(value, low, high, words):
    found, bounds = wording.bounded(value, low, high)
    assert (found, bounds.replace("\N{NO-BREAK SPACE}", " ")) == words


@pytest.mark.parametrize(
    ("seconds", "low", "high", "words"),
    [
        (0.28e-3, 0.279e-3, 0.283e-3, ("0.280 ms", "0.279 to 0.283")),
        (0.0995, 0.09, 0.11, ("99.5 ms", "90.0 to 110.0")),
        (123.4, 120.0, 130.0, ("123 s", "120 to 130")),
        (2.0, math.nan, math.nan, ("2 s", "")),
    ],
)
def test_seconds_have_as_many_digits_as_their_bounds_and_one_unit(seconds, low, high, words):
    assert wording.bounded_seconds(seconds, low, high) == words


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
    assert wording.duration(seconds) == words
