import pytest
import samples
from imagebench.evidence import noise, tables


@pytest.fixture
def calm():
    table = samples.timings(blocks=3, counts=(10, 100))
    assert noise.disturbed_blocks(table).empty
    return table


def of_block(table):
    return (
        (table["backend"] == "lmdb") & (table["operation"] == "read_many")
        & (table["images"] == 100) & (table["block"] == 2)
    )  # fmt: skip


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("steal_share", 0.2, "gave 20% of the processors' time to other machines"),
        ("other_cpu_share", 0.9, "other programs took 0.90 of a core"),
        ("cpu_pressure_share", 0.4, "waited for a processor during 40%"),
        ("memory_pressure_share", 0.4, "waited for memory during 40%"),
    ],
)
def test_a_disturbed_block_is_named_with_what_disturbed_it(column, value, words, calm):
    calm.loc[of_block(calm), column] = value
    [row] = noise.disturbed_blocks(calm).itertuples()
    assert (row.backend, row.operation, row.images, row.block) == ("lmdb", "read_many", 100, 2)
    assert words in row.reasons
    assert not noise.too_noisy(calm, noise.disturbed_blocks(calm))


@pytest.mark.parametrize(
    ("column", "of", "words"),
    [
        ("paused_cpu_seconds", "cpu_user_seconds", "of its processors' time was taken while"),
        ("paused_bytes_written", "bytes_logical", "of its bytes were written while the clock"),
    ],
)
def test_what_was_done_for_a_format_while_the_clock_stood_is_named(column, of, words, calm):
    rows = of_block(calm)
    calm[column] = 0.0
    calm.loc[rows, "pieces"] = 3
    calm.loc[rows, column] = 0.01 * calm.loc[rows, of]
    assert noise.disturbed_blocks(calm).empty
    calm.loc[rows, column] = 0.5 * calm.loc[rows, of]
    [row] = noise.disturbed_blocks(calm).itertuples()
    assert words in row.reasons
    calm.loc[rows, "pieces"] = 1  # of one piece, the clock does not stand
    assert noise.disturbed_blocks(calm).empty


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_machine_that_became_slower_is_noticed(when, calm):
    calm.loc[of_block(calm), f"calibration_{when}_seconds"] *= 2
    [row] = noise.disturbed_blocks(calm).itertuples()
    assert "calibration loop took 2." in row.reasons


def test_a_block_that_took_much_longer_than_the_others_is_flagged(calm):
    calm.loc[of_block(calm) & (calm["cache"] == "cold"), "seconds"] *= 5
    [row] = noise.disturbed_blocks(calm).itertuples()
    assert (row.backend, row.block) == ("lmdb", 2)
    assert "times as long as the other blocks" in row.reasons


def test_two_blocks_at_the_same_time_are_both_named(calm):
    one, other = of_block(calm), of_block(calm.replace({"block": {3: 2, 2: 3}}))
    calm.loc[one, ["started", "finished"]] = calm.loc[other, ["started", "finished"]].iloc[0].values
    found = noise.disturbed_blocks(calm)
    assert found["block"].tolist() == [2, 3]
    assert found["reasons"].str.contains("at the same time").all()


def test_a_run_that_was_disturbed_throughout_is_too_noisy(calm):
    calm["other_cpu_share"] = 0.9
    disturbed = noise.disturbed_blocks(calm)
    assert len(disturbed) == calm.groupby(["backend", "operation", "images", "block"]).ngroups
    assert noise.too_noisy(calm, disturbed)


def test_what_the_system_does_not_tell_is_no_noise(calm):
    assert noise.disturbed_blocks(tables.completed(calm[tables.STABLE])).empty
