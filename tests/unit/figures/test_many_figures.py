"""Figures for more formats than lines can show."""

import many_samples
import numpy as np
import pandas as pd
import pytest
from imagebench.evidence import summaries
from imagebench.figures import registry, size_speed
from imagebench.figures.ranked import ranked
from test_figures import overlaps, texts


@pytest.fixture(scope="module")
def summary():
    return summaries.summarize(many_samples.timings(counts=(10, 10_000)))


@pytest.fixture(scope="module")
def drawn(summary):
    return registry.draw_all(summary, summaries.single_images(summary))


def words_of(axes):
    """Names at the lines of a panel, from top to bottom."""
    return [label.get_text() for label in axes.get_yticklabels()]


def test_no_words_overlap_with_35_formats(drawn):
    assert overlaps(drawn) == []


def test_lines_give_way_to_figures_that_many_formats_can_be_told_apart_in(drawn, summary):
    assert set(drawn) == set(registry.that_apply(99, 1))
    few = summary[summary["backend"].isin(["raw", "lmdb", "disk"])]
    drawn = registry.draw_all(few, summaries.single_images(few))
    assert set(drawn) == set(registry.that_apply(5, 1))


def test_the_fastest_is_at_the_top_of_each_panel_and_the_baseline_is_a_line(drawn, summary):
    warm = summary[(summary["operation"] == "read_many") & (summary["cache"] == "warm")]
    warm = warm[warm["images"] == 10_000].sort_values("median_seconds")
    limit = warm[warm["backend"] == "raw"]["median_seconds"].item()
    axes = drawn["ranked"].axes[1]
    formats = warm[~warm["backend"].isin(["raw", "control"])]
    assert words_of(axes) == formats["backend_label"].tolist()
    rates = [container.lines[0].get_xdata()[0] for container in axes.containers]
    np.testing.assert_allclose(rates, 10_000 / formats["median_seconds"])
    bars = axes.containers[0].lines[2][0].get_segments()[0][:, 0]
    fastest = formats.iloc[0]
    np.testing.assert_allclose(
        bars, 10_000 / fastest[["high_seconds", "low_seconds"]].to_numpy(float)
    )
    dashed = [line.get_xdata()[0] for line in axes.lines if line.get_linestyle() == "--"]
    assert dashed == pytest.approx([10_000 / limit])


def test_lossy_formats_are_hollow_those_of_all_cores_square_the_tutorials_blue(drawn):
    look = {
        name: container.lines[0]
        for axes in drawn["ranked"].axes
        for name, container in zip(words_of(axes), axes.containers, strict=True)
    }
    assert look["LMDB, JPEG 90"].get_markerfacecolor() == "white"
    assert look["LMDB, PNG"].get_markerfacecolor() != "white"
    assert look["LMDB, PNG, all cores"].get_marker() == "s"
    assert look["LMDB records"].get_color() != look["LMDB, PNG"].get_color()


def test_the_heat_map_has_a_number_in_each_cell_or_a_dash(summary):
    gap = (
        (summary["backend"] == "npy")
        & (summary["operation"] == "read_batches")
        & (summary["cache"] == "warm")
    )
    figure = registry.draw_all(summary[~gap], summaries.single_images(summary), ["heat_map"])
    axes = figure["heat_map"].axes[0]
    (image,) = axes.images
    written = {text.get_position(): text.get_text() for text in axes.texts}
    assert len(written) == image.get_array().size
    line = words_of(axes).index("NumPy files")
    columns = [label.get_text().replace("\n", " ") for label in axes.get_xticklabels()]
    assert written[columns.index("shuffled batches, warm"), line] == "–"
    many = summary[summary["images"] == 10_000].set_index(["backend", "operation", "cache"])
    multiple = many.loc[("npy", "read_many", "warm"), "multiple_of_limit"].item()
    assert written[columns.index("read in order, warm"), line] == f"{multiple:.1f}"
    means = np.exp(np.log(image.get_array().astype(float)).mean(axis=1))
    assert list(means) == sorted(means)


def test_an_operation_that_no_format_has_a_multiple_of_is_no_column(summary):
    unproven = (summary["operation"] == "read_many") & (summary["cache"] == "cold")
    part = summary.assign(multiple_of_limit=summary["multiple_of_limit"].mask(unproven))
    figure = registry.draw_all(part, summaries.single_images(part), ["heat_map"])["heat_map"]
    columns = [label.get_text() for label in figure.axes[0].get_xticklabels()]
    assert "read in\norder,\nwarm" in columns and "read in\norder,\ncold" not in columns
    assert not np.isnan(figure.axes[0].images[0].get_array().astype(float)).all(axis=0).any()
    nothing = part[part["backend"] == "raw"]
    figure = registry.draw_all(nothing, summaries.single_images(part), ["heat_map"])["heat_map"]
    assert any(text.get_text() == "No format was measured." for text in texts(figure))


def test_dots_on_one_spot_have_one_name(summary):
    kept = [name for name in summary["backend"].unique() if name.endswith("+qoi")][:9]
    names = {old: old.replace("+qoi", "+original") for old in kept}
    part = summary[summary["backend"].isin(["raw", "lmdb", "npy", "zarr", *kept])]
    part = part.assign(backend=part["backend"].replace(names))
    is_kept = part["backend"].isin(names.values())
    for column in ("images_per_second", "bytes_allocated"):
        same = part[is_kept].groupby(["operation", "images", "cache", "until"])[column]
        part.loc[is_kept, column] = same.transform("first")
    wanted = ["size_against_speed"]
    figure = registry.draw_all(part, summaries.single_images(part), wanted)[wanted[0]]
    assert overlaps({"size_against_speed": figure}) == []
    words = [text.get_text() for text in figure.axes[0].texts]
    assert "9 formats that keep the files" in words
    assert {"LMDB records", "NumPy files", "Raw bytes (baseline)"} <= set(words)


def test_the_frontier_is_what_nothing_beats_in_both():
    cells = pd.DataFrame(
        [("small", 10, 5), ("both", 20, 50), ("beaten", 21, 49), ("as large", 20, 40),
         ("as fast", 30, 50), ("fast", 40, 60)],
        columns=["backend", "size", "images_per_second"],
    )  # fmt: skip
    assert list(size_speed.frontier(cells)["backend"]) == ["small", "both", "fast"]


def test_the_frontier_of_lossless_formats_is_drawn_and_named(drawn):
    axes = drawn["size_against_speed"].axes[0]
    named = {words for text in axes.texts for words in text.get_text().split("\n")}
    assert named >= {"LMDB, JPEG 90", "LMDB, PNG, all cores", "LMDB, JPEG XL lossless"}
    assert named >= {"NumPy files", "PNG files", "LMDB records", "HDF5 datasets"}
    strict, best = (line for line in axes.lines if line.get_drawstyle() == "steps-post")
    assert strict.get_xdata()[0] > best.get_xdata()[0]  # JPEG is smaller than all that is lossless


def test_shares_of_codecs_are_those_that_were_measured(drawn, summary):
    axes = drawn["decode_share"].axes[0]
    line = words_of(axes).index("LMDB, QOI")
    cell = summary[
        (summary["backend"] == "lmdb+qoi") & (summary["images"] == 10_000)
        & (summary["operation"] == "read_many") & (summary["cache"] == "warm")
    ].iloc[0]  # fmt: skip
    share = 100 * cell["codec_seconds"] / cell["median_seconds"]
    assert axes.containers[0][line].get_width() == pytest.approx(share)
    assert "NumPy files" not in words_of(axes)


def test_figures_are_drawn_of_what_there_is(summary):
    names = ["raw", *many_samples.NAMES[:3]]
    part = summary[summary["backend"].isin(names) & ~summary["operation"].isin(many_samples.ACCESS)]
    part = part[part["cache"] != "cold"]
    part = part.assign(
        codec_seconds=np.nan, multiple_of_limit=np.nan, low_seconds=np.nan, high_seconds=np.nan
    )
    wanted = list(registry.that_apply(99, 1))
    drawn = registry.draw_all(part, summaries.single_images(part), wanted)
    assert list(drawn) == wanted
    assert overlaps(drawn) == []
    words = [text.get_text() for text in texts(drawn["ranked"])]
    assert "This was not measured." in words
    assert any("could be proven" in text for text in words)
    assert any("No codec" in text.get_text() for text in texts(drawn["decode_share"]))


def test_of_several_locations_the_first_is_drawn_and_named(summary):
    memory = summary.assign(location="memory", median_seconds=summary["median_seconds"] / 9)
    figure = ranked(pd.concat([summary.assign(location="scratch"), memory]))
    assert any("scratch (ext4), the first of 2 loc" in text.get_text() for text in texts(figure))
    assert len(words_of(figure.axes[0])) == summary["backend"].nunique() - 2
