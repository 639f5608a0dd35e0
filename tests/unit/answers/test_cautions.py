import math

import pytest
import samples
from imagebench.answers import cautions
from imagebench.evidence import comparisons, noise, pooling, summaries


def warnings_of(timings):
    disturbed = noise.disturbed_blocks(timings)
    measures = pooling.measures(timings)
    return cautions.find(
        measures, summaries.summarize(timings), comparisons.compare_all(measures), disturbed,
        is_too_noisy=noise.too_noisy(timings, disturbed), apart=pooling.kept_apart(timings),
    )  # fmt: skip


def small(**arguments):
    return samples.timings(counts=(10, 1000), **arguments)


def noisy():
    timings = small()
    timings.loc[timings["block"] == 2, "other_cpu_share"] = 0.8
    return timings


def different_control():
    timings = small()
    timings.loc[timings["backend"] == "control", "seconds"] *= 1.5
    return timings


def on_tmpfs():
    return small(as_cold="unknown").assign(filesystem="tmpfs")


def with_another_library():
    timings = small()
    old = timings["backend"].eq("lmdb") & timings["block"].eq(1)
    timings.loc[old, "libraries"] = "lmdb=1.0.0 numpy=2.4.6"
    return timings


def with_changes():
    return small().assign(commit="1a2b3c4d5e6f with changes")


CAUSES = {
    "noise": noisy,
    "control": different_control,
    "few_blocks": lambda: small(blocks=2),
    "unproven": on_tmpfs,
    "kept_apart": with_another_library,
    "changed_code": with_changes,
}


def test_a_good_run_has_no_warning():
    assert warnings_of(small()) == []


@pytest.mark.parametrize("kind", CAUSES)
def test_each_cause_brings_its_warning_and_no_other(kind):
    (caution,) = warnings_of(CAUSES[kind]())
    assert caution.kind == kind


def test_the_warning_of_noise_names_the_blocks_and_why():
    (caution,) = warnings_of(noisy())
    assert {item["block"] for item in caution.items} == {2}
    assert {item["reasons"] for item in caution.items} == {"other programs took 0.80 of a core"}


def test_two_disturbed_blocks_of_many_are_no_reason_to_warn():
    timings = small()
    one = timings["block"].eq(2) & timings["backend"].eq("lmdb") & timings["images"].eq(10)
    timings.loc[one, "other_cpu_share"] = 0.8
    assert warnings_of(timings) == []


def test_reads_that_did_not_stay_warm_are_no_unproven_cold_ones():
    timings = small()
    warm = timings["cache"].eq("warm") & timings["block"].eq(1)
    timings.loc[warm, ["cache", "resident_share"]] = ["unknown", math.nan]
    assert warnings_of(timings) == []
