import os
import subprocess

import pytest
from imagebench.versions import describe_commit


def git(folder, *arguments):
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    command = ["git", *identity, "-C", str(folder), *arguments]
    return subprocess.run(command, check=True, capture_output=True).stdout


@pytest.mark.skipif(os.name != "posix", reason="names of files that are any bytes")
def test_a_changed_file_whose_name_is_no_text_is_a_change(tmp_path):
    git(tmp_path, "init")
    git(tmp_path, "config", "core.quotePath", "false")
    (tmp_path / "Snakefile").touch()
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-m", "first")
    commit = git(tmp_path, "rev-parse", "--short=12", "HEAD").decode().strip()
    assert describe_commit(tmp_path) == commit
    (tmp_path / "workflow").mkdir()
    (tmp_path / "workflow" / os.fsdecode(b"\xff")).touch()
    git(tmp_path, "add", "--intent-to-add", ".")
    assert describe_commit(tmp_path) == f"{commit} with changes"


def test_a_folder_that_is_no_repository_has_no_commit(tmp_path):
    assert describe_commit(tmp_path) == "unknown"
