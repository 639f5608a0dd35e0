"""Downloads from a real server on this machine."""

import hashlib

import pytest
from imagebench.errors import BenchmarkError
from imagebench.images.download import fetch_archive
from servers import CONTENT

MD5 = hashlib.md5(CONTENT).hexdigest()


def fetch(server, name, target, md5=MD5):
    fetch_archive(f"{server.address}/{name}", md5, target, first_wait=0.01, progress=False)


@pytest.mark.parametrize(("name", "asked"), [("good", 1), ("busy_once", 2), ("half_once", 2)])
def test_a_file_is_fetched_in_spite_of_passing_failures(server, name, asked, tmp_path):
    fetch(server, name, tmp_path / "a.tar.gz")
    assert (tmp_path / "a.tar.gz").read_bytes() == CONTENT
    assert len(server.asked) == asked


@pytest.mark.parametrize(
    ("name", "asked", "message"),
    [("missing", 1, "404"), ("broken", 4, "500"), ("half", 4, "asked 4 times")],
)
def test_what_cannot_be_had_fails_and_leaves_nothing(server, name, asked, message, tmp_path):
    with pytest.raises(BenchmarkError, match=message):
        fetch(server, name, tmp_path / "a.tar.gz")
    assert len(server.asked) == asked
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_hash_shows_both_and_leaves_nothing(server, tmp_path):
    with pytest.raises(BenchmarkError, match=f"{MD5}, not {'0' * 32}"):
        fetch(server, "good", tmp_path / "a.tar.gz", md5="0" * 32)
    assert list(tmp_path.iterdir()) == []


def test_a_local_file_is_copied_and_checked(tmp_path):
    source = tmp_path / "with blank.tar.gz"
    source.write_bytes(CONTENT)
    fetch_archive(source.as_uri(), MD5.upper(), tmp_path / "a.tar.gz")
    assert (tmp_path / "a.tar.gz").read_bytes() == CONTENT
    with pytest.raises(BenchmarkError, match="no file"):
        fetch_archive((tmp_path / "gone").as_uri(), MD5, tmp_path / "b.tar.gz")


def test_nobody_listening_is_said_in_one_line(tmp_path):
    with pytest.raises(BenchmarkError, match=r"cannot download http://127\.0\.0\.1:9/"):
        fetch_archive("http://127.0.0.1:9/a", MD5, tmp_path / "a", first_wait=0.01, progress=False)


def test_other_protocols_are_refused(tmp_path):
    with pytest.raises(BenchmarkError, match="only https, http, file"):
        fetch_archive("ftp://example.org/a", MD5, tmp_path / "a")
