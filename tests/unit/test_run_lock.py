import os
import signal
import subprocess
import sys
from pathlib import Path

from imagebench import run_lock

HOLD = """
import sys, time
sys.path.insert(0, {scripts!r})
from pathlib import Path
from imagebench import run_lock
held = run_lock.take(Path({folder!r}))
print("held", flush=True)
time.sleep(60)
"""


def test_a_lock_that_a_living_process_holds_is_not_taken_and_that_of_a_killed_one_is(tmp_path):
    scripts = str(Path(run_lock.__file__).parents[1])
    source = HOLD.format(scripts=scripts, folder=str(tmp_path))
    other = subprocess.Popen([sys.executable, "-c", source], stdout=subprocess.PIPE)
    try:
        other.stdout.readline()
        assert run_lock.take(tmp_path) is None
    finally:
        os.kill(other.pid, signal.SIGKILL)
        other.wait()
    assert run_lock.take(tmp_path) is not None


def test_a_run_on_another_machine_is_not_taken_for_one_that_was_here(tmp_path):
    assert not run_lock.was_taken_here(tmp_path)
    run_lock.note_host(tmp_path)
    assert run_lock.was_taken_here(tmp_path)
    (tmp_path / "run.host").write_text("another machine")
    assert not run_lock.was_taken_here(tmp_path)
