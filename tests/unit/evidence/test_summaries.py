import pytest
from imagebench.evidence import summaries
from plain_timings import read, timings


def test_a_block_counts_once_and_the_median_is_over_blocks(tmp_path):
    summary = summaries.summarize(read(timings(), tmp_path))
    row = summary[(summary["backend"] == "slow") & (summary["operation"] == "read_many")].iloc[0]
    assert row["blocks"] == 3
    assert row["median_seconds"] == pytest.approx(15)
    assert row["fastest_block_seconds"] == pytest.approx(11)
    assert row["slowest_block_seconds"] == pytest.approx(21)
    assert row["low_seconds"] < 15 < row["high_seconds"]
    assert row["images_per_second"] == pytest.approx(100 / 15)
    assert len(summary) == 8


def test_two_blocks_have_no_interval(tmp_path):
    frame = timings()
    summary = summaries.summarize(read(frame[frame["block"] < 3], tmp_path))
    assert summary["low_seconds"].isna().all()
    assert (summary["blocks"] == 2).all()


def test_single_images_are_set_side_by_side(tmp_path):
    singles = summaries.single_images(summaries.summarize(read(timings(), tmp_path)))
    assert list(singles["backend"]) == ["fast", "slow"]
    assert singles["store_single_median_seconds"].tolist() == pytest.approx([1.5, 15])
    assert singles["read_single_slowest_block_seconds"].tolist() == pytest.approx([2.1, 21])
    assert singles["bytes_allocated"].tolist() == [4096, 4096]


def test_stores_are_measured_twice_and_never_mixed(tmp_path):
    frame = timings()
    is_store = frame["operation"].str.startswith("store")
    frame["seconds_durable"] = (frame["seconds"] * 3).where(is_store)
    summary = summaries.summarize(read(frame, tmp_path))
    cells = summary[summary["backend"] == "fast"].set_index(["operation", "until"])
    assert set(cells.index) == {
        ("store_single", "closed"), ("store_many", "closed"), ("read_single", "returned"),
        ("store_single", "durable"), ("store_many", "durable"), ("read_many", "returned"),
    }  # fmt: skip
    medians = cells["median_seconds"]
    assert medians["store_many", "durable"] == pytest.approx(3 * medians["store_many", "closed"])


def test_each_is_a_multiple_of_the_limit_in_the_same_block(tmp_path):
    summary = summaries.summarize(read(timings().replace("fast", "raw"), tmp_path))
    slow = summary[summary["backend"] == "slow"]
    assert slow["multiple_of_limit"].tolist() == pytest.approx([10] * 4)
    # The blocks differ by half, but the ratio within each is always ten.
    assert slow["multiple_low"].tolist() == pytest.approx([10] * 4)
    assert slow["multiple_high"].tolist() == pytest.approx([10] * 4)
    assert slow["bytes_multiple_of_limit"].tolist() == [1] * 4
    without = summaries.summarize(read(timings(), tmp_path))
    assert without["multiple_of_limit"].isna().all()


def test_what_is_known_of_a_format_is_carried_through_and_may_be_missing(tmp_path):
    frame = timings(lossless=False, psnr_db=37.5, threads=4, stored_images=1000)
    # Of the blocks' values 2, 3 and 7 the middle one.
    frame["codec_seconds"] = frame["block"].map({1: 7.0, 2: 2.0, 3: 3.0})
    frame.loc[frame["operation"].str.endswith("_single"), "codec_seconds"] = None
    summary = summaries.summarize(read(frame, tmp_path))
    assert not summary["lossless"].any()
    for name, value in {"psnr_db": 37.5, "threads": 4, "stored_images": 1000}.items():
        assert summary[name].tolist() == [value] * len(summary)
    many = summary[summary["operation"] == "read_many"]
    assert many["codec_seconds"].tolist() == [3.0, 3.0]
    assert len(summary[summary["codec_seconds"].isna()]) == 4
    without = summaries.summarize(read(timings(), tmp_path))
    assert list(without.columns) == list(summary.columns)
    assert without["psnr_db"].isna().all()
    assert without["lossless"].all()
