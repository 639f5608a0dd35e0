"""What is advised rests on the comparison of two alone, and all that is said agrees with it."""

import itertools
import re

import jsonschema
import numpy as np
import pytest
import yaml
from imagebench.answers.advice import Kind, Run, Why, advise
from imagebench.page import epochs, use_words
from projects import ROOT

SCHEMA = yaml.safe_load(
    (ROOT / "workflow/scripts/imagebench/schemas/answer.schema.yaml").read_text("utf-8")
)


def choice(backend, convert, epoch, epochs=90, ratio=1.0):
    total = convert + epochs * epoch
    seconds = {"convert_seconds": convert, "epoch_seconds": epoch, "total_seconds": total}
    spread = {name: [of, of * 0.9, of * 1.1] for name, of in seconds.items()}
    size = {name: [3.0, 3.0, 3.0] for name in ("files", "size", "memory")}
    return {
        "backend": backend, "label": f"Label of {backend}", "ratio": [ratio, 0.9, 1.3],
        **spread, **size,
    }  # fmt: skip


USE = {
    "name": "training", "epochs": 90, "access": "read_batches", "cache": "warm", "images": 1000,
    "needed_per_second": None, "lossless": True,
}  # fmt: skip


def listed(**changes):
    return {
        "location": "default", "use": USE, "measured": 1000, "blocks": 3,
        "candidate": choice("packed+raw", 5, 1), "before": choice("in_place", 0, 2),
        "is_there": True, "broken": None, "others": 15, "at_most": 3.0, "alike": 0,
        "simpler_by": None, "next_best": [choice("lmdb+raw", 6, 1.1, ratio=1.1)],
        "ruled_out": {}, "loosen": None, "refused": None, "asked_images": 1000, "otherwise": {},
        "against_plain_bytes": {}, **changes,
    }  # fmt: skip


def done(gain=2.0, noise=0.02, blocks=5, copy=None, convert=0.1):
    """Blocks in which staying takes so many times as long as the candidate, with some noise."""
    spread = np.exp(noise * np.linspace(-1, 1, blocks))
    own = {"convert": [convert] * blocks, "epoch": [1.0] * blocks}
    in_all = convert + 90
    sides = {"candidate": own}
    for name, of in (("before", gain), ("copy", copy)):
        if of:
            epoch = (of * in_all * spread / 90).tolist()
            sides[name] = {"convert": [0.0] * blocks, "epoch": epoch}
    return {
        "why_not": None, "images": 1000, "fresh": True, "other_device": copy is not None,
        "sides": sides,
    }  # fmt: skip


def advised(given=None, tried=None, **run):
    found = advise(given or listed(), tried or done(), Run(**run))
    return {"sentences": use_words.sentences(found), **found}


def text(answer):
    return " ".join(answer["sentences"])


def test_a_sure_gain_is_a_reason_to_move():
    answer = advised()
    assert (answer["kind"], answer["best"]["backend"]) == (Kind.MOVE, "packed+raw")
    assert "Move them to Label of packed+raw (packed+raw)." in text(answer)
    assert "Label of in_place took 2.00 times as long [" in text(answer)
    assert "it has paid for itself within the first epoch" in text(answer)


@pytest.mark.parametrize(
    ("tried", "why"),
    [
        (done(gain=1.5, noise=0.6), Why.OPEN),
        (done(gain=1.06, noise=0.02), Why.OPEN),
        (done(gain=1.0, noise=0.01), Why.NO_GAIN),
        (done(gain=0.5, noise=0.1), Why.NO_GAIN),
        (done(gain=2, copy=1.0), Why.OTHER_DEVICE),
        ({"why_not": "too long", "share_of_need": 0.4}, Why.NOT_RUN),
        ({"why_not": "unproven"}, Why.NOT_RUN),
        ({"why_not": "no gain"}, Why.NO_GAIN),
    ],
)
def test_files_stay_unless_the_gain_is_sure(tried, why):
    answer = advised(tried=tried, minutes=5)
    assert (answer["kind"], answer["why"], answer["best"]["backend"]) == ("stay", why, "in_place")
    assert text(answer).startswith("Leave them as they are: ")


def test_the_risk_is_shared_by_all_answers_of_a_run():
    narrow = done(gain=1.3, noise=0.1)
    assert advised(tried=narrow)["kind"] == Kind.MOVE
    assert advised(tried=narrow, answers=20)["kind"] == Kind.STAY


def test_a_gain_over_another_device_must_hold_beside_the_stores_too():
    assert advised(tried=done(gain=3, copy=1.5))["kind"] == Kind.MOVE
    answer = advised(tried=done(gain=3, copy=1.04))
    assert answer["why"] == Why.OTHER_DEVICE
    assert "gains over files on another device" in text(answer)


def test_where_nothing_else_was_measured_it_says_so_and_which_minutes_would_do():
    alone = listed(candidate=None, others=0, next_best=[])
    tried = {"why_not": "nothing to compare"}
    answer = advised(alone, tried, minutes=1, minutes_for_all=4, unmeasured=["a", "b"])
    assert text(answer) == (
        "Leave them as they are: nothing else was measured. 90 epochs then take 3 min. Set minutes "
        "to 4 or more to know for 2 more formats."
    )
    assert "gains" not in text(answer)


def test_what_is_open_says_by_how_much_and_which_minutes_would_tell():
    answer = advised(tried=done(gain=1.2, noise=0.15), minutes=5)
    assert re.search(r"may be up to 1\.\d+ times as fast", text(answer))
    assert answer["minutes_to_tell"] > 5
    assert f"Set minutes to {answer['minutes_to_tell']} or more" in text(answer)
    assert advised(tried=done(gain=1.2, noise=0.15))["blocks_to_tell"] > 3
    right_there = advised(tried=done(gain=1.0501, noise=0.15), minutes=5)
    assert right_there["minutes_to_tell"] is None
    assert "No run of a sensible length" in text(right_there)


def test_staying_that_breaks_a_rule_is_no_option():
    forced = advised(listed(broken="most_files"), done(gain=0.8))
    assert forced["kind"] == Kind.MOVE
    assert "since leaving them where they are breaks most_files" in text(forced)
    assert "paid for itself" not in text(forced)
    nothing = advised(
        listed(broken="most_files", candidate=None), {"why_not": "nothing to compare"}
    )
    assert nothing["kind"] == Kind.NOTHING


def test_where_nothing_was_there_before_the_candidate_is_kept():
    answer = advised(listed(is_there=False, before=choice("disk", 20, 10)), done(gain=9))
    assert answer["kind"] == Kind.KEEP
    assert "Keep them as Label of packed+raw (packed+raw)." in text(answer)
    assert "the next best, Label of lmdb+raw, takes 1.10 times as long [0.90," in text(answer)


def test_cautions_come_first_and_name_one_command():
    noise = {"kind": "noise", "count": 37, "total": 90}
    answer = advised(cautions=[noise])
    assert answer["sentences"][0].startswith("This run was too noisy to trust: 37 of 90 blocks")
    assert "“make again”" in answer["sentences"][0]


def test_far_from_plain_bytes_it_says_how_far_and_what_measures_the_rest():
    png = choice("disk", 20, 10)
    slow = listed(is_there=False, before=png, against_plain_bytes={"packed+raw": 9.5})
    said = text(advised(slow, unmeasured=["a", "b"]))
    assert "read 9.5 times as fast, so that better formats may exist" in said
    assert "“make formats” measures 2 more." in said
    near = listed(is_there=False, before=png, against_plain_bytes={"packed+raw": 1.5})
    assert "plain bytes" not in text(advised(near, unmeasured=["a"]))


def test_what_cannot_be_read_safely_says_so_if_it_is_advised():
    unsafe = {"packed+raw": ["it runs code"]}
    assert "Mind that it runs code." in text(advised(warnings=unsafe))
    assert "Mind that" not in text(advised(tried=done(gain=1), warnings=unsafe))


def test_blocks_of_more_images_tell_of_all_where_the_main_run_had_too_few():
    few = listed(measured=13, use={**USE, "images": 13}, asked_images=2596, refused="too far")
    tried = {**done(), "images": 296}
    answer = advised(few, tried)
    assert answer["use"]["images"] == 2596
    assert answer["refused"] is None
    assert answer["sides"]["before"]["epoch"] == pytest.approx(2 * 90.1 / 90 * 2596 / 296, rel=0.01)
    assert "It is scaled to 2,596 images from blocks of 296." in text(answer)
    far = advised({**few, "asked_images": 296_000}, tried)
    assert far["use"]["images"] == 13
    assert "Of 296,000 nothing is foretold" in text(far)


def cases():
    """Made-up runs of every kind, and what came of the comparison of two alone."""
    generator = np.random.default_rng(0)
    shortlists = [
        {}, {"broken": "most_files"}, {"candidate": None, "others": 0}, {"candidate": None},
        {"candidate": None, "broken": "most_files"},
        {"is_there": False, "before": choice("disk", 20, 10)}, {"is_there": False, "before": None},
        {"next_best": []}, {"refused": "bends", "asked_images": 9000}, {"blocks": 1},
        {"candidate": choice("in_place@256", 0, 1)},
        {"use": {**USE, "needed_per_second": 400}}, {"use": {**USE, "epochs": 1}},
        {"measured": 100},
    ]  # fmt: skip
    runs = [{"why_not": why} for why in ("no gain", "too long", "unproven")]
    runs += [
        done(
            gain=np.exp(generator.uniform(-1, 2)), noise=generator.uniform(0.005, 0.8),
            blocks=int(generator.integers(5, 8)), convert=generator.uniform(0, 300),
            copy=generator.choice([None, 1.0, 2.0]),
        )
        for _ in range(20)
    ]  # fmt: skip
    for changes, tried in itertools.product(shortlists, runs):
        given = listed(**changes)
        is_one = not given["candidate"] or not given["before"]
        yield given, {"why_not": "nothing to compare"} if is_one else tried


def test_nothing_that_is_said_contradicts_anything_else():
    kinds = set()
    for given, tried in cases():
        answer = advised(given, tried, minutes=5, minutes_for_all=9)
        jsonschema.Draft202012Validator(SCHEMA).validate({"answers": [answer]})
        said, gain = text(answer), answer["gain"]
        kinds.add((answer["kind"], answer["why"]))
        assert "nan" not in said
        assert "None" not in said
        assert answer["stays"] == said.startswith("Leave them as they are")
        if answer["stays"]:
            assert answer["best"] is answer["before"]
            assert answer["pays_after"] is None
            assert "paid for itself" not in said
            assert "Mind" not in said
            assert not (gain and gain["at_least"] > 1.05) or answer["why"] == Why.OTHER_DEVICE
        elif answer["kind"] == Kind.MOVE and not answer["broken"]:
            assert gain["at_least"] > 1.05
            assert gain["blocks"] >= 5
        if "it has paid for itself" in said:
            assert gain
            assert answer["pays_after"] is not None
            before, best = (answer["sides"][name]["total"] for name in ("before", "candidate"))
            assert before > best
        drawing = epochs.draw(answer)
        assert drawing is None or [line.label for line in drawing.lines] == [
            answer["candidate"]["label"], answer["before"]["label"],
        ]  # fmt: skip
    assert {kind for kind, _ in kinds} == set(Kind)
    assert {why for _, why in kinds} - {None} == set(Why)
