"""What a person reads while a run goes on."""

import io
import itertools
from collections import Counter

import pytest
from imagebench.progress import Progress, in_words


class Screen(io.StringIO):
    """A stream that is a terminal, or is not."""

    def __init__(self, *, is_terminal):
        super().__init__()
        self.isatty = lambda: is_terminal


@pytest.fixture
def clock():
    return itertools.count(0, 60).__next__


def test_a_terminal_has_one_line_that_says_what_is_done_and_what_is_left(clock):
    screen = Screen(is_terminal=True)
    progress = Progress(screen, Counter(short=1, long=3), {}, clock)
    progress.started(1, "long", "the first")
    progress.finished(1)
    progress.started(2, "long", "the second")
    lines = screen.getvalue().split("\r\033[K")
    assert lines[1] == "1 of 4: the first"
    # The first took two ticks, and three are left: of one of them, nothing is known.
    assert lines[2] == "2 of 4, about 6 minutes left: the second"
    assert "\n" not in screen.getvalue()
    progress.say("something else")
    assert screen.getvalue().endswith("the second\nsomething else\n")


def test_what_jobs_of_a_kind_took_tells_what_the_others_will_take(clock):
    progress = Progress(Screen(is_terminal=True), Counter(one=2, other=2), {}, clock)
    for kind, ticks in (("one", 1), ("other", 10)):
        progress.started(kind, kind, "")
        for _ in range(ticks):
            clock()
        progress.finished(kind)
    seconds = {kind: times[0] for kind, times in progress.took.items()}
    assert seconds["other"] > 3 * seconds["one"]
    assert progress.seconds_left() == sum(seconds.values())


def test_what_was_not_met_yet_is_taken_to_last_as_long_for_each_image(clock):
    sizes = {"few": 10, "many": 1000, "more": 2000}
    progress = Progress(Screen(is_terminal=True), Counter(few=2, many=2, more=1), sizes, clock)
    for kind, ticks in (("few", 1), ("many", 100)):
        progress.started(kind, kind, "")
        for _ in range(ticks):
            clock()
        progress.finished(kind)
    few, many = (progress.took[kind][0] for kind in ("few", "many"))
    assert progress.seconds_left() == pytest.approx(few + many + 2 * many, rel=0.05)


def test_elsewhere_than_on_a_terminal_there_are_few_lines_and_each_is_whole():
    seconds = itertools.count(0, 1)
    screen = Screen(is_terminal=False)
    progress = Progress(screen, Counter(some=100), {}, seconds.__next__)
    for job in range(100):
        progress.started(job, "some", f"job {job}")
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
    screen = Screen(is_terminal=True)
    progress = Progress(screen, Counter(some=10), {}, clock)
    for job in range(10):
        progress.started(job, "some", f"job {job}")
    for job in range(4):
        progress.finished(job)
    last = screen.getvalue().split("\r\033[K")[-1]
    assert last.startswith("4 of 10 done, about ")
    assert last.endswith(" left")
