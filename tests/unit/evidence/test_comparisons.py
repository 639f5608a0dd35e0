import math

import numpy as np
import pandas as pd
import pytest
from imagebench.evidence.comparisons import COLUMNS, compare_all
from imagebench.states import Verdict

CELL = {
    "dataset": "cifar10",
    "location": "disk",
    "machine": 1,
    "superseded": 0,
    "host": "here",
    "operation": "read_many",
    "images": 1000,
    "cache": "warm",
    "until": "returned",
}


def samples(backend, seconds, blocks=None, **cell):
    """Rows of one backend, one a block."""
    blocks = blocks or range(1, len(seconds) + 1)
    label = {"backend": backend, "backend_label": f"The {backend}", "iteration": 1}
    return [
        CELL | label | {"block": block, "seconds": value} | cell
        for block, value in zip(blocks, seconds, strict=True)
    ]


def compared(*parts):
    return compare_all(pd.DataFrame([row for part in parts for row in part]))


def around(seconds, count=6, seed=0, noise=0.01):
    return seconds * np.exp(noise * np.random.default_rng(seed).normal(size=count))


def test_the_faster_backend_comes_first_whichever_is_listed_first():
    quick, slow = samples("lmdb", around(1, seed=1)), samples("png", around(2, seed=2))
    for parts in [(quick, slow), (slow, quick)]:
        row = compared(*parts).iloc[0]
        assert (row["backend"], row["other"]) == ("lmdb", "png")
        assert (row["backend_label"], row["other_label"]) == ("The lmdb", "The png")
        assert row["verdict"] == Verdict.FASTER
        assert row["low"] < 2 < row["high"]
        assert row["low"] < row["ratio"] < row["high"]
        assert row["blocks"] == 6
        assert row["adjusted_p"] <= 0.05
        assert pd.isna(row["blocks_to_settle"])


def test_blocks_are_paired_by_their_number_so_that_what_slows_both_cancels():
    load = np.array([1.0, 5.0, 2.0, 9.0])
    row = compared(
        samples("lmdb", load, [1, 2, 3, 4]),
        samples("png", (3 * load * [1.0, 1.01, 1.0, 0.99])[::-1], [4, 3, 2, 1]),
    ).iloc[0]
    assert row["ratio"] == pytest.approx(3, rel=0.01)
    assert row["high"] / row["low"] < 1.1
    assert row["verdict"] == Verdict.FASTER


def test_blocks_that_only_one_backend_has_are_dropped():
    row = compared(
        samples("lmdb", [1.0, 1.0, 1.0, 99.0], [1, 2, 3, 4]),
        samples("png", [2.0, 2.0, 2.0, 0.01], [1, 2, 3, 5]),
    ).iloc[0]
    assert (row["blocks"], row["ratio"]) == (3, pytest.approx(2))


def test_a_block_counts_once_by_the_median_of_its_iterations():
    repeated = [
        row | {"iteration": iteration, "seconds": row["seconds"] * factor}
        for row in samples("png", [2.0, 2.0, 2.0])
        for iteration, factor in enumerate([1, 1, 50])
    ]
    row = compared(samples("lmdb", [1.0, 1.0, 1.0]), repeated).iloc[0]
    assert (row["blocks"], row["ratio"]) == (3, pytest.approx(2))


def test_only_equal_conditions_are_compared():
    parts = []
    for name, values in {
        "machine": [1, 2],
        "operation": ["read_many", "store_many"],
        "images": [10, 100],
        "cache": ["warm", "cold"],
        "until": ["closed", "durable"],
    }.items():
        parts.append(samples("lmdb", around(1), **{name: values[0]}, dataset=name))
        parts.append(samples("png", around(1), **{name: values[1]}, dataset=name))
    assert compared(*parts).empty


def test_one_backend_is_compared_between_locations_and_two_are_only_within_one():
    table = compared(
        samples("lmdb", around(1.0)),
        samples("png", around(3.0, seed=1)),
        samples("lmdb", around(2.0, seed=2), location="memory"),
        samples("png", around(1.5, seed=3), location="memory"),
    )
    found = {
        (row["location"], row["backend"], row["other_location"], row["other"])
        for _, row in table.iterrows()
    }
    assert found == {
        ("disk", "lmdb", "disk", "png"), ("memory", "png", "memory", "lmdb"),
        ("disk", "lmdb", "memory", "lmdb"), ("memory", "png", "disk", "png"),
    }  # fmt: skip
    assert set(table["verdict"]) == {Verdict.FASTER}


def test_the_control_is_not_compared_between_locations():
    table = compared(
        samples("raw", around(1.0)), samples("control", around(1.0, seed=1)),
        samples("raw", around(1.0, seed=2), location="memory"),
        samples("control", around(1.0, seed=3), location="memory"),
    )  # fmt: skip
    between = table[table["location"] != table["other_location"]]
    assert between[["backend", "other"]].to_numpy().tolist() == [["raw", "raw"]]
    assert not between["control"].any()


def test_blocks_are_paired_only_where_one_host_ran_both():
    # The second host is ten times as fast: had blocks been mixed, it would show.
    rows = [samples("lmdb", around(1.0)), samples("png", around(2.0, seed=1))]
    for backend, on_fast in zip(rows, [{4, 5, 6}, {5, 6}], strict=True):
        for row in backend:
            if row["block"] in on_fast:
                row |= {"host": "fast", "seconds": row["seconds"] / 10}
    row = compared(*rows).iloc[0]
    assert (row["blocks"], row["verdict"]) == (5, Verdict.FASTER)
    assert row["ratio"] == pytest.approx(2, rel=0.02)


def test_superseded_samples_take_no_part():
    old = samples("png", around(50), superseded=1)
    table = compared(samples("lmdb", around(1)), old, samples("png", around(3)))
    assert list(table["ratio"]) == [pytest.approx(3, rel=0.05)]


def test_the_control_is_compared_with_the_reference_alone():
    table = compared(
        samples("raw", around(1, seed=1)),
        samples("lmdb", around(2, seed=2)),
        samples("control", around(1, seed=3)),
    )
    pairs = {
        frozenset(pair): control for *pair, control in table[["backend", "other", "control"]].values
    }
    assert pairs == {frozenset({"raw", "lmdb"}): False, frozenset({"raw", "control"}): True}
    assert table.loc[table["control"], "verdict"].item() == Verdict.SAME


def test_below_three_blocks_there_is_a_ratio_without_interval_or_verdict():
    table = compared(
        samples("lmdb", [1.0, 1.0]),
        samples("png", [2.0, 2.0]),
        samples("lmdb", around(1, seed=1), images=10),
        samples("png", around(2, seed=2), images=10),
    )
    few, many = table.iloc[0], table.iloc[1]
    assert few["ratio"] == pytest.approx(2)
    assert few[["low", "high", "adjusted_p"]].isna().all()
    assert (few["verdict"], few["blocks_to_settle"]) == (Verdict.INCONCLUSIVE, 3)
    alone = compared(
        samples("lmdb", around(1, seed=1), images=10), samples("png", around(2, seed=2), images=10)
    )
    assert many["adjusted_p"] == alone["adjusted_p"].item()


def test_a_control_that_came_out_is_no_member_of_the_family_of_the_others():
    pair = [*samples("raw", around(1, seed=1)), *samples("png", around(1.15, seed=2))]
    control = [
        row
        for images in range(2, 30)
        for row in [
            *samples("raw", around(1, seed=images), images=images),
            *samples("control", around(1.3, seed=images + 50), images=images),
        ]
    ]
    together = compared(pair, control)
    assert set(together.loc[together["control"], "verdict"]) == {Verdict.FASTER}
    [other] = together[~together["control"]].to_dict(orient="records")
    # By itself, its corrected p-value is its own, which its interval shows: 0.05 at the margin.
    assert (other["adjusted_p"] <= 0.05) == (other["low"] > 1.05)


def test_many_clear_differences_let_a_less_clear_one_count():
    doubtful = [*samples("lmdb", [1.0, 1.0, 1.0]), *samples("png", [1.15, 1.2, 1.25])]
    unclear = [
        row
        for images in range(1, 4)
        for row in [
            *samples("lmdb", [1, 1, 1], images=images),
            *samples("png", [1, 2, 3], images=images),
        ]
    ]
    clear = [
        row
        for images in range(10, 30)
        for row in [
            *samples("lmdb", [1, 1, 1], images=images),
            *samples("png", around(10, 3, seed=images), images=images),
        ]
    ]
    assert compared(doubtful, unclear).iloc[0]["verdict"] == Verdict.INCONCLUSIVE
    assert compared(doubtful, unclear, clear).iloc[0]["verdict"] == Verdict.FASTER


def test_more_comparisons_on_a_page_ask_for_more_certainty_but_other_pages_do_not():
    seconds = [1.0, 1.0, 1.0], [1.15, 1.2, 1.25]
    pair = [*samples("lmdb", seconds[0]), *samples("png", seconds[1])]
    unclear = [
        row
        for images in range(1, 41)
        for row in [
            *samples("lmdb", around(1, 3, seed=images, noise=0.05), images=images),
            *samples("png", around(1.05, 3, seed=images + 50, noise=0.05), images=images),
        ]
    ]
    elsewhere = [row | {"machine": 2} for row in unclear]
    assert compared(pair).iloc[0]["verdict"] == Verdict.FASTER
    assert compared(pair, elsewhere).iloc[0]["verdict"] == Verdict.FASTER
    crowded = compared(pair, unclear).iloc[0]
    assert crowded["verdict"] == Verdict.INCONCLUSIVE
    assert crowded["blocks_to_settle"] > 3


@pytest.mark.parametrize("backends", [[], ["lmdb"], ["lmdb", "control"]])
def test_with_nothing_to_compare_the_columns_are_there_still(backends):
    rows = [row for backend in backends for row in samples(backend, around(1))]
    frame = pd.DataFrame(rows, columns=list(samples("lmdb", [1.0])[0]))
    table = compare_all(frame)
    assert table.empty
    assert list(table.columns) == COLUMNS


def test_rows_come_in_the_order_of_appearance_also_if_machines_alternate():
    names = ["png", "hdf5", "lmdb"]
    parts = [
        samples(name, around(1 + place, seed=place), images=images, machine=machine)
        for images in [1000, 10, 100]
        for machine in [2, 1]
        for place, name in enumerate(names)
    ]
    table = compared(*parts)
    cells = table[["images", "machine"]].drop_duplicates().values.tolist()
    assert cells == [[1000, 2], [1000, 1], [10, 2], [10, 1], [100, 2], [100, 1]]
    pairs = [("png", "hdf5"), ("png", "lmdb"), ("hdf5", "lmdb")]
    assert list(table[["backend", "other"]].itertuples(index=False, name=None)) == pairs * 6


def test_runs_against_oneself_rarely_find_a_difference():
    generator = np.random.default_rng(7)
    alarms = differences = 0
    for _ in range(100):
        parts = [
            samples(name, 0.05 * np.exp(0.1 * generator.standard_t(4, 3)), images=images)
            for images in (1, 10, 100)
            for name in ("raw", "control", "lmdb", "png")
        ]
        table = compared(*parts)
        different = table["verdict"] == Verdict.FASTER
        alarms += different[table["control"]].any()
        differences += different[~table["control"]].any()
    assert alarms <= 5
    assert differences <= 5


def test_the_table_is_the_same_from_a_csv(tmp_path):
    table = compared(
        samples("lmdb", around(1)), samples("png", around(1, noise=0.3, seed=1), images=1000)
    )
    table.to_csv(tmp_path / "comparisons.csv", index=False)
    again = pd.read_csv(tmp_path / "comparisons.csv")
    assert list(again.columns) == COLUMNS
    assert math.isclose(again["ratio"].item(), table["ratio"].item())
    assert again["blocks_to_settle"].item() == table["blocks_to_settle"].item()
