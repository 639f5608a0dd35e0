import errno
import faulthandler
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from imagebench import failures
from imagebench.backends.lmdb import Lmdb
from imagebench.failures import BenchmarkError, in_one_line, supervised


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (BenchmarkError("the archive a is bad:\n delete it"), "the archive a is bad: delete it"),
        (OSError(errno.ENOSPC, "No space left on device", "/x/y"), "/x/y (free space or inodes"),
        (PermissionError(errno.EACCES, "Permission denied", "/x"), "Permission denied: /x (check"),
        (OSError(11, "Unable to open (unable to lock file)"), "set HDF5_USE_FILE_LOCKING=FALSE"),
        (MemoryError(), "out of memory: leave out the largest cutoff"),
        (ZeroDivisionError("by zero"), "ZeroDivisionError: by zero (unforeseen"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_failure_is_one_line_on_the_screen_and_in_the_log(error, line, tmp_path, capsys):
    log = tmp_path / "logs" / "job.log"
    with pytest.raises(SystemExit) as ended, in_one_line(log):
        raise error
    assert ended.value.code == 1
    screen = capsys.readouterr().err
    assert screen.startswith("error: ")
    assert line in screen
    assert screen.count("\n") == 1
    assert log.read_text().splitlines()[-1].startswith("error: ")
    assert ("Traceback" in log.read_text()) == isinstance(error, ZeroDivisionError)


def test_success_leaves_no_log(tmp_path):
    with in_one_line(tmp_path / "job.log"):
        pass
    assert not (tmp_path / "job.log").exists()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that can be forked")
def test_a_truncated_lmdb_file_does_not_end_the_process_without_a_word(tmp_path, capfd):
    images = np.random.default_rng(0).integers(0, 256, (200, 32, 32, 3), dtype=np.uint8)
    store = tmp_path / "store"
    Lmdb().store(images, np.zeros(200, dtype=np.uint8), store)
    size = (store / "data.mdb").stat().st_size
    os.truncate(store / "data.mdb", size // 2 // 4096 * 4096)
    log = tmp_path / "job.log"

    def read():
        faulthandler.disable()  # pytest's own would tell all there is about the end of this process
        Lmdb().read(store)

    with pytest.raises(SystemExit) as ended:
        supervised(read, log, str(store))
    assert ended.value.code == 1
    [line] = [line for line in capfd.readouterr().err.splitlines() if line.startswith("error: ")]
    assert "SIGBUS" in line
    assert str(store) in line
    assert "delete it and run again" in line
    assert line in log.read_text()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that can be forked")
def test_a_process_that_the_system_kills_for_want_of_memory_is_explained(tmp_path, capfd):
    with pytest.raises(SystemExit):
        supervised(lambda: os.kill(os.getpid(), signal.SIGKILL), tmp_path / "job.log", "a store")
    assert "memory ran out: leave out the largest cutoff" in capfd.readouterr().err


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that can be forked")
def test_a_supervised_call_fails_and_succeeds_as_any_other(tmp_path, capfd):
    supervised(lambda: (tmp_path / "done").write_text("1"), tmp_path / "job.log", "a store")
    assert (tmp_path / "done").exists()

    def fail():
        raise BenchmarkError("the disk is made of cheese")

    with pytest.raises(SystemExit):
        supervised(fail, tmp_path / "job.log", "a store")
    assert capfd.readouterr().err == "error: the disk is made of cheese\n"


@pytest.mark.skipif(sys.platform != "linux", reason="known to the kernel of Linux alone")
def test_a_call_ends_with_the_process_that_supervises_it(tmp_path):
    scripts = str(Path(failures.__file__).parents[1])
    code = (
        f"import sys, time, os; sys.path.insert(0, {scripts!r})\n"
        "from imagebench.failures import supervised\n"
        "def call():\n print(os.getpid(), flush=True)\n time.sleep(60)\n"
        f"supervised(call, {str(tmp_path / 'log')!r}, 'a store')"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    child = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    end = time.monotonic() + 10
    while Path(f"/proc/{child}").exists() and " Z " not in Path(f"/proc/{child}/stat").read_text():
        assert time.monotonic() < end
        time.sleep(0.01)
