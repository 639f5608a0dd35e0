import subprocess
import sys

import pytest
from imagebench.measuring import memory

MEASURE = """
import sys
sys.path.insert(0, {scripts!r})
from imagebench.measuring.memory import back_with_memory, peak_memory_bytes
{work}
print(peak_memory_bytes())
"""


def peak_of(work):
    """Peak memory of a fresh process that does some work, in bytes."""
    scripts = str(memory.__file__).split("/imagebench/")[0]
    code = MEASURE.format(scripts=scripts, work=work)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    return int(done.stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="what a process held is known on Linux alone")
def test_the_peak_counts_what_was_held_but_not_what_only_made_memory_ready():
    size = 200_000_000
    idle = peak_of("")
    assert peak_of(f"held = bytearray({size}); del held") > idle + 0.9 * size
    assert peak_of(f"back_with_memory({size})") < idle + 0.1 * size
    # The process that starts another one hands nothing down to it.
    parent = bytearray(size)
    assert peak_of("") < idle + 0.1 * size
    del parent


@pytest.mark.skipif(sys.platform != "linux", reason="what a process held is known on Linux alone")
def test_a_process_may_have_any_name():
    rename = "import ctypes; ctypes.CDLL(None).prctl(15, b'VmHWM: 1\\r\\xff\\xe9')"
    assert peak_of(rename) > 1_000_000
