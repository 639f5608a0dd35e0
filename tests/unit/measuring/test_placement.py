import shutil
import subprocess

import pytest
from imagebench.measuring.placement import spread_folders


def attributes(folder):
    """The attributes of a folder, as lsattr shows them."""
    if not shutil.which("lsattr"):
        pytest.skip("needs lsattr")
    shown = subprocess.run(["lsattr", "-d", folder], capture_output=True, text=True, check=False)
    if shown.returncode:
        pytest.skip("this file system has no attributes")
    return shown.stdout.split()[0]


def test_folders_are_spread_where_the_file_system_can_and_other_attributes_stay(tmp_path):
    before = attributes(tmp_path)
    spread_folders(tmp_path)
    after = attributes(tmp_path)
    if after == before:
        pytest.skip("this file system does not spread folders")
    assert set(after) - set(before) == {"T"}
    assert set(before) <= set(after)


def test_a_file_system_without_attributes_is_left_as_it_is():
    spread_folders("/proc/self")
