import json

from imagebench import made_with

PARTS = {"cell": {"images": 10, "folder": "results"}, "code": {"a.py": "1", "b.py": "2"}}


def test_what_was_made_with_the_same_differs_in_nothing(tmp_path):
    made_with.write(tmp_path / "a.json", PARTS)
    assert made_with.differences(tmp_path / "a.json", PARTS) == []
    assert made_with.differences(tmp_path / "missing.json", PARTS) == []


def test_each_difference_is_named_with_both_values(tmp_path):
    made_with.write(tmp_path / "a.json", PARTS)
    now = {"cell": {"images": 11, "folder": "results"}, "code": {"a.py": "1"}, "settings": {"n": 1}}
    assert made_with.differences(tmp_path / "a.json", now) == [
        "cell.images was 10, is 11", "code.b.py is another", "settings is another",
    ]  # fmt: skip


def test_what_says_nothing_is_not_believed(tmp_path):
    for text in ("", "{}", "[1]", '{"samples": []}', '{"fingerprint": "0123456789abcdef"'):
        (tmp_path / "a.json").write_text(text)
        assert made_with.differences(tmp_path / "a.json", PARTS), text


def test_another_format_is_made_anew(tmp_path, monkeypatch):
    made_with.write(tmp_path / "a.json", PARTS)
    monkeypatch.setattr(made_with, "FORMAT", made_with.FORMAT + 1)
    assert made_with.differences(tmp_path / "a.json", PARTS) == ["format is not the one of now"]


def test_a_long_record_is_told_by_its_first_bytes(tmp_path):
    path = tmp_path / "a.json"
    record = {**made_with.described(PARTS), "samples": list(range(1000))}
    path.write_text(json.dumps(record, indent=1))
    assert made_with.differences(path, PARTS) == []
