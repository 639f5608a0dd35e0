import json
import os
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
from imagebench.measuring.machine import conditions, filesystem
from mounts import mounted


@pytest.mark.skipif(sys.platform != "linux", reason="mounts are read from /proc")
def test_the_file_system_is_the_one_that_df_names(tmp_path):
    df = subprocess.run(
        ["df", "--output=fstype", tmp_path], capture_output=True, check=True, text=True
    )
    kind, options = filesystem(tmp_path)
    assert kind == df.stdout.split()[-1]
    assert "rw" in options.split(",")
    assert filesystem(Path("/proc"))[0] == "proc"


def test_the_versions_that_took_part_are_recorded(tmp_path):
    found = conditions(tmp_path, ("pillow",))
    assert found["libraries"] == {name: metadata.version(name) for name in ("numpy", "pillow")}
    assert found["host"]


@pytest.mark.skipif(sys.platform != "linux", reason="mounts whose names are any bytes")
@pytest.mark.parametrize("name", ["é", "two words", os.fsdecode(b"\xff\xfe"), "back\\040slash"])
def test_a_mount_may_have_any_name(name, tmp_path):
    outside = filesystem(tmp_path)
    with mounted(tmp_path / name, "-t", "ramfs", "none") as folder:
        assert filesystem(folder)[0] == "ramfs"
        assert filesystem(tmp_path) == outside


@pytest.mark.skipif(os.name != "posix", reason="names that are any bytes")
def test_a_cluster_whose_name_is_no_text_can_be_written_down(tmp_path, monkeypatch):
    monkeypatch.setenv("SLURM_CLUSTER_NAME", os.fsdecode(b"caf\xe9"))
    found = conditions(tmp_path, ())
    assert found["cluster"] == "caf?"
    assert json.dumps(found, ensure_ascii=False).encode("utf-8")
