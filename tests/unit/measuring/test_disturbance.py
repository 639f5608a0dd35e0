import os
import subprocess
import sys
import time

import pytest
from imagebench.measuring.disturbance import Counters

pytestmark = pytest.mark.quiet

BURN = "import time\nend = time.time() + {}\nwhile time.time() < end: pass"


@pytest.mark.skipif(sys.platform != "linux", reason="known on Linux alone")
def test_a_program_that_runs_beside_is_seen_and_our_own_work_is_not_taken_for_one():
    start = Counters.now()
    end = time.perf_counter() + 0.5
    while time.perf_counter() < end:
        pass
    alone = Counters.now().shares_since(start)["other_cpu_share"]

    burner = subprocess.Popen([sys.executable, "-c", BURN.format(30)])
    time.sleep(0.3)
    start = Counters.now()
    time.sleep(0.5)
    beside = Counters.now().shares_since(start)["other_cpu_share"]
    burner.kill()
    burner.wait()
    assert beside > alone + 0.5


def test_waiting_for_a_processor_that_another_program_has_is_seen():
    if Counters.now().shares_since(Counters.now())["cpu_pressure_share"] is None:
        pytest.skip("this system does not tell how long programs wait for a processor")
    mine = os.sched_getaffinity(0)
    one = {min(mine)}
    try:
        os.sched_setaffinity(0, one)
        burner = subprocess.Popen([sys.executable, "-c", BURN.format(30)])
        os.sched_setaffinity(burner.pid, one)
        time.sleep(0.3)
        start = Counters.now()
        end = time.perf_counter() + 1
        while time.perf_counter() < end:
            pass
        share = Counters.now().shares_since(start)["cpu_pressure_share"]
        burner.kill()
        burner.wait()
    finally:
        os.sched_setaffinity(0, mine)
    assert share > 0.1


@pytest.mark.skipif(sys.platform != "linux", reason="known on Linux alone")
def test_work_of_a_process_that_we_started_is_our_own():
    start = Counters.now()
    time.sleep(0.5)
    alone = Counters.now().shares_since(start)["other_cpu_share"]
    start = Counters.now()
    subprocess.run([sys.executable, "-c", BURN.format(0.5)], check=True)
    assert Counters.now().shares_since(start)["other_cpu_share"] < alone + 0.5
