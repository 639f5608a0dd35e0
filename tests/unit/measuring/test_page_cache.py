import mmap
import os
import sys

import pytest
from imagebench.measuring.machine import filesystem
from imagebench.measuring.page_cache import evict, read_data, resident_share, warm


def test_every_byte_of_every_file_is_read(tmp_path, monkeypatch):
    (tmp_path / "deep").mkdir()
    sizes = {"a": 0, "b": 5, "deep/c": 3_500_000}
    for name, size in sizes.items():
        (tmp_path / name).write_bytes(b"x" * size)
    read = []
    real_read = os.read

    def counting_read(descriptor, size):
        data = real_read(descriptor, size)
        read.append(len(data))
        return data

    monkeypatch.setattr(os, "read", counting_read)
    warm(tmp_path)
    assert sum(read) == sum(sizes.values())


@pytest.mark.skipif(not hasattr(os, "SEEK_DATA"), reason="holes cannot be told on this system")
def test_holes_are_left_out(tmp_path, monkeypatch):
    path = tmp_path / "sparse"
    with open(path, "wb") as file:
        file.write(b"start")
        file.seek(1 << 30)
        file.write(b"end")
    if os.stat(path).st_blocks * 512 > 1 << 29:
        pytest.skip("this file system has no sparse files")
    read = []
    real_read = os.read
    monkeypatch.setattr(os, "read", lambda *of: read.append(real_read(*of)) or read[-1])
    descriptor = os.open(path, os.O_RDONLY)
    read_data(descriptor, os.fstat(descriptor).st_size)
    os.close(descriptor)
    assert b"".join(read).startswith(b"start")
    assert b"".join(read).endswith(b"end")
    assert sum(map(len, read)) < 100 * mmap.PAGESIZE


def test_what_is_evicted_is_gone_and_what_is_read_is_back(tmp_path):
    if sys.platform != "linux" or filesystem(tmp_path)[0] == "tmpfs":
        pytest.skip("needs Linux, and a file system on a device")
    (tmp_path / "deep").mkdir()
    for name, size in {"a": 1, "deep/b": 5_000_000, "empty": 0}.items():
        (tmp_path / name).write_bytes(b"x" * size)
    assert resident_share(tmp_path) > 0.9
    # Written a moment ago, and not yet on the device: pages that the advice alone does not drop.
    assert evict(tmp_path) == 0
    assert resident_share(tmp_path) == 0
    warm(tmp_path)
    assert resident_share(tmp_path) > 0.9


def test_half_a_file_is_half_resident(tmp_path):
    if sys.platform != "linux" or filesystem(tmp_path)[0] == "tmpfs":
        pytest.skip("needs Linux, and a file system on a device")
    path = tmp_path / "file"
    size = 1 << 22
    path.write_bytes(b"x" * size)
    with open(path, "rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, size // 2, os.POSIX_FADV_DONTNEED)
    assert resident_share(tmp_path) == pytest.approx(0.5, abs=0.1)
