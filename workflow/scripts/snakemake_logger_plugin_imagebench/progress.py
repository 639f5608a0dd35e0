"""How far a run is, in one line for a person, written between jobs and never during one."""

import shutil
import time
from collections import Counter
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from statistics import fmean
from typing import TextIO

SECONDS_BETWEEN = 15
"""Of silence where lines stay, as in a file; a terminal's one line is always the latest."""

UNKNOWN = ""
"""In place of the rule of jobs of which only the number is known."""

CLEAR = "\r\033[K"
"""Back to the beginning of a terminal's line, and erase it."""


@dataclass
class Progress:
    """Tells what is done, how much of it, and about how long the rest takes.

    Attributes:
        stream: to which lines are written.
        clock: gives seconds.
        waiting: how many jobs of each rule have not ended.
    """

    stream: TextIO
    clock: Callable[[], float] = time.monotonic
    waiting: Counter[str] = field(default_factory=Counter, init=False)
    total: int = field(default=0, init=False)
    done: int = field(default=0, init=False)
    told: float = field(default=-SECONDS_BETWEEN, init=False)
    is_open: bool = field(default=False, init=False)
    running: dict[Hashable, tuple[str, Hashable, float]] = field(default_factory=dict, init=False)
    took: dict[str, dict[Hashable, list[float]]] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        """Note when the run begins."""
        self.began = self.clock()

    def expect(self, jobs: Mapping[str, int]) -> None:
        """Take over how many jobs of each rule there are."""
        self.waiting = Counter(jobs)
        self.total = self.waiting.total()

    def expect_in_all(self, total: int) -> None:
        """Take over how many jobs there are in all, once a job has decided what else must run."""
        self.waiting[UNKNOWN] += total - self.total
        self.total = total

    def started(self, job: Hashable, rule: str, kind: Hashable, words: str) -> None:
        """Say what begins.

        Args:
            job: its number.
            rule: its rule.
            kind: the same for jobs of a rule that take about as long as each other.
            words: what it does.
        """
        self.running[job] = rule, kind, self.clock()
        self.write(f"{self.done + 1:,} of {self.total:,}{self.left()}: {words}")

    def finished(self, job: Hashable) -> None:
        """Note what a job took."""
        if job not in self.running:
            return
        rule, kind, start = self.running.pop(job)
        self.took.setdefault(rule, {}).setdefault(kind, []).append(self.clock() - start)
        self.waiting[rule if self.waiting[rule] else UNKNOWN] -= 1
        self.done += 1
        if self.running:  # on a cluster, many are under way at once, and none begins for long
            self.write(f"{self.done:,} of {self.total:,} done{self.left()}")

    def failed(self, job: Hashable) -> None:
        """Note that a job has ended, which says nothing of what others take."""
        if job in self.running:
            rule, _, _ = self.running.pop(job)
            self.waiting[rule if self.waiting[rule] else UNKNOWN] -= 1

    def left(self) -> str:
        """Say about how long the rest takes; nothing before that is known."""
        seconds = self.seconds_left()
        return "" if seconds is None else f", {in_words(seconds)} left"

    def seconds_left(self) -> float | None:
        """Return about how long the rest takes; None before anything is known of it.

        A rule has as many jobs of each kind. A rule of which no job has ended is taken to be as
        fast as the fastest. If several jobs run at once, the rest goes on at the rate so far.
        """
        if not self.took:
            return None
        if len(self.running) > 1:
            return (self.total - self.done) * (self.clock() - self.began) / self.done
        means = {
            rule: fmean(fmean(times) for times in kinds.values())
            for rule, kinds in self.took.items()
        }
        rest = {rule: count * min(means.values()) for rule, count in self.waiting.items()}
        rest[UNKNOWN] = self.waiting[UNKNOWN] * fmean(means.values())
        for rule, kinds in self.took.items():
            ended = sum(map(len, kinds.values()))
            least = min(fmean(times) for times in kinds.values())
            in_all = means[rule] * (ended + self.waiting[rule])
            spent = sum(map(sum, kinds.values()))
            rest[rule] = max(in_all - spent, self.waiting[rule] * least)
        return sum(rest.values())

    def write(self, line: str) -> None:
        """Write a line over the last one on a terminal; elsewhere, now and then."""
        if self.stream.isatty():
            width = shutil.get_terminal_size().columns - 1
            self.stream.write(CLEAR + line[:width])
            self.is_open = True
        elif self.clock() - self.told < SECONDS_BETWEEN:
            return
        else:
            self.stream.write(f"{line}\n")
        self.told = self.clock()
        self.stream.flush()

    def say(self, line: str) -> None:
        """Write a line that stays."""
        self.make_room()
        self.stream.write(f"{line}\n")
        self.stream.flush()

    def make_room(self) -> None:
        """End the line of a terminal, since something else is written."""
        if self.is_open:
            self.stream.write("\n")
            self.is_open = False


def in_words(seconds: float) -> str:
    """Say about how long something takes."""
    if seconds < 90:
        return "about a minute" if seconds > 45 else "less than a minute"
    if seconds < 5400:
        return f"about {seconds / 60:.0f} minutes"
    return f"about {seconds / 3600:.1f} hours"
