"""The clock runs while a backend works, and stands while pieces are made or verified."""

import gc
import os
import sys
import threading
import time
import weakref

import pytest
from imagebench.measuring import stopwatch
from imagebench.measuring.durability import write_out
from imagebench.measuring.stopwatch import Stopwatch
from imagebench.operations.storing import timed

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="counted on Linux alone")


def work(seconds):
    """Keep a processor busy."""
    stop = time.thread_time() + seconds
    while time.thread_time() < stop:
        pass


class SlowSource:
    """Takes so long for each piece, half of it working, and knows how long that took."""

    def __init__(self, seconds, pieces=3):
        self.seconds, self.pieces, self.took = seconds, pieces, 0.0

    def __iter__(self):
        for piece in range(self.pieces):
            began = time.perf_counter()
            time.sleep(self.seconds / 2)
            work(self.seconds / 2)
            self.took += time.perf_counter() - began
            yield piece


def test_a_call_takes_as_long_as_it_sleeps_and_uses_no_processor_meanwhile():
    taken = timed(lambda _: time.sleep(0.05))
    assert taken.seconds >= 0.05
    assert taken.cpu_user_seconds + taken.cpu_system_seconds < taken.seconds


def test_processor_time_is_counted():
    taken = timed(lambda _: work(0.1))
    assert taken.cpu_user_seconds + taken.cpu_system_seconds > 0.05


def test_a_source_that_takes_a_second_is_not_timed_when_images_are_stored():
    source = SlowSource(1 / 3)

    def store(watch):
        for _ in watch.making(source):
            time.sleep(0.02)

    began = time.perf_counter()
    taken = timed(store)
    assert 0.06 <= taken.seconds <= time.perf_counter() - began - source.took
    assert taken.cpu_user_seconds + taken.cpu_system_seconds < 0.25
    assert taken.paused_cpu_seconds < 0.1
    assert taken.pieces == 3


def test_a_backend_that_takes_a_second_to_read_is_timed_and_verifying_is_not():
    backend, verifying = SlowSource(1 / 3), 0.0
    began = time.perf_counter()
    with Stopwatch() as watch:
        for _ in watch.reading(backend):
            stopped = time.perf_counter()
            time.sleep(0.3)
            work(0.3)
            verifying += time.perf_counter() - stopped
    taken = watch.taken()
    assert backend.took <= taken.seconds <= time.perf_counter() - began - verifying
    assert 0.5 <= taken.cpu_user_seconds + taken.cpu_system_seconds < 0.8
    assert taken.paused_cpu_seconds < 0.1
    assert taken.pieces == 3


def test_a_thread_that_works_ahead_while_the_clock_stands_is_recorded():
    def store(watch):
        for _ in watch.making(SlowSource(0.4, pieces=2)):
            threading.Thread(target=work, args=[0.15]).start()

    assert timed(store).paused_cpu_seconds > 0.1


@on_linux
def test_what_the_kernel_writes_while_the_clock_stands_is_recorded(on_disk):
    def written_meanwhile():
        yield 0
        # As the kernel does of its own accord, after some seconds or when there is too much.
        os.sync()
        yield 1

    def store(watch):
        with open(on_disk / "file", "wb") as file:
            for _ in watch.making(written_meanwhile()):
                file.write(bytes(20_000_000))
                file.flush()

    assert timed(store).paused_bytes_written > 19_000_000


@on_linux
def test_what_is_written_out_before_the_clock_stands_is_timed_and_not_written_meanwhile(on_disk):
    written = stopwatch.written_out()

    def store(watch):
        with open(on_disk / "file", "wb") as file:
            for _ in watch.making([0, 1], write_out):
                file.write(bytes(20_000_000))
                file.flush()

    assert timed(store).paused_bytes_written < 1_000_000
    assert stopwatch.written_out() - written > 39_000_000


def test_garbage_collection_is_off_during_the_call_and_as_before_after_it():
    states = []
    timed(lambda _: states.append(gc.isenabled()))
    assert states == [False]
    assert gc.isenabled()
    gc.disable()
    try:
        timed(lambda _: None)
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_garbage_collection_comes_back_after_a_failure():
    with pytest.raises(ZeroDivisionError):
        timed(lambda _: 1 / 0)
    assert gc.isenabled()


class Part:
    """Something that can be watched."""


def test_no_piece_is_freed_while_the_clock_runs_and_none_is_kept_longer():
    alive = []

    def pieces():
        for _ in range(3):
            part = Part()
            alive.append(weakref.ref(part))
            yield part
            del part
            # The one that was handed over last is alive, since freeing it takes time too.
            assert alive[-1]() is not None

    with Stopwatch() as watch:
        for part in watch.reading(pieces()):
            del part
            assert sum(reference() is not None for reference in alive) <= 2
    assert watch.taken().pieces == len(alive) == 3


def test_short_calls_are_repeated_and_long_ones_are_not():
    assert stopwatch.is_enough(1, seconds=5.0)
    assert not stopwatch.is_enough(1, seconds=0.0001)
    assert not stopwatch.is_enough(19, seconds=5.0, least_calls=20)
    assert stopwatch.is_enough(stopwatch.MOST_CALLS, seconds=0.0001)
