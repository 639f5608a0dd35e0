import pandas as pd
import pytest
import yaml
from imagebench.analysis import tables
from imagebench.failures import BenchmarkError
from projects import ROOT


def timings(**changes):
    """Three blocks of two samples each for one backend, and ten times as long for another."""
    rows = []
    for factor, backend in ((1, "fast"), (10, "slow")):
        for operation in ("store_single", "read_single", "store_many", "read_many"):
            for block, seconds in ((1, (1.0, 1.2)), (2, (2.0, 2.2)), (3, (1.4, 1.6))):
                for iteration, value in enumerate(seconds):
                    rows.append({
                        "dataset": "lookalike", "location": "default", "backend": backend,
                        "operation": operation, "images": 1 if "single" in operation else 100,
                        "block": block, "iteration": iteration,
                        "cache": "warm" if "read" in operation else "not_applicable",
                        "seconds": value * factor, "bytes_logical": 100, "bytes_allocated": 4096,
                        "files": 2, "host": "here", **changes,
                    })  # fmt: skip
    return pd.DataFrame(rows)


def test_a_block_counts_once_and_the_median_is_over_blocks():
    summary = tables.summarize(tables.read_timings(write(timings())))
    row = summary[(summary["backend"] == "slow") & (summary["operation"] == "read_many")].iloc[0]
    assert row["blocks"] == 3
    assert row["median_seconds"] == pytest.approx(15)
    assert row["fastest_block_seconds"] == pytest.approx(11)
    assert row["slowest_block_seconds"] == pytest.approx(21)
    assert row["low_seconds"] < 15 < row["high_seconds"]
    assert row["images_per_second"] == pytest.approx(100 / 15)
    assert len(summary) == 8


def test_two_blocks_have_no_interval():
    frame = timings()
    summary = tables.summarize(tables.read_timings(write(frame[frame["block"] < 3])))
    assert summary["low_seconds"].isna().all()
    assert (summary["blocks"] == 2).all()


def test_single_images_are_set_side_by_side():
    singles = tables.single_images(tables.summarize(tables.read_timings(write(timings()))))
    assert list(singles["backend"]) == ["fast", "slow"]
    assert singles["store_single_median_seconds"].tolist() == pytest.approx([1.5, 15])
    assert singles["read_single_slowest_block_seconds"].tolist() == pytest.approx([2.1, 21])
    assert singles["bytes_allocated"].tolist() == [4096, 4096]


@pytest.mark.parametrize("column", ["seconds", "host", "cache"])
def test_a_table_without_a_needed_column_is_refused(column):
    with pytest.raises(BenchmarkError, match=column):
        tables.read_timings(write(timings().drop(columns=column)))


@pytest.mark.parametrize("seconds", [0, -1, "fast", None])
def test_impossible_times_are_refused(seconds):
    with pytest.raises(BenchmarkError, match="seconds"):
        tables.read_timings(write(timings(seconds=seconds)))


def test_an_empty_table_is_refused():
    with pytest.raises(BenchmarkError, match="no samples"):
        tables.read_timings(write(timings().iloc[:0]))


def test_the_schema_describes_the_columns_in_their_order():
    schema = yaml.safe_load((ROOT / "workflow/schemas/timings.schema.yaml").read_text())
    assert list(schema["properties"]) == tables.COLUMNS
    stable = [name for name, column in schema["properties"].items() if column.get("stable")]
    assert stable == schema["required"] == tables.STABLE


def test_stores_are_measured_twice_and_never_mixed():
    frame = timings()
    is_store = frame["operation"].str.startswith("store")
    frame["seconds_durable"] = (frame["seconds"] * 3).where(is_store)
    summary = tables.summarize(tables.read_timings(write(frame)))
    cells = summary[summary["backend"] == "fast"].set_index(["operation", "until"])
    assert set(cells.index) == {
        ("store_single", "closed"), ("store_many", "closed"), ("read_single", "returned"),
        ("store_single", "durable"), ("store_many", "durable"), ("read_many", "returned"),
    }  # fmt: skip
    medians = cells["median_seconds"]
    assert medians["store_many", "durable"] == pytest.approx(3 * medians["store_many", "closed"])


def test_each_is_a_multiple_of_the_limit_in_the_same_block():
    summary = tables.summarize(tables.read_timings(write(timings().replace("fast", "raw"))))
    slow = summary[summary["backend"] == "slow"]
    assert slow["multiple_of_limit"].tolist() == pytest.approx([10] * 4)
    # The blocks differ by half, but the ratio within each is always ten.
    assert slow["multiple_low"].tolist() == pytest.approx([10] * 4)
    assert slow["multiple_high"].tolist() == pytest.approx([10] * 4)
    assert slow["bytes_multiple_of_limit"].tolist() == [1] * 4
    without = tables.summarize(tables.read_timings(write(timings())))
    assert without["multiple_of_limit"].isna().all()


def test_another_version_of_a_library_is_kept_apart_and_named():
    frame = timings()
    frame["libraries"] = "lmdb=2.0.0"
    newer = (frame["backend"] == "slow") & (frame["block"] == 3)
    frame.loc[newer, "libraries"] = "lmdb=3.0.0"
    frame["finished"] = frame["block"].map(lambda block: f"2026-01-0{block}")
    frame = tables.read_timings(write(frame))
    summary = tables.summarize(frame)
    slow = summary[(summary["backend"] == "slow") & (summary["operation"] == "read_many")]
    assert slow.set_index("superseded")["blocks"].to_dict() == {0: 1, 1: 2}
    fast = summary[summary["backend"] == "fast"]
    assert set(fast["superseded"]) == {0}
    [*sentences] = tables.kept_apart(frame)
    assert len(sentences) == 4
    assert "lmdb=2.0.0, later ones with lmdb=3.0.0" in sentences[0]
    assert "blocks 1, 2" in sentences[0]
    assert "records/default/slow/store_single" in sentences[0]


@pytest.mark.parametrize("column", tables.MACHINE)
def test_another_machine_is_kept_apart_and_named(column):
    frame = timings(cpu="Xeon", cores=2, kernel="Linux 6", python="3.11.7")
    frame["finished"] = frame["block"].map(lambda block: f"2026-01-0{block}")
    frame[column] = frame[column].astype(object)
    frame.loc[frame["block"] == 3, column] = "other"
    frame = tables.read_timings(write(frame))
    summary = tables.summarize(frame)
    assert summary.groupby("machine")["blocks"].unique().to_dict() == {1: [2], 2: [1]}
    [sentence] = tables.kept_apart(frame)
    assert "16 samples are of another machine" in sentence


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def write(frame):
    frame.to_csv("timings.csv", index=False)
    return "timings.csv"
