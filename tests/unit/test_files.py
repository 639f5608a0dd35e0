import contextlib
import os

import pytest
from imagebench.errors import describe
from imagebench.files import (
    partial_of,
    published_file,
    published_folder,
    remove_leftovers,
    scratch_folder,
)


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


@contextlib.contextmanager
def small_files(size):
    """Let the system refuse to write files that are larger, in bytes."""
    resource = pytest.importorskip("resource", reason="needs limits to the size of files")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("published", [published_file, published_folder])
def test_a_write_that_fails_is_blamed_on_the_final_path(published, tmp_path):
    with pytest.raises(OSError) as failed, small_files(1000), published(tmp_path / "a") as partial:
        target = partial
        if published is published_folder:
            partial.mkdir()
            target = partial / "file"
        target.write_bytes(bytes(5000))
    assert f"File too large: {tmp_path / 'a'} (" in describe(failed.value)
    assert "ulimit -f" in describe(failed.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("published", [published_file, published_folder])
def test_a_temporary_name_that_cannot_be_opened_is_told_as_the_final_one(published, tmp_path):
    with pytest.raises(FileNotFoundError) as failed, published(tmp_path / "a") as partial:
        (partial / "absent" / "file").write_text("")
    assert failed.value.filename == str(tmp_path / "a" / "absent" / "file")


def test_a_file_that_is_to_take_the_place_of_a_folder_says_which(tmp_path):
    (tmp_path / "a").mkdir()
    with pytest.raises(IsADirectoryError) as failed, published_file(tmp_path / "a") as partial:
        partial.write_text("")
    assert describe(failed.value).startswith(f"Is a directory: {tmp_path / 'a'} (something else")


def test_a_link_to_nothing_gives_way_to_a_folder(tmp_path):
    (tmp_path / "a").symlink_to("gone")
    with published_folder(tmp_path / "a") as partial:
        partial.mkdir()
    assert (tmp_path / "a").is_dir()


@pytest.mark.skipif(os.name != "posix", reason="names are text elsewhere")
def test_names_that_are_no_text_are_as_good_as_others(tmp_path):
    target = tmp_path / os.fsdecode(b"caf\xe9") / "a"
    with published_folder(target) as partial:
        partial.mkdir()
    with published_file(target / "b") as partial:
        partial.write_text("whole")
    assert (target / "b").read_text() == "whole"


def test_leftovers_of_a_killed_run_are_removed_and_nothing_else(tmp_path):
    kept = [
        tmp_path / name
        for name in ("a.npy", ".a.npy.partial", ".notes-0123abcd.partial", "b/.hidden", "c/.x-1/d")
    ]
    left = [tmp_path / name for name in ("a.npy", "b/a.npy", "b/c/e.json")]
    for path in [*kept, *map(partial_of, left)]:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    store = partial_of(tmp_path / "stores" / "block-1")
    (store / "deep").mkdir(parents=True)
    (store / "deep" / "file").touch()
    remove_leftovers(tmp_path)
    assert {path for path in tmp_path.rglob("*") if path.is_file()} == set(kept)
    assert not store.exists()


def test_leftovers_behind_a_link_belong_to_somebody_else(tmp_path):
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "link").symlink_to("../other")
    through_link = tmp_path / "results" / "link" / "a"
    (tmp_path / "other").mkdir()
    partial_of(through_link).touch()
    remove_leftovers(tmp_path / "results")
    assert partial_of(through_link).exists()
    remove_leftovers(tmp_path / "results" / "link")  # asked for by its name, it is our own
    assert not partial_of(through_link).exists()
