import pytest
import yaml
from imagebench.errors import BenchmarkError
from imagebench.evidence import tables
from plain_timings import read, timings
from projects import ROOT


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


def test_the_schema_describes_the_columns_in_their_order():
    schema = yaml.safe_load((ROOT / "workflow/schemas/timings.schema.yaml").read_text())
    assert list(schema["properties"]) == tables.COLUMNS
    stable = [name for name, column in schema["properties"].items() if column.get("stable")]
    assert stable == schema["required"] == tables.STABLE
