import pytest
from imagebench.files import published_file, published_folder, scratch_folder


def test_a_file_appears_only_when_it_is_whole(tmp_path):
    target = tmp_path / "deep" / "table.csv"
    with published_file(target) as partial:
        partial.write_text("whole")
        assert not target.exists()
    assert target.read_text() == "whole"
    assert [path.name for path in target.parent.iterdir()] == ["table.csv"]


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path):
    target = tmp_path / "table.csv"
    target.write_text("old")
    with pytest.raises(ValueError, match="half-way"), published_file(target) as partial:
        partial.write_text("ha")
        raise ValueError("half-way")
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["table.csv"]


def test_a_folder_replaces_the_one_before_as_a_whole(tmp_path):
    target = tmp_path / "store"
    for content in ("first", "second"):
        with published_folder(target) as partial:
            partial.mkdir()
            (partial / content).write_text(content)
    assert [path.name for path in target.iterdir()] == ["second"]


def test_a_failed_folder_leaves_nothing(tmp_path):
    with pytest.raises(ValueError, match="half-way"), published_folder(tmp_path / "x") as partial:
        partial.mkdir()
        (partial / "file").write_text("ha")
        raise ValueError("half-way")
    assert list(tmp_path.iterdir()) == []


def test_a_scratch_folder_is_empty_at_first_and_gone_at_last(tmp_path):
    (tmp_path / "scratch").mkdir()
    (tmp_path / "scratch" / "left").touch()
    with scratch_folder(tmp_path / "scratch") as folder:
        assert list(folder.iterdir()) == []
        (folder / "file").touch()
    assert list(tmp_path.iterdir()) == []
