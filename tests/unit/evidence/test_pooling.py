import pytest
from imagebench.evidence import pooling, summaries
from plain_timings import read, timings


def test_another_version_of_a_library_is_kept_apart_and_named(tmp_path):
    frame = timings()
    frame["libraries"] = "lmdb=2.0.0"
    newer = (frame["backend"] == "slow") & (frame["block"] == 3)
    frame.loc[newer, "libraries"] = "lmdb=3.0.0"
    frame["finished"] = frame["block"].map(lambda block: f"2026-01-0{block}")
    frame = read(frame, tmp_path)
    summary = summaries.summarize(frame)
    slow = summary[(summary["backend"] == "slow") & (summary["operation"] == "read_many")]
    assert slow.set_index("superseded")["blocks"].to_dict() == {0: 1, 1: 2}
    fast = summary[summary["backend"] == "fast"]
    assert set(fast["superseded"]) == {0}
    [*sentences] = pooling.kept_apart(frame)
    assert len(sentences) == 4
    assert "lmdb=2.0.0, later ones with lmdb=3.0.0" in sentences[0]
    assert "blocks 1, 2" in sentences[0]
    assert "records/default/slow/store_single" in sentences[0]


@pytest.mark.parametrize("column", ["host", *pooling.MACHINE[1:]])
def test_another_machine_is_kept_apart_and_named(column, tmp_path):
    frame = timings(cpu="Xeon", cores=2, kernel="Linux 6", python="3.11.7")
    frame["finished"] = frame["block"].map(lambda block: f"2026-01-0{block}")
    frame[column] = frame[column].astype(object)
    frame.loc[frame["block"] == 3, column] = "other"
    frame = read(frame, tmp_path)
    summary = summaries.summarize(frame)
    assert summary.groupby("machine")["blocks"].unique().to_dict() == {1: [2], 2: [1]}
    [sentence] = pooling.kept_apart(frame)
    assert "16 samples are of another machine" in sentence


def test_nodes_of_a_cluster_that_are_alike_are_one_machine(tmp_path):
    frame = timings(cpu="Xeon", cores=2, kernel="Linux 6", python="3.11.7", cluster="big")
    frame.loc[frame["block"] == 3, "host"] = "another node"
    summary = summaries.summarize(read(frame, tmp_path))
    assert set(summary["machine"]) == {1}
    assert set(summary["blocks"]) == {3}
    assert summary["host"].str.contains("another node").all()
    assert pooling.kept_apart(read(frame, tmp_path)) == []
    frame.loc[frame["block"] == 3, "cpu"] = "an older one"
    assert set(summaries.summarize(read(frame, tmp_path))["machine"]) == {1, 2}


def test_stores_that_were_made_in_pieces_are_compared_until_they_are_safe(tmp_path):
    frame = read(timings(), tmp_path)
    assert (frame["operation"] == "store_many").any()
    frame["seconds_durable"] = 2 * frame["seconds"]
    frame["pieces"] = 1
    assert {"closed", "durable"} <= set(pooling.measures(frame)["until"])
    frame.loc[frame["operation"] == "store_many", "pieces"] = 2
    ends = pooling.measures(frame).groupby("operation")["until"].agg(set)
    assert ends["store_many"] == {"durable"}
    assert "closed" in ends["store_single"]
