"""Which blocks were disturbed, and whether a run can be trusted at all.

Nothing is left out because of it: what is flagged is kept, shown and named.
"""

from collections.abc import Iterator

import pandas as pd

BLOCK = ["host", "location", "backend", "backend_label", "operation", "images", "block"]

SLOW_CALIBRATION = 1.5
"""The calibration loop has slowed down by half against the median of all on that machine."""

LIMITS = {
    "steal_share": (0.05, "the host gave {:.0%} of the processors' time to other machines"),
    "other_cpu_share": (0.50, "other programs took {:.2f} of a core"),
    "cpu_pressure_share": (0.25, "programs waited for a processor during {:.0%} of the time"),
    "memory_pressure_share": (0.05, "programs waited for memory during {:.0%} of the time"),
}
"""Above these, a block counts as disturbed; with the words for it.

On two cores of a virtual machine with nothing else to do, kernel threads that write out what was
stored take up to half a core, and programs wait for a processor up to a fifth of the time.
"""

OUTLYING = 3.0
"""A block that took so many times as long as the median of its cell did not measure the format."""

PAUSED_SHARE = 0.02
"""Of a block's processors' time, or of what it wrote, so much happened while the clock stood."""

NOISY_SHARE = 0.10
"""A run of which more blocks than this were disturbed is not to be trusted."""


def disturbed_blocks(timings: pd.DataFrame) -> pd.DataFrame:
    """Name the blocks during which something else went on on the machine, and what it was.

    Returns:
        One row a disturbed block, with the columns of BLOCK and ``reasons``, a sentence.
    """
    blocks = timings.groupby(BLOCK, sort=False, dropna=False).first().reset_index()
    reasons: list[list[str]] = [[] for _ in range(len(blocks))]
    slowness = calibration_slowness(blocks)
    for place, factor in enumerate(slowness):
        if factor > SLOW_CALIBRATION:
            reasons[place].append(f"the calibration loop took {factor:.1f} times as long as usual")
    for name, (limit, words) in LIMITS.items():
        for place in blocks.index[blocks[name] > limit]:
            reasons[place].append(words.format(blocks.loc[place, name]))
    for place, factor in enumerate(slowness_in_cell(timings, blocks)):
        if factor > OUTLYING:
            reasons[place].append(f"it took {factor:.1f} times as long as the other blocks")
    for place in overlapping(blocks):
        reasons[place].append("another block was measured at the same time")
    for place, sentence in helped_while_the_clock_stood(timings, blocks):
        reasons[place].append(sentence)
    blocks["reasons"] = ["; ".join(words) for words in reasons]
    return blocks.loc[blocks["reasons"] != "", [*BLOCK, "reasons"]].reset_index(drop=True)


def calibration_slowness(blocks: pd.DataFrame) -> pd.Series:
    """Say how many times as long as usual on its machine each block's calibration took, at worst.

    Not-a-number where there was none.
    """
    names = ["calibration_before_seconds", "calibration_after_seconds"]
    seconds = blocks[names]
    usual = seconds.median(axis=1).groupby(blocks["host"]).transform("median")
    slowness: pd.Series[float] = seconds.max(axis=1) / usual
    return slowness


def slowness_in_cell(timings: pd.DataFrame, blocks: pd.DataFrame) -> list[float]:
    """Say how many times as long as the median of its cell each block took, in its worst state."""
    cell = [name for name in BLOCK if name != "block"] + ["cache"]
    seconds = timings.groupby([*cell, "block"], dropna=False)["seconds"].median()
    usual = seconds.groupby(level=cell, dropna=False).transform("median")
    worst = (seconds / usual).groupby(level=BLOCK, dropna=False).max()
    return worst.reindex(pd.MultiIndex.from_frame(blocks[BLOCK])).tolist()


def helped_while_the_clock_stood(
    timings: pd.DataFrame, blocks: pd.DataFrame
) -> Iterator[tuple[int, str]]:
    """Find blocks for which threads or the kernel worked between pieces, by their places."""
    cpu = timings["cpu_user_seconds"] + timings["cpu_system_seconds"]
    shares = pd.DataFrame(
        {
            "its processors' time was taken": timings["paused_cpu_seconds"] / cpu,
            "its bytes were written": timings["paused_bytes_written"] / timings["bytes_logical"],
        }
    ).where(timings["pieces"] > 1)
    worst = shares.groupby([timings[name] for name in BLOCK], dropna=False).max()
    worst = worst.reindex(pd.MultiIndex.from_frame(blocks[BLOCK]))
    for words in shares:
        for place, share in enumerate(worst[words]):
            if share > PAUSED_SHARE:
                yield place, f"{share:.0%} of {words} while the clock stood for the next piece"


def overlapping(blocks: pd.DataFrame) -> list[int]:
    """Find blocks that were measured at the same time on one machine, by their places."""
    found = set()
    for _, part in blocks[blocks["started"] != ""].groupby("host"):
        in_order = part.sort_values("started")
        last_end, last = "", -1
        for place, start, end in in_order[["started", "finished"]].itertuples():
            if start < last_end:
                found |= {last, place}
            if end > last_end:
                last_end, last = end, place
    return sorted(found)


def too_noisy(timings: pd.DataFrame, disturbed: pd.DataFrame) -> bool:
    """Say whether so many blocks were disturbed that a run is not to be trusted."""
    blocks = timings.groupby(["host", *BLOCK[1:3], *BLOCK[4:]], dropna=False).ngroups
    return len(disturbed) > NOISY_SHARE * blocks
