"""What is inconclusive matters where it is between what was recommended and what comes next."""

import pytest
from imagebench.answers.mattering import can_matter

ANSWER = {
    "best": {"label": "A"},
    "next_best": [{"label": "B"}, {"label": "C"}],
    "use": {"access": "read_batches", "cache": "warm"},
}
BATCHES = {"operation": "read_batches", "cache": "warm", "until": "returned"}
STORE = {"operation": "store_many", "cache": "not_applicable", "until": "durable"}


@pytest.mark.parametrize(
    ("row", "labels", "matters"),
    [
        (BATCHES, {"A", "B"}, True),
        (STORE, {"C", "A"}, True),
        (BATCHES, {"B", "C"}, False),
        (BATCHES, {"A", "D"}, False),
        ({**BATCHES, "cache": "cold"}, {"A", "B"}, False),
        ({**STORE, "until": "closed"}, {"A", "B"}, False),
        ({**BATCHES, "operation": "read_many"}, {"A", "B"}, False),
    ],
)
def test_only_what_is_near_the_answer_matters_to_it(row, labels, matters):
    assert can_matter(row, labels, [ANSWER]) is matters


def test_all_matters_where_nothing_was_recommended():
    assert can_matter(STORE, {"D", "E"}, [])
    assert can_matter(STORE, {"D", "E"}, [{**ANSWER, "best": None}])
