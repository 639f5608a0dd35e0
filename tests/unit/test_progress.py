"""What a person reads while a run goes on."""

import io
import itertools

import pytest
from snakemake_logger_plugin_imagebench.progress import Progress, in_words


class Screen(io.StringIO):
    """A stream that is a terminal, or is not."""

    def __init__(self, *, is_terminal):
        super().__init__()
        self.isatty = lambda: is_terminal


@pytest.fixture
def clock():
    return itertools.count(0, 60).__next__


def progress_of(clock, **jobs):
    progress = Progress(Screen(is_terminal=True), clock)
    progress.expect(jobs)
    return progress


def test_a_terminal_has_one_line_that_says_what_is_done_and_what_is_left(clock):
    progress = progress_of(clock, short=1, long=3)
    progress.started(1, "long", "any", "the first")
    progress.finished(1)
    progress.started(2, "long", "any", "the second")
    screen = progress.stream
    lines = screen.getvalue().split("\r\033[K")
    assert lines[1] == "1 of 4: the first"
    # The first took two ticks, and three are left: of one of them, nothing is known.
    assert lines[2] == "2 of 4, about 6 minutes left: the second"
    assert "\n" not in screen.getvalue()
    progress.say("something else")
    assert screen.getvalue().endswith("the second\nsomething else\n")


def run_jobs(progress, clock, rule, *kinds):
    for kind in kinds:
        progress.started(kind, rule, kind, "")
        for _ in range(10 if kind == "slow" else 1):
            clock()
        progress.finished(kind)


def test_what_kinds_of_jobs_took_tells_what_is_left_of_them(clock):
    progress = progress_of(clock, timed=6)
    run_jobs(progress, clock, "timed", "quick", "slow", "quick", "slow", "quick")
    slow, quick = (progress.took["timed"][kind] for kind in ("slow", "quick"))
    assert min(slow) > 3 * max(quick)
    assert progress.seconds_left() == pytest.approx(min(slow))


def test_of_a_rule_that_was_not_met_yet_jobs_take_as_long_as_the_shortest(clock):
    progress = progress_of(clock, first=1, second=1, third=5)
    run_jobs(progress, clock, "first", "quick")
    run_jobs(progress, clock, "second", "slow")
    assert progress.seconds_left() == 5 * progress.took["first"]["quick"][0]


def test_jobs_that_a_job_decides_on_are_counted_too(clock):
    progress = progress_of(clock, first=2)
    run_jobs(progress, clock, "first", "quick")
    progress.expect_in_all(12)
    assert progress.seconds_left() == 11 * progress.took["first"]["quick"][0]
    run_jobs(progress, clock, "first", "quick")
    run_jobs(progress, clock, "second", *["quick"] * 10)
    assert progress.seconds_left() == 0
    assert progress.done == progress.total == 12


def test_a_job_that_failed_is_waited_for_no_more(clock):
    progress = progress_of(clock, some=2)
    run_jobs(progress, clock, "some", "quick")
    progress.started(2, "some", "quick", "")
    progress.failed(2)
    assert progress.seconds_left() == 0


def test_elsewhere_than_on_a_terminal_there_are_few_lines_and_each_is_whole():
    seconds = itertools.count(0, 1)
    screen = Screen(is_terminal=False)
    progress = Progress(screen, seconds.__next__)
    progress.expect({"some": 100})
    for job in range(100):
        progress.started(job, "some", "any", f"job {job}")
        progress.finished(job)
    lines = screen.getvalue().splitlines()
    assert lines[0] == "1 of 100: job 0"
    assert 5 < len(lines) < 50
    assert "\033" not in screen.getvalue()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(5, "less than a minute"), (60, "about a minute"), (400, "about 7 minutes"),
     (9000, "about 2.5 hours")],
)  # fmt: skip
def test_times_are_told_in_units_that_fit(seconds, words):
    assert in_words(seconds) == words


def test_where_many_jobs_run_at_once_what_is_done_is_told_when_one_ends(clock):
    progress = progress_of(clock, some=10)
    for job in range(10):
        progress.started(job, "some", "any", f"job {job}")
    for job in range(4):
        progress.finished(job)
    last = progress.stream.getvalue().split("\r\033[K")[-1]
    assert last.startswith("4 of 10 done, about ")
    assert last.endswith(" left")
