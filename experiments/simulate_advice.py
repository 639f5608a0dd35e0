"""How often a run advises a move that does not pay, and how often it finds one that does.

    PYTHONPATH=workflow/scripts python experiments/simulate_advice.py

Prints the Markdown tables of docs/statistics.md, "When a move is advised". A simulated use has
sixteen formats and staying, of known true times. Three blocks choose the format with the lowest
mean; fresh blocks then measure it against staying, one right after the other, and
imagebench.answers.gain judges them. A second way, for comparison, judges by the three blocks alone:
it advises the chosen format if its mean is more than the margin below that of staying.

The noise is that of one total in one block, as the standard deviation of its logarithm; that of a
ratio of two totals is 1.4 times as large.
"""

import argparse
import math
from collections.abc import Callable, Iterable

import numpy as np
from imagebench.answers.gain import RISK, gain_of
from imagebench.evidence.statistics import MARGIN, Floats, Mask, moments
from numpy.random import Generator
from numpy.typing import NDArray
from scipy import stats
from simulated_machines import HARDER, MACHINES, NORMAL, Machine

FORMATS = 16
CHOOSING_BLOCKS = 3
LIMIT = math.log1p(MARGIN)
ALIKE, AT_THE_MARGIN = np.zeros(FORMATS), np.full(FORMATS, LIMIT)
WORSE = np.log([*np.geomspace(0.3, 0.9, 12), 1, 1, 1, 1])
"""Logarithms of true gains; WORSE: twelve formats take longer than staying, four as long."""

NOISES = 0.02, 0.05, 0.1, 0.2, 0.4
BLOCKS = 5, 7, 10, 12
USES = 1, 2, 3
GAINS = 1.2, 1.5, 2.0
FOUND = 0.8
"""How often a gain of 1.5 is to be found."""

CHUNK = 12_000
"""Uses that are simulated at once and fit into memory; runs of one, two and three divide it."""

Order = Callable[[Generator, int, int], Mask]
"""Draws in which blocks the format is measured before staying; shape (runs, blocks)."""


def format_first(_: Generator, runs: int, blocks: int) -> Mask:
    """The format comes first in all blocks: the worse of both if a machine slows down."""
    return np.ones((runs, blocks), dtype=bool)


def in_turn(_: Generator, runs: int, blocks: int) -> Mask:
    """The format comes first in every other block."""
    return np.broadcast_to(np.arange(blocks) % 2 == 0, (runs, blocks))


def shuffled(generator: Generator, runs: int, blocks: int) -> Mask:
    """The format comes first in half of the blocks, drawn at random; a coin rounds the half."""
    half = (blocks + generator.integers(0, 2, (runs, 1))) // 2
    return np.argsort(generator.random((runs, blocks)), axis=1) < half


ORDERS: dict[str, Order] = {
    "format first": format_first, "in turn": in_turn, "shuffled": shuffled,
}  # fmt: skip


def choose(
    gains: Floats, machine: Machine, noise: float, generator: Generator
) -> tuple[NDArray[np.int64], Mask]:
    """Choose a format in each run, by three blocks whose order is shuffled.

    Args:
        gains: logarithms of the true gains of all formats.

    Returns:
        Which was chosen, and whether its mean is more than the margin below that of staying.
    """
    shape = CHUNK, CHOOSING_BLOCKS, FORMATS + 1
    totals = machine.totals(noise, (CHUNK, CHOOSING_BLOCKS * (FORMATS + 1)), generator)
    order = np.argsort(generator.random(shape), axis=-1)
    totals = np.take_along_axis(totals.reshape(shape), order, axis=-1)
    staying, moving = totals[:, :, 0].mean(axis=1), totals[:, :, 1:] - gains
    moving = (moving - machine.of_images(moving.shape, generator)).mean(axis=1)
    return moving.argmin(axis=1), staying - moving.min(axis=1) > LIMIT


def try_out(
    gains: Floats, machine: Machine, noise: float, blocks: int, order: Order, generator: Generator
) -> Floats:
    """Measure both in fresh blocks, and return the logarithms of the gains; (runs, blocks)."""
    runs = len(gains)
    totals = machine.totals(noise, (runs, 2 * blocks), generator).reshape(runs, blocks, 2)
    later = totals[:, :, 1] - totals[:, :, 0]
    measured = np.where(order(generator, runs, blocks), later, -later)
    return measured + gains[:, np.newaxis] + machine.of_images(measured.shape, generator)


def are_sure(log_gains: Floats, uses: int) -> Mask:
    """Judge many runs as ``gain_of`` does, which the first few are held to.

    Args:
        log_gains: logarithms of the measured gains, shape (runs, blocks).
        uses: number of uses that share the risk.
    """
    count, mean, deviation = moments(log_gains)
    sure = mean - stats.t.ppf(1 - RISK / uses, count - 1) * deviation / np.sqrt(count) > LIMIT
    for logarithms, verdict in zip(log_gains[:20], sure, strict=False):
        one = gain_of(np.exp(logarithms), np.ones(len(logarithms)), uses)
        assert one.is_sure == verdict, one
    return sure


def wrong_moves(
    gains: Floats, machine: Machine, noise: float, blocks: int, uses: int, generator: Generator
) -> list[float]:
    """Find how often a run advises a move, where none pays.

    Returns:
        The share of runs by three blocks alone, for one use; and by fresh blocks, for 1 to 3 uses.
    """
    shares = []
    for _ in range(uses // CHUNK):
        chosen, advised = choose(gains, machine, noise, generator)
        log_gains = try_out(gains[chosen], machine, noise, blocks, shuffled, generator)
        shares.append([advised.mean(), *runs_with_advice(log_gains)])
    return [float(share) for share in np.mean(shares, axis=0)]


def runs_with_advice(log_gains: Floats) -> list[float]:
    """Return the share of runs with a sure gain, for runs of one use, of two and of three.

    The uses of a run are independent, which makes it likeliest that one of them goes wrong.
    """
    sure = [are_sure(log_gains, number).reshape(-1, number) for number in USES]
    return [float(of.any(axis=1).mean()) for of in sure]


def found(
    gain: float, machine: Machine, noise: float, blocks: int, number: int, generator: Generator
) -> float:
    """Find how often a run with that number of uses advises the one format that gains anything."""
    gains = np.log([gain, *[1.0] * (FORMATS - 1)])
    chosen, _ = choose(gains, machine, noise, generator)
    log_gains = try_out(gains[chosen], machine, noise, blocks, shuffled, generator)
    return float((are_sure(log_gains, number) & (chosen == 0)).mean())


def most_noise(blocks: int, number: int, generator: Generator) -> float:
    """Find the noise up to which a gain of 1.5 is found often enough, by bisection."""
    low, high = 0.01, 1.0
    for _ in range(8):
        middle = math.sqrt(low * high)
        often = found(1.5, NORMAL, middle, blocks, number, generator) >= FOUND
        low, high = (middle, high) if often else (low, middle)
    return low


def percent(share: float) -> str:
    """Format a share."""
    return f"{100 * share:.{0 if share > 0.1 else 1}f} %"


def print_table(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    """Print a Markdown table."""
    headings = list(headings)
    print("\n| " + " | ".join(headings) + " |\n| --- |" + " ---: |" * (len(headings) - 1))
    for row in rows:
        print("| " + " | ".join(row) + " |", flush=True)


def main() -> None:
    """Simulate and print all tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--uses", type=int, default=20 * CHUNK, help="simulated for a wrong move")
    parser.add_argument("--blocks", type=int, default=5, help="fresh blocks of the wrong moves")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    generator = np.random.default_rng(options.seed)
    print_wrong_moves(options.uses, options.blocks, generator)
    print_orders(options.uses, options.blocks, generator)
    print_found(generator)


def print_wrong_moves(uses: int, blocks: int, generator: Generator) -> None:
    """Print wrong moves by the noise of a machine with normal noise, and by machine."""
    headings = ["alike: 3 blocks alone", "fresh blocks", "worse: 3 blocks alone", "fresh blocks"]
    headings += ["at the margin: 3 blocks alone", "fresh blocks", "two uses", "three uses"]

    def shares(machine: Machine, noise: float) -> list[float]:
        settings = machine, noise, blocks, uses, generator
        return [
            *wrong_moves(ALIKE, *settings)[:2],
            *wrong_moves(WORSE, *settings)[:2],
            *wrong_moves(AT_THE_MARGIN, *settings),
        ]

    every = {of.name: [shares(of, noise) for noise in NOISES] for of in MACHINES}
    by_noise = zip(NOISES, every[NORMAL.name], strict=True)
    print_table(
        ["noise", *headings], ([f"{100 * of:.0f} %", *map(percent, row)] for of, row in by_noise)
    )
    highest = ([name, *map(percent, np.max(rows, axis=0))] for name, rows in every.items())
    print_table(["highest for any noise", *headings], highest)


def print_orders(uses: int, blocks: int, generator: Generator) -> None:
    """Print wrong moves at the margin by the order within blocks, the highest for any noise."""
    rows, true_gains = [], np.full(uses, LIMIT)
    for machine in (*MACHINES, *HARDER):
        row = [machine.name]
        for order in ORDERS.values():
            settings = blocks, order, generator
            trials = (try_out(true_gains, machine, noise, *settings) for noise in NOISES)
            one, _, three = np.max([runs_with_advice(of) for of in trials], axis=0)
            row += [percent(one), percent(three)]
        rows.append(row)
    headings = [of for name in ORDERS for of in (f"{name}: one use", "three uses")]
    print_table(["at the margin", *headings], rows)


def print_found(generator: Generator) -> None:
    """Print how often gains are found, by noise and by machine, and the noise that is too much."""
    rows = []
    for noise in (0.03, *NOISES[1:]):
        for blocks in BLOCKS:
            settings = NORMAL, noise, blocks
            shares = [found(of, *settings, number, generator) for number in (1, 3) for of in GAINS]
            rows.append([f"{100 * noise:.0f} %", f"{blocks}", *map(percent, shares)])
    headings = [f"{gain:g}, {uses}" for uses in ("one use", "three uses") for gain in GAINS]
    print_table(["noise", "blocks", *headings], rows)

    most = (
        [f"{of}", *(f"{100 * most_noise(of, uses, generator):.0f} %" for uses in USES)]
        for of in BLOCKS
    )
    print_table(["blocks", "one use", "two uses", "three uses"], most)

    rows = []
    for machine in MACHINES:
        shares = [found(1.5, machine, 0.05, blocks, 1, generator) for blocks in BLOCKS]
        rows.append([machine.name, *map(percent, shares)])
    print_table(["1.5 found, noise 5 %", *(f"{blocks} blocks" for blocks in BLOCKS)], rows)


if __name__ == "__main__":
    main()
