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
                        "block": block, "iteration": iteration, "cache": "warm",
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
    assert stable == schema["required"] == tables.COLUMNS[:13]


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def write(frame):
    frame.to_csv("timings.csv", index=False)
    return "timings.csv"
