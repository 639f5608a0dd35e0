import gc
import time
import weakref

from imagebench.measuring import stopwatch


def test_a_call_takes_as_long_as_it_sleeps_and_uses_no_processor_meanwhile():
    timed = stopwatch.time_call(lambda: time.sleep(0.05))
    assert timed.seconds >= 0.05
    assert timed.cpu_user_seconds + timed.cpu_system_seconds < timed.seconds


def test_processor_time_is_counted():
    def work():
        stop = time.process_time() + 0.1
        while time.process_time() < stop:
            pass

    timed = stopwatch.time_call(work)
    assert timed.cpu_user_seconds + timed.cpu_system_seconds > 0.05


def test_garbage_collection_is_off_during_the_call_and_as_before_after_it():
    assert stopwatch.time_call(gc.isenabled).result is False
    assert gc.isenabled()
    gc.disable()
    try:
        stopwatch.time_call(int)
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_garbage_collection_comes_back_after_a_failure():
    try:
        stopwatch.time_call(lambda: 1 / 0)
    except ZeroDivisionError:
        pass
    assert gc.isenabled()


def test_the_result_is_not_freed_while_the_clock_runs(monkeypatch):
    class Result:
        pass

    alive = []
    result = Result()
    reference = weakref.ref(result)
    holder = [result]
    del result
    real_clock = time.perf_counter_ns

    def watching_clock():
        alive.append(reference() is not None)
        return real_clock()

    monkeypatch.setattr(stopwatch.time, "perf_counter_ns", watching_clock)
    stopwatch.time_call(holder.pop)
    assert alive == [True, True]


def test_short_calls_are_repeated_and_long_ones_are_not():
    assert stopwatch.is_enough(1, seconds=5.0)
    assert not stopwatch.is_enough(1, seconds=0.0001)
    assert not stopwatch.is_enough(19, seconds=5.0, least_calls=20)
    assert stopwatch.is_enough(stopwatch.MOST_CALLS, seconds=0.0001)
