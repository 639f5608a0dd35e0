import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from imagebench.measurement import lock

HOLD = """
import sys, time
sys.path.insert(0, {scripts!r})
from imagebench.measurement import lock
with lock.machine_lock({name!r}):
    print("held", time.time(), flush=True)
    time.sleep({seconds})
    print("released", time.time(), flush=True)
"""
NAME = "test"


def holder(seconds):
    scripts = str(Path(lock.__file__).parents[2])
    return subprocess.Popen(
        [sys.executable, "-c", HOLD.format(scripts=scripts, name=NAME, seconds=seconds)],
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


def test_every_user_may_open_the_lock():
    with lock.machine_lock(NAME):
        assert lock.lock_file(NAME).stat().st_mode & 0o666 == 0o666


@pytest.mark.skipif(sys.platform != "linux", reason="locks are listed on Linux alone")
def test_nobody_is_named_when_nobody_holds_it():
    with lock.machine_lock(NAME):
        pass
    assert lock.holding_process(lock.lock_file(NAME)) is None
