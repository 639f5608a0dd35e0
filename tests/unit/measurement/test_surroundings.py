import os
import subprocess
import sys
import time

import pytest
from imagebench.measurement.surroundings import Counters, calibrate

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


def test_the_calibration_loop_takes_the_same_time_again_or_more_where_the_processor_is_shared():
    if not hasattr(os, "sched_setaffinity"):
        pytest.skip("needs a processor that two programs can be bound to")
    calm = min(calibrate() for _ in range(20))
    mine = os.sched_getaffinity(0)
    one = {min(mine)}
    try:
        os.sched_setaffinity(0, one)
        burner = subprocess.Popen([sys.executable, "-c", BURN.format(30)])
        os.sched_setaffinity(burner.pid, one)
        time.sleep(0.3)
        shared = Counters.now()
        busy = [calibrate() for _ in range(20)]
        shares = Counters.now().shares_since(shared)
        burner.kill()
        burner.wait()
    finally:
        os.sched_setaffinity(0, mine)
    assert max(busy) > calm
    if shares["cpu_pressure_share"] is not None:
        assert shares["cpu_pressure_share"] > 0.1


@pytest.mark.skipif(sys.platform != "linux", reason="known on Linux alone")
def test_work_of_a_process_that_we_started_is_our_own():
    start = Counters.now()
    time.sleep(0.5)
    alone = Counters.now().shares_since(start)["other_cpu_share"]
    start = Counters.now()
    subprocess.run([sys.executable, "-c", BURN.format(0.5)], check=True)
    assert Counters.now().shares_since(start)["other_cpu_share"] < alone + 0.5
