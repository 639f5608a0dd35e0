"""How often the verdicts of a report are right, found by simulating whole runs.

    PYTHONPATH=workflow/scripts python experiments/simulate_verdicts.py

Prints a Markdown table; docs/statistics.md shows it and says what its columns mean. A simulated
run has 24 cells (6 numbers of images, 4 operations) with 4 backends and the control, of known true
times: 144 comparisons of backends, and 24 with the control. What judges them is what judges real
runs: imagebench.evidence.statistics and imagebench.evidence.planning.

The noise of a logarithm of a time is drawn from Student's t with few degrees of freedom, whose
tails are heavy, scaled to the standard deviation that is asked for. Cells differ in it, and within
a block all backends share a further effect as large as their own noise. With --residuals it is
drawn instead, with replacement, from what real runs left: how far the logarithm of a block's time
lies from the mean of its cell, in all cells with enough blocks.
"""

import argparse
import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from imagebench.evidence.planning import blocks_to_settle
from imagebench.evidence.pooling import CELL, measures, shown
from imagebench.evidence.statistics import (
    MARGIN,
    MOST_BLOCKS,
    Comparison,
    Floats,
    Mask,
    adjust,
    common_noise,
    compare,
    mean_interval,
    moments,
    noise_of,
)
from imagebench.evidence.statistics import Noise as NoiseOf
from imagebench.evidence.summaries import block_times
from imagebench.evidence.tables import read_timings
from imagebench.states import Verdict
from numpy.typing import NDArray

CELLS = 24
ENOUGH_BLOCKS = 5
"""From fewer in a cell, residuals say little about the tails."""
TIMES = np.array([1.0, 1.0, 1.1, 3.0, 10.0])
"""True times of the reference, the control, and three other backends."""
CONTROL = 1
SLOWER = 2
PAIRS = [
    pair for pair in combinations(range(len(TIMES)), 2) if CONTROL not in pair or pair == (0, 1)
]
"""The control is compared with the reference alone, as in a report."""
FIRST, SECOND = np.array(PAIRS).T
TRUTH = np.log(TIMES[SECOND] / TIMES[FIRST])
CONTROL_PAIR = PAIRS.index((0, CONTROL))
SLOWER_PAIR = PAIRS.index((0, SLOWER))
THIRD = [SLOWER_PAIR, PAIRS.index((3, 4))]
OTHER_PAIRS = [place for place in range(len(PAIRS)) if place != CONTROL_PAIR]
IS_CONTROL = np.tile(np.arange(len(PAIRS)) == CONTROL_PAIR, CELLS)
IS_SLOWER = np.tile(np.arange(len(PAIRS)) == SLOWER_PAIR, CELLS)
"""Of a run's comparisons, those of the control, and those that differ by 10 %."""

DISTURBANCE = 1.2, 3.0
"""How many times as long a disturbed block takes, at least and at most."""

Noise = Callable[[tuple[int, ...]], Floats]


@dataclass(frozen=True)
class Setting:
    """One row of the table."""

    blocks: int
    scale: float
    spread: float
    common: float
    disturbed: float
    runs: int


def main() -> None:
    """Simulate each setting and print the table."""
    options = parse()
    generator = np.random.default_rng(options.seed)
    noise = noise_source(options, generator)
    if options.scales is None:
        options.scales = [1.0] if options.residuals else [0.01, 0.03, 0.1]
    if options.spread is None:  # real cells differ of themselves
        options.spread = 0.0 if options.residuals else 0.5
    rows = []
    for scale in options.scales:
        for blocks in options.blocks:
            setting = Setting(
                blocks, scale, options.spread, options.common, options.disturbed, options.runs
            )
            rows.append(simulate(setting, noise, generator))
    headings = list(rows[0])
    print("| " + " | ".join(headings) + " |")
    print("|" + " ---: |" * len(headings))
    for row in rows:
        print("| " + " | ".join(row.values()) + " |")


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--blocks", type=int, nargs="+", default=[3, 6, 12])
    parser.add_argument(
        "--scales",
        type=float,
        nargs="+",
        help="standard deviations of the noise, or factors of the residuals (0.01 0.03 0.1; 1)",
    )
    parser.add_argument("--freedom", type=float, default=4, help="of Student's t; above 2")
    parser.add_argument(
        "--spread",
        type=float,
        help="how much the noise differs between cells: standard deviation of its logarithm (0.5)",
    )
    parser.add_argument(
        "--common",
        type=float,
        default=0,
        help="part of the variance of the noise that a backend has in all cells of a block, 0 to 1",
    )
    parser.add_argument(
        "--disturbed",
        type=float,
        default=0,
        help="share of blocks of a backend that take 1.2 to 3 times as long, 0 to 1",
    )
    parser.add_argument(
        "--residuals", type=Path, nargs="+", metavar="TIMINGS", help="timings.csv of real runs"
    )
    return parser.parse_args()


def noise_source(options: argparse.Namespace, generator: np.random.Generator) -> Noise:
    """Make a function that draws noise of a given shape, centred on zero."""
    if options.residuals:
        residuals = np.concatenate([residuals_of(path) for path in options.residuals])
        return lambda shape: residuals[generator.integers(0, len(residuals), shape)]
    unit = math.sqrt((options.freedom - 2) / options.freedom)
    return lambda shape: unit * generator.standard_t(options.freedom, shape)


def residuals_of(path: Path) -> Floats:
    """What a real run left: each scaled up for the mean that was taken from the same blocks."""
    blocks = block_times(shown(measures(read_timings(path))))
    blocks["logarithm"] = np.log(blocks["seconds"])
    cells = blocks.groupby(CELL, dropna=False)["logarithm"]
    count = cells.transform("size")
    residuals = (blocks["logarithm"] - cells.transform("mean")) * np.sqrt(count / (count - 1))
    return residuals[count >= ENOUGH_BLOCKS].to_numpy(dtype=np.float64)


def simulate(setting: Setting, noise: Noise, generator: np.random.Generator) -> dict[str, str]:
    """Simulate runs, add the blocks that their reports ask for, and count what is right."""
    runs, blocks = setting.runs, setting.blocks
    scale = setting.scale * np.exp(generator.normal(0, setting.spread, (runs, CELLS, 1, 1)))
    shared = scale * noise((runs, CELLS, 1, blocks))
    times = np.log(TIMES)[:, np.newaxis] + shared
    own = math.sqrt(1 - setting.common) * noise((runs, CELLS, len(TIMES), blocks))
    if setting.common:  # blocks added later go without: each pair has its own number of them
        own = own + math.sqrt(setting.common) * noise((runs, 1, len(TIMES), blocks))
    times = times + scale * own
    is_disturbed = generator.random(times.shape) < setting.disturbed
    times = times + is_disturbed * generator.uniform(*np.log(DISTURBANCE), times.shape)

    low, high = mean_interval(times.reshape(runs, -1, blocks))
    true_times = np.tile(np.log(TIMES), CELLS)
    typical = np.mean((low <= true_times) & (true_times <= high))
    log_ratios = times[:, :, SECOND] - times[:, :, FIRST]
    comparison = compare(log_ratios.reshape(runs, -1, blocks))
    truth = np.tile(TRUTH, CELLS)
    covered = np.mean((np.log(comparison.low) <= truth) & (truth <= np.log(comparison.high)))
    verdicts = judge(comparison)
    asked = blocks_to_settle(comparison, verdicts, IS_CONTROL)
    after = with_more_blocks(comparison, asked, log_ratios, scale[:, :, 0], noise)
    later = judge(after)

    alarm = ((verdicts == Verdict.FASTER) | (later == Verdict.FASTER))[:, IS_CONTROL].any(axis=1)
    wrong = [
        share_of_verdicts(is_wrong(comparison, verdicts, truth), verdicts),
        share_of_verdicts(is_wrong(after, later, truth), later),
    ]
    reversed_ = is_reversed(comparison, verdicts, truth) | is_reversed(after, later, truth)
    found = (later == Verdict.FASTER) & (after.ratio > 1)
    kept = asked < MOST_BLOCKS  # 999 means "as many and maybe more", which promises nothing
    known = asked[:, IS_SLOWER][~np.isnan(asked[:, IS_SLOWER])]
    return {
        "noise": f"{setting.scale:.0%}",
        "blocks": f"{blocks}",
        "A/A faster": percent(alarm.mean()),
        "wrong": percent(max(wrong)),
        "wrong, a third at the margin": percent(wrong_at_the_margin(log_ratios, THIRD)),
        "wrong, all at the margin": percent(wrong_at_the_margin(log_ratios, OTHER_PAIRS)),
        "wrong direction": str(int(reversed_.sum())),
        "ratio covered": percent(covered),
        "time covered": percent(typical),
        "settled": percent((verdicts != Verdict.INCONCLUSIVE)[:, ~IS_CONTROL].mean()),
        "10 % found": percent((verdicts == Verdict.FASTER)[:, IS_SLOWER].mean()),
        "blocks asked": f"{np.median(known):.0f}" if len(known) else "none",
        "10 % found with them": percent(average(found[kept & IS_SLOWER])),
        "A/A settled with them": percent(average((later == Verdict.SAME)[kept & IS_CONTROL])),
        "999 asked": percent((asked >= MOST_BLOCKS)[:, IS_SLOWER].mean()),
    }


def judge(comparison: Comparison) -> NDArray[np.str_]:
    """Reach the verdicts of whole runs, as a report does."""
    return comparison.verdicts(adjust(comparison.p_value, IS_CONTROL))


def is_wrong(comparison: Comparison, verdicts: NDArray[np.str_], truth: Floats) -> Mask:
    """Which verdicts are not true; a ratio right at the margin makes any verdict wrong."""
    distance = np.abs(truth) - math.log1p(MARGIN)
    false_faster = (distance <= 0) | is_reversed(comparison, verdicts, truth)
    return np.where(
        verdicts == Verdict.FASTER, false_faster, (verdicts == Verdict.SAME) & (distance >= 0)
    )


def is_reversed(comparison: Comparison, verdicts: NDArray[np.str_], truth: Floats) -> Mask:
    """Which verdicts call the slower backend the faster one."""
    opposite = (comparison.ratio > 1) != (truth > 0)
    return np.asarray((verdicts == Verdict.FASTER) & (truth != 0) & opposite)


def share_of_verdicts(wrong: Mask, verdicts: NDArray[np.str_]) -> float:
    """Average over runs of the wrong share of a run's verdicts; a run without any has none wrong.

    The control is left out: it has its own correction and its own column.
    """
    given = ((verdicts != Verdict.INCONCLUSIVE) & ~IS_CONTROL).sum(axis=1)
    return float(np.mean((wrong & ~IS_CONTROL).sum(axis=1) / np.maximum(given, 1)))


def wrong_at_the_margin(log_ratios: Floats, pairs: list[int]) -> float:
    """The wrong share of verdicts if these pairs of each cell differ by the margin exactly.

    This is where wrong verdicts are likeliest: any verdict on these pairs is one. Only their means
    are moved there, so that pairs go on to share the noise of the backends that they share.
    """
    runs, _, _, blocks = log_ratios.shape
    truth = TRUTH.copy()
    truth[pairs] = math.log1p(MARGIN)
    moved = log_ratios + (truth - TRUTH)[:, np.newaxis]
    comparison = compare(moved.reshape(runs, -1, blocks))
    verdicts = judge(comparison)
    return share_of_verdicts(is_wrong(comparison, verdicts, np.tile(truth, CELLS)), verdicts)


def with_more_blocks(
    comparison: Comparison, asked: Floats, log_ratios: Floats, scale: Floats, noise: Noise
) -> Comparison:
    """Compare anew where a report asked for more blocks: in the 10 % and the A/A pairs.

    The other pairs stay as they are, which is the harder case: they keep their part of the 5 %.

    Args:
        comparison: of the blocks so far, shape (runs, cells * pairs).
        asked: how many blocks each needs, same shape; NaN for no more.
        log_ratios: of the blocks so far, shape (runs, cells, pairs, blocks).
        scale: of the noise, shape (runs, cells, 1).
        noise: draws more of it.
    """
    runs, cells, pairs, blocks = log_ratios.shape
    names = ("ratio", "low", "high", "blocks", "p_value", "kind")
    count, _, deviation = moments(log_ratios.reshape(runs, -1, blocks))
    of_run = common_noise(noise_of(deviation, count))
    known, freedom = (
        np.broadcast_to(values, (runs, cells)) for values in (of_run.deviation, of_run.freedom)
    )
    merged = {name: getattr(comparison, name).reshape(runs, cells, pairs).copy() for name in names}
    asked = asked.reshape(runs, cells, pairs)
    for pair in (CONTROL_PAIR, SLOWER_PAIR):
        for count in np.unique(asked[:, :, pair][~np.isnan(asked[:, :, pair])]):
            where = asked[:, :, pair] == count
            extra = (int(where.sum()), int(count) - blocks)
            more = TRUTH[pair] + scale[where] * (noise(extra) - noise(extra))
            every = np.concatenate([log_ratios[:, :, pair][where], more], axis=-1)
            again = compare(every, common=NoiseOf(known[where], freedom[where]))
            for name in names:
                merged[name][:, :, pair][where] = getattr(again, name)
    columns: Any = {name: values.reshape(runs, -1) for name, values in merged.items()}
    return Comparison(**columns, noise=comparison.noise)


def average(outcomes: Mask) -> float:
    """Share that is true; not-a-number where there was nothing to find."""
    return float(outcomes.mean()) if outcomes.size else math.nan


def percent(share: float | np.floating[Any]) -> str:
    """Format a share."""
    if math.isnan(share):
        return "none"
    return f"{100 * share:.1f} %"


if __name__ == "__main__":
    main()
