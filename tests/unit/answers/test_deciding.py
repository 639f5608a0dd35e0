import math

import many_samples
import pandas as pd
import pytest
from imagebench.answers import deciding
from imagebench.answers.findings import Counting
from imagebench.evidence import comparisons, pooling, summaries
from imagebench.page import paragraph, phrases
from table_rows import COLD, DISK, DURABLE, FILES, STORE, WARM, cell, pair

LABELS = {name: name.upper() for name in ("a", "b", "c", "next")}


def answer(rows, pairs, question=WARM, images=100):
    columns = list(pair("a", "b", 1, "faster"))
    compared = pd.DataFrame(pairs, columns=columns)
    return deciding.find(pd.DataFrame(rows), compared, question, "default", images)


def test_the_fastest_wins_with_its_lead_over_the_next_and_its_multiple_of_the_baseline():
    rows = [cell("raw", 1.0), cell("slow", 40.0), cell("fast", 2.0), cell("next", 10.0)]
    pairs = [
        pair("raw", "fast", 2, "faster"), pair("raw", "next", 10, "faster"),
        pair("fast", "slow", 20, "faster"), pair("fast", "next", 5, "faster"),
        pair("next", "slow", 4, "faster", blocks=4),
    ]  # fmt: skip
    found = answer(rows, pairs)
    assert found.winners == ("fast",)
    assert found.standing == "faster"
    assert phrases.lead(found, LABELS) == "5.0 times as fast as NEXT [4.0,\N{NO-BREAK SPACE}6.0]"
    assert phrases.against_baseline(found) == "2.0 times the baseline [1.6,\N{NO-BREAK SPACE}2.4]"
    assert phrases.value(found) == "2 s"
    assert (found.blocks, found.blocks_to_settle, phrases.way_out(found)) == (5, None, "")


def test_the_baseline_and_the_control_never_win():
    rows = [cell("raw", 1.0), cell("control", 0.9), cell("format", 50.0)]
    pairs = [pair("raw", "format", 50, "faster"), pair("control", "raw", 1.1, "faster")]
    found = answer(rows, pairs)
    assert found.winners == ("format",)
    assert found.standing == "nothing to compare with"


def test_a_leader_that_a_close_pair_has_as_the_slower_one_is_not_behind_itself():
    rows = [cell("a", 1.0), cell("b", 1.01), cell("c", 1.02)]
    ring = [("b", "a", 1.02), ("a", "c", 1.01), ("c", "b", 1.01)]
    found = answer(rows, [pair(*names, "no practical difference") for names in ring])
    assert found.winners == ("a", "b", "c")
    assert found.behind.backends == ("b", "c")
    assert found.behind.ratios == pytest.approx((1 / 1.02, 1.01))


def test_what_makes_no_practical_difference_is_named_together():
    rows = [cell("a", 1.0), cell("b", 1.01), cell("c", 3.0)]
    pairs = [
        pair("a", "b", 1.01, "no practical difference"),
        pair("a", "c", 3, "faster"), pair("b", "c", 2.9, "faster"),
    ]  # fmt: skip
    found = answer(rows, pairs)
    assert found.winners == ("a", "b")
    assert found.standing == "no practical difference"
    assert phrases.winners(found, LABELS) == "A and B"
    assert phrases.lead(found, LABELS).startswith("B took 1.01 times as long")
    assert phrases.way_out(found) == ""


def test_what_is_open_says_how_many_blocks_would_settle_it():
    rows = [cell("a", 1.0), cell("b", 1.1), cell("c", 9.0)]
    pairs = [
        pair("a", "b", 1.1, "inconclusive", blocks_to_settle=14),
        pair("a", "c", 9, "faster"),
        # Open too, though it does not matter: c is beaten anyway.
        pair("b", "c", 8, "inconclusive", blocks_to_settle=200),
    ]
    found = answer(rows, pairs)
    assert phrases.winners(found, LABELS) == "A or B"
    assert found.standing == "inconclusive"
    assert found.blocks_to_settle == 14
    assert "About 14 blocks would settle it: set “blocks: 14”" in phrases.way_out(found)
    assert "which takes about 18 minutes more" in phrases.way_out(found, 2.0)


def test_what_is_beaten_by_anything_is_no_winner():
    rows = [cell("a", 1.0), cell("b", 1.1), cell("c", 1.5)]
    pairs = [
        pair("a", "b", 1.1, "inconclusive", blocks_to_settle=8),
        pair("a", "c", 1.5, "inconclusive", blocks_to_settle=80),
        pair("b", "c", 1.4, "faster"),
    ]
    found = answer(rows, pairs)
    assert found.winners == ("a", "b")
    assert found.blocks_to_settle == 8


def test_no_number_of_blocks_is_promised_where_none_may_do():
    pairs = [pair("a", "b", 1.05, "inconclusive", blocks_to_settle=999)]
    found = answer([cell("a", 1.0), cell("b", 1.05)], pairs)
    words = "Too close to tell apart here: the difference is at most 1.26 times."
    assert phrases.way_out(found) == words


@pytest.mark.parametrize("blocks", [1, 2])
def test_fewer_than_three_blocks_give_no_verdict(blocks):
    rows = [cell("a", 2.0, blocks=blocks), cell("b", 1.0, blocks=blocks)]
    few = {"blocks": blocks, "low": math.nan, "high": math.nan}
    found = answer(rows, [pair("b", "a", 2, "inconclusive", **few)])
    assert found.winners == ("b",)
    assert found.standing == "no verdict yet"
    assert phrases.lead(found, LABELS) == "A took 2.0 times as long"
    assert "At least 3 blocks are needed" in phrases.way_out(found)


def test_a_format_that_was_added_later_leaves_the_question_open():
    rows = [cell("old", 1.0), cell("older", 2.0), cell("new", 0.5, blocks=1)]
    pairs = [pair("old", "older", 2, "faster"), pair("new", "old", 2, "inconclusive", blocks=1)]
    found = answer(rows, pairs)
    assert set(found.winners) == {"old", "new"}
    assert found.standing == "inconclusive"
    assert found.blocks_to_settle == 3


def test_other_machines_older_code_and_other_places_have_no_say():
    rows = [
        cell("a", 2.0), cell("b", 4.0), cell("b", 0.1, machine=2), cell("b", 0.1, superseded=1),
        cell("b", 0.1, location="elsewhere"),
    ]  # fmt: skip
    pairs = [
        pair("a", "b", 2, "faster"),
        pair("b", "a", 20, "faster", machine=2),
        pair("b", "a", 20, "faster", location="elsewhere"),
    ]
    found = answer(rows, pairs)
    assert found.winners == ("a",)
    assert phrases.lead(found, LABELS).startswith("2.0 times as fast as B")


def test_disk_use_within_the_margin_is_alike_and_files_must_be_equal():
    rows = [
        cell("raw", 1, STORE, bytes_allocated=900, files=1),
        cell("a", 1, STORE, bytes_allocated=1000, files=2),
        cell("b", 1, STORE, bytes_allocated=1040, files=3),
        cell("c", 1, STORE, bytes_allocated=2000, files=101),
    ]
    disk, files = answer(rows, [], DISK), answer(rows, [], FILES)
    assert disk.winners == ("a", "b")
    assert phrases.lead(disk, LABELS) == "2.0 times as much with C"
    assert phrases.against_baseline(disk) == "1.50 times the baseline"
    assert files.winners == ("a",)
    assert phrases.lead(files, LABELS) == "3 files with B"
    assert files.standing == disk.standing == "counted"


def test_reads_that_were_not_proven_cold_are_not_taken_for_cold():
    unknown = cell("a", 1.0, COLD, cache="unknown")
    found = answer([unknown], [], COLD)
    assert found.winners == ()
    assert found.standing == "not proven cold"
    assert answer([cell("a", 1.0)], [], COLD) is None


LOSSY = {"lossless": False, "psnr_db": 36.4}


@pytest.mark.parametrize(("name", "reason"), [("b", LOSSY), ("b", {"threads": 8})])
def test_what_loses_something_or_uses_all_cores_wins_only_aside(name, reason):
    rows = [cell("a", 2.0), cell(name, 1.0, **reason), cell("c", 9.0)]
    pairs = [
        pair(name, "a", 2, "faster"),
        pair("a", "c", 4.5, "faster"),
        pair(name, "c", 9, "faster"),
    ]
    found = answer(rows, pairs)
    assert found.winners == ("a",)
    assert phrases.lead(found, LABELS).startswith("4.5 times as fast as C")
    (aside,) = found.asides
    assert aside.counting == (Counting.LOSSY if reason is LOSSY else Counting.THREADS)
    assert aside.finding.winners == (name,)
    assert (aside.finding.standing, phrases.value(aside.finding)) == ("faster", "1 s")
    words = paragraph.in_words([(WARM, {100: found})], 100, LABELS)
    assert words.startswith("With 100 images, first place goes to A in everything that was asked. ")
    assert f"If {aside.counting} count as well, first place goes to {name.upper()} in" in words


def test_what_is_no_better_is_no_aside():
    rows = [cell("a", 1.0), cell("b", 2.0, **LOSSY), cell("c", 2.0, threads=4)]
    pairs = [pair("a", name, 2, "faster") for name in "bc"]
    assert answer(rows, [*pairs, pair("b", "c", 1, "no practical difference")]).asides == ()


def test_only_lossy_formats_are_answered_about_as_they_are():
    found = answer(
        [cell("a", 1.0, **LOSSY), cell("b", 3.0, **LOSSY)], [pair("a", "b", 3, "faster")]
    )
    assert (found.winners, found.asides) == (("a",), ())


def test_less_space_by_loss_is_an_aside_and_threads_take_no_other_space():
    rows = [
        cell("a", 1, STORE, bytes_allocated=2000),
        cell("b", 1, STORE, bytes_allocated=900, **LOSSY),
        cell("c", 1, STORE, bytes_allocated=800, threads=4),
    ]  # fmt: skip
    found = answer(rows, [], DISK)
    assert found.winners == ("a",)
    assert [(one.counting, one.finding.winners) for one in found.asides] == [
        (Counting.LOSSY, ("b",))
    ]


def test_reads_as_in_training_are_asked_about_where_they_were_measured():
    timings = many_samples.timings(4, access=("read_random", "read_first"), counts=(10, 10_000))
    summary = summaries.summarize(timings)
    compared = comparisons.compare_all(pooling.measures(timings))
    answered = {
        (question.operation, question.cache): row
        for question, row in deciding.find_all(summary, compared, "default")
    }
    (random,) = answered["read_random", "warm"].values()
    assert random.winners == ("npy",)
    assert phrases.value(random).endswith(" ms for 1,000 images")
    (first,) = answered["read_first", "cold"].values()
    assert first.images == 1 and phrases.value(first).endswith(" ms")
    assert not any(operation == "read_batches" for operation, _ in answered)


def test_what_was_stored_in_several_pieces_has_a_size_though_it_was_timed_until_safe_alone():
    rows = [
        cell("one", 1, STORE, bytes_allocated=20), cell("one", 2, DURABLE, bytes_allocated=20),
        cell("several", 2, DURABLE, bytes_allocated=10),
    ]  # fmt: skip
    found = answer(rows, [], DISK)
    assert found.winners == ("several",)
    assert found.behind.backends == ("one",)
