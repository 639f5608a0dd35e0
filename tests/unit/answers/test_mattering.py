"""What is inconclusive matters where it is between what was recommended and what comes next."""

import pytest
from imagebench.answers.mattering import can_matter

ANSWER = {
    "best": {"backend": "a"},
    "next_best": [{"backend": "b"}, {"backend": "c"}],
    "use": {"access": "read_batches", "cache": "warm"},
}
BATCHES = {"operation": "read_batches", "cache": "warm", "until": "returned"}
STORE = {"operation": "store_many", "cache": "not_applicable", "until": "durable"}


@pytest.mark.parametrize(
    ("row", "names", "matters"),
    [
        (BATCHES, {"a", "b"}, True),
        (STORE, {"c", "a"}, True),
        (BATCHES, {"b", "c"}, False),
        (BATCHES, {"a", "d"}, False),
        ({**BATCHES, "cache": "cold"}, {"a", "b"}, False),
        ({**STORE, "until": "closed"}, {"a", "b"}, False),
        ({**BATCHES, "operation": "read_many"}, {"a", "b"}, False),
    ],
)
def test_only_what_is_near_the_answer_matters_to_it(row, names, matters):
    assert can_matter(row, names, [ANSWER]) is matters


def test_all_matters_where_nothing_was_recommended():
    assert can_matter(STORE, {"d", "e"}, [])
    assert can_matter(STORE, {"d", "e"}, [{**ANSWER, "best": None}])
