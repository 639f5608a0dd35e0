import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from imagebench.errors import BenchmarkError
from imagebench.measuring import lock

HOLD = """
import os, sys, time
sys.path.insert(0, {scripts!r})
from imagebench.measuring import lock
if {user}:
    import pwd  # while Python's own folder can still be read, wherever it is
    os.setuid({user})
with lock.machine_lock({name!r}):
    print("held", time.time(), flush=True)
    time.sleep({seconds})
    print("released", time.time(), flush=True)
"""
NAME = f"test-{os.getpid()}"  # tests may run beside each other
OTHER = 54321
"""A user that the machine has no name for."""

needs_root = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root, to be several users"
)


@pytest.fixture(autouse=True)
def leaves_no_lock():
    """Remove the lock file of these tests."""
    yield
    lock.lock_file(NAME).unlink(missing_ok=True)


def holder(seconds, user=None, first_lines=""):
    scripts = str(Path(lock.__file__).parents[2])
    source = HOLD.format(scripts=scripts, name=NAME, seconds=seconds, user=user)
    return subprocess.Popen(
        [sys.executable, "-c", f"{first_lines}\n{source}"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_the_second_waits_for_the_first_and_says_for_whom():
    first = holder(1.0)
    first.stdout.readline()
    second = holder(0)
    out, errors = second.communicate(timeout=60)
    released = float(re.search(r"released (\S+)", first.communicate()[0])[1])
    assert float(re.search(r"held (\S+)", out)[1]) >= released
    assert str(lock.lock_file(NAME)) in errors
    if sys.platform == "linux":
        assert f"process {first.pid} of user" in errors
        assert f"kill {first.pid}" in errors


def test_a_lock_of_a_process_that_was_killed_is_free():
    first = holder(60)
    first.stdout.readline()
    first.kill()
    first.wait()
    start = time.monotonic()
    with lock.machine_lock(NAME):
        assert time.monotonic() - start < 10


def test_one_process_may_take_a_lock_twice_and_frees_it_with_the_last_release():
    with lock.machine_lock(NAME):
        with lock.machine_lock(NAME):
            pass
        waiting = holder(0)
        assert "waiting: " in waiting.stderr.readline()
    assert "held" in waiting.communicate(timeout=60)[0]


FLAGS = """
import signal
seen = []
signal.signal(signal.SIGTERM, lambda *_: seen.append(1))  # as Snakemake's scheduler does
"""
KEPT = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"


@pytest.mark.parametrize("first_lines", [KEPT, KEPT + FLAGS])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_who_waits_ends_at_once_when_told_to(first_lines, number):
    with lock.machine_lock(NAME):
        waiting = holder(0, first_lines=first_lines)
        assert f"process {os.getpid()} of user" in waiting.stderr.readline()
        waiting.send_signal(number)
        out, _ = waiting.communicate(timeout=10)
    assert "held" not in out
    assert waiting.returncode in (-number, 128 + number)


def test_every_user_may_open_the_lock():
    with lock.machine_lock(NAME):
        assert lock.lock_file(NAME).stat().st_mode & 0o666 == 0o666


@needs_root
@pytest.mark.parametrize("users", [(None, OTHER), (OTHER, None), (OTHER, OTHER + 1)])
def test_users_of_one_machine_wait_for_each_other(users):
    lock.lock_file(NAME).unlink(missing_ok=True)  # so that the first user is who makes it
    first = holder(1.0, users[0])
    first.stdout.readline()
    out, errors = holder(0, users[1]).communicate(timeout=60)
    released = float(re.search(r"released (\S+)", first.communicate()[0])[1])
    assert "held" in out, errors
    assert float(re.search(r"held (\S+)", out)[1]) >= released, errors
    if users[0]:
        assert f"process {first.pid} of user {OTHER}" in errors


@needs_root
def test_a_lock_that_a_user_keeps_from_others_is_said_to_be_theirs():
    path = lock.lock_file(NAME)
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    try:
        _, errors = holder(0, OTHER).communicate(timeout=60)
    finally:
        path.unlink()
    line = f"Permission denied: {path} (user root can remove it, to be made anew for all users)"
    assert errors.splitlines()[-1].endswith(line)
    assert "BenchmarkError: cannot take the lock" in errors


def in_a_file(folder):
    (folder / "file").touch()
    return folder / "file"


def in_a_folder_of_the_system(_):
    return Path("/sys" if sys.platform == "linux" else "/")  # not even root may write there


def behind_a_link(folder):
    (folder / f"image-storage-bench.{NAME}.lock").symlink_to("elsewhere")
    return folder


def where_a_folder_is(folder):
    (folder / f"image-storage-bench.{NAME}.lock").mkdir()
    return folder


@pytest.mark.parametrize(
    ("place", "way_out"),
    [
        (in_a_file, "must be a folder that all users can write"),
        (in_a_folder_of_the_system, "/sys must be a folder that all users can write"),
        (behind_a_link, "can remove it"),
        (where_a_folder_is, "can remove it"),
    ],
)
def test_where_there_can_be_no_lock_one_line_says_so(place, way_out, tmp_path, monkeypatch):
    monkeypatch.setattr(lock, "FOLDER", place(tmp_path))
    with pytest.raises(BenchmarkError) as failed, lock.machine_lock(NAME):
        pass
    assert str(lock.lock_file(NAME)) in str(failed.value)
    assert way_out in str(failed.value)
    assert not (tmp_path / "elsewhere").exists()


def test_a_process_that_has_ended_has_no_user_that_is_known():
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    assert lock.user_of(process.pid) == "unknown"


@pytest.mark.skipif(sys.platform != "linux", reason="locks are listed on Linux alone")
def test_nobody_is_named_when_nobody_holds_it():
    with lock.machine_lock(NAME):
        pass
    assert lock.holding_process(lock.lock_file(NAME)) is None
