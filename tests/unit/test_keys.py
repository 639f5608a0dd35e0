import pytest
from imagebench import keys
from imagebench.errors import BenchmarkError

PARTS = {"cell": {"images": 10, "folder": "results"}, "code": {"a.py": "1", "b.py": "2"}}


def test_a_key_follows_from_what_is_in_its_parts_and_not_from_their_order(monkeypatch):
    swapped = {"code": {"b.py": "2", "a.py": "1"}, "cell": {"folder": "results", "images": 10}}
    assert keys.key_of(PARTS) == keys.key_of(swapped)
    assert keys.key_of(PARTS) != keys.key_of({**PARTS, "code": {"a.py": "2", "b.py": "1"}})
    before = keys.key_of(PARTS)
    monkeypatch.setattr(keys, "FORMAT", keys.FORMAT + 1)
    assert keys.key_of(PARTS) != before


def test_a_file_is_not_made_under_the_key_of_something_else():
    keys.require_key(PARTS, keys.key_of(PARTS), "a.json")
    with pytest.raises(BenchmarkError, match=r"a\.json was planned with other code"):
        keys.require_key(PARTS, "0" * 16, "a.json")


def test_each_difference_is_named_with_both_values_unless_they_say_nothing():
    now = {"cell": {"images": 11, "folder": "results"}, "code": {"a.py": "1"}, "settings": {"n": 1}}
    assert list(keys.differences(PARTS, now)) == [
        "cell.images was 10, is 11", "code.b.py has changed", "settings has changed",
    ]  # fmt: skip
    assert list(keys.differences(PARTS, PARTS)) == []


def test_the_newest_stamp_of_a_rule_is_the_only_one(tmp_path):
    names = ["summarize-0", "summarize-1", "summarize_all-0", "plot-0"]
    for name in names:
        (tmp_path / name).touch()
    keys.settle(tmp_path / "summarize-1")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names[1:])
