"""How much faster batches become arrays here than by the tutorial's loop over images.

    python experiments/unpickle_batches.py

Both turn the same five batches of 10,000 images, unpickled already, into one array of images, in
turn, and are checked to agree. What counts is the ratio: both run in this process, side by side.
"""

import statistics
import sys
import time
from pathlib import Path

import numpy as np

sys.path.append(str(Path(__file__).resolve().parents[1] / "workflow/scripts"))

from imagebench.images.arrays import join_batches

ROUNDS = 7
THREADS = 2  # as the rule unpickle_batches has
PER_BATCH = 10_000


def tutorial_loop(rows: list[np.ndarray]) -> np.ndarray:
    """Stack the three channels of one image after the other, as the tutorial does."""
    images = []
    for batch in rows:
        for row in batch:
            channels = [row[part * 1024 : (part + 1) * 1024].reshape(32, 32) for part in range(3)]
            images.append(np.dstack(channels))
    return np.array(images)


def ours(rows: list[np.ndarray]) -> np.ndarray:
    """Join the batches as the workflow does."""
    labels = np.zeros(PER_BATCH, dtype=np.uint8)
    batches = [(part.reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1), labels) for part in rows]
    return join_batches(batches, THREADS)[0]


def main() -> None:
    """Print the ratio of each round, and their median."""
    generator = np.random.default_rng(0)
    rows = [generator.integers(0, 256, (PER_BATCH, 3072), dtype=np.uint8) for _ in range(5)]
    ratios = []
    for number in range(ROUNDS + 1):
        start = time.perf_counter()
        expected = tutorial_loop(rows)
        middle = time.perf_counter()
        found = ours(rows)
        end = time.perf_counter()
        if not np.array_equal(found, expected):
            sys.exit("the two do not agree")
        if number:  # the first round warms up
            ratios.append((middle - start) / (end - middle))
            print(
                f"round {number}: loop {middle - start:.2f} s, here {end - middle:.3f} s, "
                f"ratio {ratios[-1]:.1f}"
            )
        # Freed before the next round, so that both find the same memory.
        del expected, found
    print(f"median ratio {statistics.median(ratios):.1f} (the loop takes so many times as long)")


if __name__ == "__main__":
    main()
