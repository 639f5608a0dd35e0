import mmap
import os

import pytest
from imagebench.measurement.page_cache import read_data, warm


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
