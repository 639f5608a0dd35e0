import contextlib
import errno
import faulthandler
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import h5py
import lmdb
import numpy as np
import pytest
from imagebench import processes
from imagebench.errors import BenchmarkError, describe, may_be_damage
from imagebench.formats.tutorial.lmdb import Lmdb
from imagebench.pieces import in_one_piece
from imagebench.processes import in_child, in_one_line, supervised
from processes import alive_in_group


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (BenchmarkError("the archive a is bad:\n delete it"), "the archive a is bad: delete it"),
        (OSError(errno.ENOSPC, "No space left on device", "/x/y"), "/x/y (free space or inodes"),
        (PermissionError(errno.EACCES, "Permission denied", "/x"), "Permission denied: /x (check"),
        (OSError(11, "Unable to open (unable to lock file)"), "set HDF5_USE_FILE_LOCKING=FALSE"),
        (OSError(errno.EMFILE, "Too many open files", "/x"), "open files: /x (raise the limit to"),
        (OSError(errno.EIO, "Input/output error", "/x", None, "/y"), "error: /x or /y (the disk"),
        (OSError(errno.EROFS, "Read-only", "/x\ny\udce9"), "Read-only: /x y\\udce9 (the file"),
        (OSError(errno.ENOMEM, "Cannot allocate memory"), "Cannot allocate memory (leave out the"),
        (MemoryError(), "out of memory: leave out the largest cutoff"),
        (lmdb.Error("/x: No space left on device"), "No space left on device (free space or"),
        (OSError(errno.ENOENT, "none", os.fsdecode(b"/x/\xff")), "none: /x/\\udcff"),
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
    Lmdb().store(*in_one_piece(images, np.zeros(200, dtype=np.int64)), store)
    size = (store / "data.mdb").stat().st_size
    os.truncate(store / "data.mdb", size // 2 // 4096 * 4096)
    log = tmp_path / "job.log"

    def read():
        faulthandler.disable()  # pytest's own would tell all there is about the end of this process
        list(Lmdb().read(store))

    with pytest.raises(SystemExit) as ended:
        supervised(read, log, str(store))
    assert ended.value.code == 1
    [line] = [line for line in capfd.readouterr().err.splitlines() if line.startswith("error: ")]
    assert "SIGBUS" in line
    assert str(store) in line
    assert "delete it and run again" in line
    assert line in log.read_text()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that can be forked")
@pytest.mark.parametrize(
    ("number", "words"),
    [
        (signal.SIGKILL, "somebody ended it, or a batch system"),
        (signal.SIGSEGV, "a library that it used has crashed: delete a store"),
        (signal.SIGXCPU, "raise it (ulimit -t)"),
        (signal.SIGXFSZ, "raise it (ulimit -f)"),
        (signal.SIGUSR1, "somebody ended it"),
        (getattr(signal, "SIGRTMIN", 33) + 1, "somebody ended it"),
    ],
)
def test_a_process_that_dies_of_a_signal_is_told_with_what_is_known(number, words, tmp_path, capfd):
    def die():
        faulthandler.disable()
        if number == signal.SIGXFSZ:  # which Python ignores
            signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    with pytest.raises(SystemExit) as ended:
        supervised(die, tmp_path / "job.log", "a store")
    assert ended.value.code == 1
    [line] = capfd.readouterr().err.splitlines()
    assert line.startswith("error: the process that dealt with a store died of ")
    assert words in line
    assert "memory ran out" not in line


@pytest.fixture
def control_group():
    """A control group whose processes may have 64 MB of memory in all."""
    for top, limit in [("memory/", "memory.limit_in_bytes"), ("", "memory.max")]:
        group = Path(f"/sys/fs/cgroup/{top}image-storage-bench-{os.getpid()}")
        if (group.parent / "cgroup.procs").exists():
            with contextlib.suppress(OSError):
                group.mkdir()
                (group / limit).write_text(str(1 << 26))
                yield group
                end = time.monotonic() + 10
                while (group / "cgroup.procs").read_text() and time.monotonic() < end:
                    time.sleep(0.01)
                group.rmdir()
                return
    pytest.skip("needs a control group of its own")


@pytest.mark.quiet
def test_a_process_that_the_system_kills_for_want_of_memory_is_explained(
    control_group, tmp_path, capfd
):
    def take_much():
        (control_group / "cgroup.procs").write_text(str(os.getpid()))
        np.ones(1 << 28, dtype=np.uint8)

    with pytest.raises(SystemExit):
        supervised(take_much, tmp_path / "job.log", "a store")
    assert "SIGKILL: memory ran out, and the system" in capfd.readouterr().err
    with pytest.raises(BenchmarkError, match="memory ran out, and the system"):
        in_child(take_much, tmp_path / "store")


@pytest.mark.skipif(sys.platform != "linux", reason="as Linux chooses what it kills")
def test_where_memory_runs_out_what_is_supervised_goes_first_and_not_who_tells_of_it(tmp_path):
    own = Path("/proc/self/oom_score_adj")
    before = own.read_text()
    supervised(
        lambda: (tmp_path / "found").write_text(own.read_text()), tmp_path / "job.log", "a store"
    )
    assert int((tmp_path / "found").read_text()) == 1000
    assert own.read_text() == before


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
@pytest.mark.parametrize("fails", [False, True])
def test_what_libraries_print_by_themselves_is_in_the_log_alone(fails, tmp_path, capfd):
    def call():
        os.write(2, b"PNG warning: sRGB: out of place\n")
        if fails:
            raise BenchmarkError("the store s is bad")

    log = tmp_path / "job.log"
    with contextlib.suppress(SystemExit):
        supervised(call, log, what="a store")
    assert capfd.readouterr().err == ("error: the store s is bad\n" if fails else "")
    assert ("the store s is bad" if fails else "PNG warning") in log.read_text()


def test_a_call_ends_with_the_process_that_supervises_it(tmp_path):
    scripts = str(Path(processes.__file__).parents[1])
    code = (
        f"import sys, time, os; sys.path.insert(0, {scripts!r})\n"
        "from imagebench.processes import supervised\n"
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


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that can be forked")
def test_a_child_may_fail_with_a_path_that_is_no_text_and_longer_than_a_line(tmp_path):
    def fail():
        raise BenchmarkError(os.fsdecode(b"/x/\xff") + " " + "é" * 5000)

    with pytest.raises(BenchmarkError, match=r"^/x/\\udcff éé"):
        in_child(fail, tmp_path / "store")


def test_a_store_that_cannot_be_opened_for_a_limit_of_the_machine_is_not_taken_for_damaged(
    tmp_path,
):
    path = tmp_path / "store.h5"
    with h5py.File(path, "w") as file:
        file["images"] = np.zeros(5)
    resource = pytest.importorskip("resource")
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, limits[1]))
    try:
        with pytest.raises(OSError) as limited:
            h5py.File(path, "r")
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    assert not may_be_damage(limited.value)
    assert "raise the limit to open files (ulimit -n)" in describe(limited.value)
    assert not may_be_damage(MemoryError())
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(OSError) as damaged:
        h5py.File(path, "r")
    assert may_be_damage(damaged.value)


HALF_DONE = """
import multiprocessing, signal, sys, time
sys.path.insert(0, {scripts!r})
from pathlib import Path
from imagebench import processes, files
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # also where these tests run under nohup
def call():
    with files.published_folder({folder!r} + "/store") as store:
        store.mkdir()
        processes.in_child(write, store)
def write():
    with files.published_file({folder!r} + "/store.json") as partial:
        partial.touch()
        print("ready", flush=True)
        time.sleep({seconds})
"""


def start_half_done(folder, call, seconds=60, **options):
    """Start a job that has begun a store; give its process, the leader of a group of its own."""
    scripts = str(Path(processes.__file__).parents[1])
    code = HALF_DONE.format(scripts=scripts, folder=str(folder), seconds=seconds) + call
    process = subprocess.Popen(
        [sys.executable, "-c", code], start_new_session=True, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options,
    )  # fmt: skip
    assert process.stdout.readline() == "ready\n"
    return process


SUPERVISED = "processes.supervised(call, {!r}, 'a store')"
ALONE = "with processes.in_one_line({!r}): call()"


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="needs groups of processes")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
@pytest.mark.parametrize("job", [SUPERVISED, ALONE], ids=["supervised", "alone"])
@pytest.mark.parametrize("send", [os.killpg, os.kill], ids=["group", "leader"])
def test_what_somebody_ends_says_so_and_leaves_nothing(send, job, name, tmp_path):
    log = tmp_path / "job.log"
    process = start_half_done(tmp_path, job.format(str(log)))
    number = getattr(signal, name)
    send(process.pid, number)
    said = process.communicate(timeout=30)[1]
    assert said == f"interrupted ({name})\n" == log.read_text()
    assert process.returncode == 128 + number
    assert list(tmp_path.iterdir()) == [log]
    assert alive_in_group(process.pid) == []


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="needs groups of processes")
def test_a_job_that_a_terminal_must_not_end_goes_on_when_it_is_closed(tmp_path):
    job = SUPERVISED.format(str(tmp_path / "job.log"))
    ignoring = "signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"  # as nohup does
    process = start_half_done(tmp_path, ignoring + job, seconds=0.5)
    os.killpg(process.pid, signal.SIGHUP)
    assert process.communicate(timeout=30)[1] == ""
    assert process.returncode == 0
    assert (tmp_path / "store.json").exists()
