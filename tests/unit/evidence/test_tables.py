import pytest
from imagebench.errors import BenchmarkError
from imagebench.evidence import tables
from plain_timings import read, timings


@pytest.mark.parametrize("column", ["seconds", "host", "cache"])
def test_a_table_without_a_needed_column_is_refused(column, tmp_path):
    with pytest.raises(BenchmarkError, match=column):
        read(timings().drop(columns=column), tmp_path)


@pytest.mark.parametrize("seconds", [0, -1, "fast", None])
def test_impossible_times_are_refused(seconds, tmp_path):
    with pytest.raises(BenchmarkError, match="seconds"):
        read(timings(seconds=seconds), tmp_path)


def test_an_empty_table_is_refused(tmp_path):
    with pytest.raises(BenchmarkError, match="no samples"):
        read(timings().iloc[:0], tmp_path)


def test_a_table_with_the_stable_columns_alone_is_completed(tmp_path):
    found = read(timings()[tables.STABLE], tmp_path)
    assert list(found.columns) == tables.COLUMNS
    assert found["backend_label"].equals(found["backend"])
    assert (found["threads"] == 1).all()
    assert found["lossless"].all()
    assert (found[["cluster", "remark", "commit"]] == "").all(axis=None)
    assert found[["psnr_db", "resident_share", "seed"]].isna().all(axis=None)


def test_what_is_promised_is_what_is_required():
    promised = [name for name, part in tables.SCHEMA["properties"].items() if part.get("stable")]
    assert promised == tables.STABLE
