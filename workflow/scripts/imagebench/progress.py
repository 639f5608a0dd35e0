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

CLEAR = "\r\033[K"
"""Back to the beginning of a terminal's line, and erase it."""


@dataclass
class Progress:
    """Tells what is done, how much of it, and about how long the rest takes.

    Attributes:
        stream: to which lines are written.
        waiting: how many jobs there are of each kind, such as one operation with so many images;
            what jobs of a kind took tells what the others of it will take.
        sizes: how many images a job of each kind deals with; none where it is not there.
        clock: gives seconds.
    """

    stream: TextIO
    waiting: Counter[Hashable]
    sizes: Mapping[Hashable, int]
    clock: Callable[[], float] = time.monotonic
    done: int = 0
    told: float = field(default=-SECONDS_BETWEEN, init=False)
    is_open: bool = field(default=False, init=False)
    running: dict[Hashable, tuple[Hashable, float]] = field(default_factory=dict, init=False)
    took: dict[Hashable, list[float]] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        """Count all jobs."""
        self.total, self.began = self.waiting.total(), self.clock()

    def started(self, job: Hashable, kind: Hashable, words: str) -> None:
        """Say what begins."""
        self.running[job] = kind, self.clock()
        self.write(f"{self.done + 1:,} of {self.total:,}{self.left()}: {words}")

    def finished(self, job: Hashable) -> None:
        """Note what a job took."""
        if job not in self.running:
            return
        kind, start = self.running.pop(job)
        self.took.setdefault(kind, []).append(self.clock() - start)
        self.waiting[kind] -= 1
        self.done += 1
        if self.running:  # on a cluster, many are under way at once, and none begins for long
            self.write(f"{self.done:,} of {self.total:,} done{self.left()}")

    def left(self) -> str:
        """Say about how long the rest takes; nothing before that is known."""
        seconds = self.seconds_left()
        return "" if seconds is None else f", {in_words(seconds)} left"

    def seconds_left(self) -> float | None:
        """About how long the rest takes; None before anything is known of it.

        Of a kind that was not met yet, jobs are taken to last as long as the shortest so far, and
        as much longer for each image as all others did. Where many are under way at once, the rest
        is taken to go on as fast as what is done.
        """
        if not self.took:
            return None
        if len(self.running) > 1:
            return (self.total - self.done) * (self.clock() - self.began) / self.done
        known: Mapping[Hashable, float] = {kind: fmean(of) for kind, of in self.took.items()}
        least = min(known.values())
        images = sum(self.sizes.get(kind, 0) for kind in known)
        each = (sum(known.values()) - least * len(known)) / images if images else 0.0
        return sum(
            count * known.get(kind, least + each * self.sizes.get(kind, 0))
            for kind, count in self.waiting.items()
        )

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
