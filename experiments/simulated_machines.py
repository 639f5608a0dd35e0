"""What makes the times of a simulated run vary: noise, neighbours, a slower machine, the images."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from imagebench.evidence.statistics import Floats
from numpy.random import Generator

NEIGHBOUR = 1.5
"""How many times as long a job takes beside one that takes half of its core."""

DISTURBANCE = 1.5, 3.0
"""How many times as long a disturbed total takes, at least and at most."""

Slowdown = Callable[[Generator, int, int], Floats]


@dataclass(frozen=True)
class Machine:
    """What makes the times of a run vary.

    Attributes:
        name: its name in the tables.
        slowdown: returns what the machine adds to the logarithm of each total, in the order in
            which they are measured; shape (runs, totals).
        freedom: degrees of freedom of Student's t that the noise is drawn from; infinite if normal.
        images: standard deviation of what a set of images adds to the logarithm of a gain.
        same_images: True if all blocks measure the same set; each measures its own otherwise.
    """

    name: str
    slowdown: Slowdown | None = None
    freedom: float = math.inf
    images: float = 0.0
    same_images: bool = False

    def totals(self, noise: float, shape: tuple[int, int], generator: Generator) -> Floats:
        """Draw the logarithms of totals that truly take one second."""
        if math.isinf(self.freedom):
            drawn = generator.standard_normal(shape)
        else:
            drawn = generator.standard_t(self.freedom, shape)
            drawn *= math.sqrt((self.freedom - 2) / self.freedom)
        drawn *= noise
        return drawn if self.slowdown is None else drawn + self.slowdown(generator, *shape)

    def of_images(self, shape: tuple[int, ...], generator: Generator) -> Floats:
        """Draw what the images add to gains; the second axis is that of the blocks."""
        shape = (shape[0], 1, *shape[2:]) if self.same_images else shape
        return self.images * generator.standard_normal(shape)


def disturbed(generator: Generator, runs: int, totals: int) -> Floats:
    """One total in ten takes 1.5 to 3 times as long."""
    is_hit = generator.random((runs, totals)) < 0.1
    return is_hit * generator.uniform(*np.log(DISTURBANCE), (runs, totals))


def once(generator: Generator, runs: int, totals: int) -> Floats:
    """A neighbour comes at any moment, even within a total, and goes at any later one."""
    begin, end = np.sort(generator.random((2, runs, 1)) * totals, axis=0)
    number = np.arange(totals)
    return beside(np.clip(np.minimum(end, number + 1) - np.maximum(begin, number), 0, 1))


def at_random(generator: Generator, runs: int, totals: int) -> Floats:
    """A neighbour comes and goes at random; it stays for half a total to eight on average."""
    steps = 8  # of a total, within which it does not change
    stay = np.exp(generator.uniform(*np.log([0.5, 8]), (runs, 1)))
    changes = generator.random((runs, steps * totals)) < 1 / (steps * stay)
    works = (changes.cumsum(axis=1) + generator.integers(0, 2, (runs, 1))) % 2
    return beside(works.reshape(runs, totals, steps).mean(axis=2))


def by_turns(generator: Generator, runs: int, totals: int) -> Floats:
    """A neighbour works and rests for the same time, a quarter of a total to four totals."""
    turn = np.exp(generator.uniform(*np.log([0.25, 4]), (runs, 1)))
    moments_ = np.arange(totals + 1) + generator.random((runs, 1)) * 2 * turn
    cycles, rest = np.divmod(moments_, 2 * turn)
    return beside(np.diff(cycles * turn + np.minimum(rest, turn)))


def in_step(generator: Generator, runs: int, totals: int) -> Floats:
    """A neighbour works and rests for exactly as long as one total, or as two."""
    turn, phase = generator.integers(1, 3, (runs, 1)), generator.integers(0, 4, (runs, 1))
    return beside((np.arange(totals) + phase) // turn % 2)


def beside(share: Floats) -> Floats:
    """Return the logarithm of how much longer a total takes if a neighbour works that share."""
    return np.log1p((NEIGHBOUR - 1) * share)


def slowing(_: Generator, runs: int, totals: int) -> Floats:
    """Little by little, the machine becomes 1.5 times as slow."""
    return np.broadcast_to(np.linspace(0, math.log(1.5), totals), (runs, totals))


NORMAL = Machine("normal noise")
MACHINES = [
    NORMAL,
    Machine("heavy tails: t with 3 degrees of freedom", freedom=3),
    Machine("one total in ten takes 1.5 to 3 times as long", disturbed),
    Machine("a neighbour takes half a core, once", once),
    Machine("a neighbour does so at random times", at_random),
    Machine("the machine slows down 1.5 times", slowing),
    Machine("gains differ by 5 % between sets of images", images=0.05),
]
HARDER = [
    Machine("a neighbour works and rests by turns", by_turns),
    Machine("turns exactly as long as one total or two", in_step),
    Machine("sets of images: the same in all blocks", images=0.05, same_images=True),
]
