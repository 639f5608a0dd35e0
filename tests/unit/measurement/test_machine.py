import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
from imagebench.measurement.machine import conditions, filesystem


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
