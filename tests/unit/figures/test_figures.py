import numpy as np
import pandas as pd
import pytest
from imagebench import wording
from imagebench.errors import BenchmarkError
from imagebench.evidence import summaries
from imagebench.figures import lines, measures, registry, style
from PIL import Image

STATES = {
    "stor": [("not_applicable", "closed"), ("not_applicable", "durable")],
    "read": [("warm", "returned"), ("cold", "returned")],
}


FORECAST = ["location", "backend", "operation", "cache", "until", "images", "seconds"]
FORECAST += ["low_seconds", "high_seconds", "refused"]


def tables_of(summary, forecast=()):
    return measures.Tables(summary, summary.iloc[:0], pd.DataFrame(forecast, columns=FORECAST))


def summary_of(backends, counts):
    rows = []
    for speed, backend in enumerate(backends, start=1):
        for operation in ("store_single", "read_single", "store_many", "read_many"):
            for images in [1] if "single" in operation else counts:
                seconds = images * speed * 1e-5
                for cache, until in STATES[operation[:4]]:
                    rows.append({
                    "dataset": "lookalike", "location": "default", "backend": backend,
                    "machine": 1, "superseded": 0, "multiple_of_limit": speed,
                    "multiple_low": speed * 0.8, "multiple_high": speed * 1.2,
                    "bytes_multiple_of_limit": 1.3, "low_seconds": seconds * 0.9,
                    "high_seconds": seconds * 1.1, "images_per_second": images / seconds,
                    "operation": operation, "images": images, "cache": cache, "until": until,
                    "backend_label": backend.upper(), "blocks": 3, "median_seconds": seconds,
                    "fastest_block_seconds": seconds * 0.9,
                    "slowest_block_seconds": seconds * 1.3, "bytes_logical": images * 3000,
                    "bytes_allocated": images * 4096, "files": images,
                    "filesystem": "ext4", "threads": 1, "lossless": True, "psnr_db": None,
                    "codec_seconds": np.nan, "stored_images": images, "pixels": 1024 * images,
                })  # fmt: skip
    return pd.DataFrame(rows)


@pytest.fixture
def summary():
    return summary_of(["disk", "lmdb", "hdf5"], [10, 100, 1000])


def texts(figure):
    """All words of a figure that are shown; it is laid out when they are first asked for."""
    if not hasattr(figure, "words"):
        figure.words = laid_out(figure)
    return figure.words


def laid_out(figure):
    figure.draw_without_rendering()
    shown = [figure._supxlabel] if figure._supxlabel else []
    for legend in figure.legends:
        shown += legend.get_texts()
    for axes in figure.axes:
        shown += [axes.title, axes._left_title, axes._right_title, *axes.texts]
        if axes.axison:
            for axis in (axes.xaxis, axes.yaxis):
                shown += [axis.label, *(tick.label1 for tick in axis._update_ticks())]
        if axes.get_legend():
            shown += axes.get_legend().get_texts()
        for table in axes.tables:
            shown += [cell.get_text() for cell in table.get_celld().values()]
    return [text for text in shown if text.get_visible() and text.get_text().strip()]


def overlaps(drawn):
    """Words that lie over others or leave their figure, in all figures."""
    found = []
    for name, figure in drawn.items():
        boxes = [(text.get_text(), text.get_window_extent()) for text in texts(figure)]
        for position, (words, box) in enumerate(boxes):
            if min(box.x0, box.y0) < 0 or box.x1 > figure.bbox.x1 or box.y1 > figure.bbox.y1:
                found.append(f"{name}: {words!r} is cut off")
            found += [
                f"{name}: {words!r} lies over {other_words!r}"
                for other_words, other in boxes[:position]
                if words != other_words and box.overlaps(other)
            ]
    return found


@pytest.fixture(scope="module")
def drawn():
    """Every figure of three formats, with the control, drawn once."""
    both = summary_of(["disk", "lmdb", "hdf5", "control"], [10, 100, 1000])
    both.loc[both["cache"] == "cold", "median_seconds"] *= 7
    return registry.draw_all(both, summaries.single_images(both))


# On linear axes, and of other measures, the same is drawn in the same places.
DIFFERENT = ["store_times_log", "store_and_read_times_log", "disk_use", "single_images", "heat_map"]
DIFFERENT += ["size_against_speed"]


@pytest.mark.parametrize("count", [1, 10])
def test_no_words_overlap_in_any_figure(count):
    names = ["raw", *(f"backend {number}" for number in range(count))]
    summary = summary_of(names, [10, 100, 1000, 10_000, 100_000])
    found = registry.draw_all(summary, summaries.single_images(summary), DIFFERENT)
    assert overlaps(found) == []


def test_no_words_overlap_on_linear_axes(drawn):
    assert overlaps({name: drawn[name] for name in drawn if name.endswith("_linear")}) == []


LONG = "A packed file of original files, number {}, read at 256 pixels or more"


@pytest.fixture(scope="module")
def long_names():
    """Every figure of as many formats as lines can show, with names as long as they come."""
    names = ["raw", *(f"backend{number}" for number in range(11))]
    summary = summary_of(names, [10, 1000])
    summary["backend_label"] = [LONG.format(name) for name in summary["backend"]]
    names = [*DIFFERENT, "read_times_log", "locations"]
    return registry.draw_all(summary, summaries.single_images(summary), names)


def test_legends_and_names_lie_within_their_figure_however_long_they_are(long_names):
    assert overlaps(long_names) == []
    for name, figure in long_names.items():
        for legend in figure.legends:
            box = legend.get_window_extent()
            assert box.x0 >= 0 and box.x1 <= figure.bbox.x1, name
            assert box.y0 >= 0 and box.y1 <= figure.bbox.y1, name


def test_no_two_lines_of_a_figure_look_alike(long_names):
    looks = [
        (container.lines[0].get_color(), container.lines[0].get_marker())
        for container in long_names["read_times_log"].axes[0].containers
    ]
    assert len(looks) == len(set(looks)) == 12


def test_bars_start_at_zero_on_a_linear_axis_and_each_has_its_name(drawn, long_names):
    for figure, several in ((drawn["disk_use"], 3), (long_names["disk_use"], 12)):
        assert not figure.legends
        for axes in figure.axes:
            assert axes.get_xscale() == "linear" and axes.get_xlim()[0] == 0
            [bars] = axes.containers
            assert len(bars) == len([name for name in axes.get_yticklabels() if name.get_text()])
            assert len(bars) == several
            widths = [bar.get_width() for bar in bars]
            assert widths == sorted(widths) and all(bar.get_x() == 0 for bar in bars)
    assert [axes.get_title("left") for axes in drawn["disk_use"].axes][-1] == "1,000 images"


def test_two_formats_with_one_label_are_two_lines_bars_and_dots(summary):
    summary["backend_label"] = "The same"
    both = pd.concat([summary, summary.assign(location="memory")])
    names = ["read_times_log", "disk_use", "locations", "heat_map"]
    for figure in registry.draw_all(both, summaries.single_images(both), names).values():
        words = {text.get_text() for text in texts(figure)}
        assert words >= {"The same [disk]", "The same [lmdb]", "The same [hdf5]"}


def test_lines_go_through_the_medians_and_the_multiples_and_every_backend_is_named(summary):
    store = measures.MEASURES[0]
    figure = lines.times(tables_of(summary), [store], "log")
    cells = measures.of_measure(summary, store)
    for axes, column in zip(figure.axes, ("median_seconds", "multiple_of_limit"), strict=True):
        assert len(axes.containers) == 3
        assert axes.get_xscale() == axes.get_yscale() == "log"
        for container in axes.containers:
            expected = cells[cells["backend_label"] == container.get_label()]
            np.testing.assert_array_equal(container.lines[0].get_ydata(), expected[column])
            np.testing.assert_array_equal(container.lines[0].get_xdata(), expected["images"])
    names = {text.get_text() for text in figure.legends[0].get_texts()}
    assert names == {"DISK", "LMDB", "HDF5"}


def test_what_is_foretold_is_dashed_with_a_band_and_what_is_refused_is_not_drawn(summary):
    store = measures.MEASURES[0]
    kind = ("store_many", "not_applicable", "closed", 10**6)
    rows = [
        ("default", "disk", *kind, 10.0, 8.0, 12.0, None),
        ("default", "lmdb", *kind, 20.0, 8.0, 50.0, "bends"),
        ("elsewhere", "hdf5", *kind, 30.0, 20.0, 40.0, None),
    ]
    figure = lines.times(tables_of(summary, rows), [store], "log")
    drawn = figure.axes[0].lines
    [dashed] = [line for line in drawn if line.get_xdata()[-1] == 10**6]
    assert dashed.get_linestyle() == "--"
    assert dashed.get_ydata()[-1] == 10
    assert len(figure.axes[0].collections) - 3 == 1  # beside the bars of three lines


def test_each_measure_is_in_its_own_figure_and_the_control_in_none(drawn):
    warm, cold = (
        drawn[name].axes[0].containers[0].lines[0].get_ydata()
        for name in ("read_times_log", "cold_read_times_log")
    )
    np.testing.assert_allclose(cold, 7 * warm)
    assert all("CONTROL" not in text.get_text() for f in drawn.values() for text in texts(f))


def test_a_state_of_the_cache_that_could_not_be_proven_is_said_and_not_drawn(summary):
    part = summary[summary["cache"] != "cold"]
    names = ["cold_read_times_log"]
    drawn = registry.draw_all(part, summaries.single_images(part), names)
    words = [text.get_text() for text in texts(drawn["cold_read_times_log"])]
    assert any("could be proven" in text for text in words)


def test_every_figure_says_which_data_set_it_shows(drawn):
    for name, figure in drawn.items():
        assert any("lookalike" in text.get_text() for text in texts(figure)), name


@pytest.mark.parametrize("ending", ["png", "svg"])
def test_the_same_figure_gives_the_same_file(ending, summary, tmp_path):
    for copy in ("a", "b"):
        singles = summaries.single_images(summary)
        figure = registry.draw_all(summary, singles, ["disk_use"])["disk_use"]
        registry.save(figure, tmp_path / copy, ending)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_picture_is_large_enough_to_read(summary, tmp_path):
    style.apply()
    figure = lines.times(tables_of(summary), measures.MEASURES[2:3], "linear")
    registry.save(figure, tmp_path / "a.png", "png")
    assert min(Image.open(tmp_path / "a.png").size) >= 700


def test_numbers_of_images_are_those_that_were_measured():
    assert lines.far_apart([10, 100, 1000, 10_000, 100_000]) == [10, 100, 1000, 10_000, 100_000]
    assert lines.far_apart([10, 60]) == [10, 60]
    assert lines.far_apart([10, 1000, 2000, 2754]) == [10, 1000, 2754]
    assert lines.far_apart([60]) == [60]


def test_nothing_to_draw_is_said(summary):
    with pytest.raises(BenchmarkError, match="nothing to draw"):
        registry.draw_all(summary.iloc[:0], summary.iloc[:0])


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(21.87, "21.9 s"), (0.35, "0.35 s"), (0.0014, "1.4 ms"), (0.000212, "0.212 ms"),
     (0.000021, "21 µs")],
)  # fmt: skip
def test_seconds_are_written_as_people_do(seconds, words):
    assert wording.readable_seconds(seconds) == words


def test_where_sizes_differ_figures_tell_megapixels():
    summary = summary_of(["disk", "lmdb"], [10, 1000])
    summary["dataset"] = "folder"
    summary["pixels"] = summary["images"] * np.where(summary["images"] == 10, 410_000, 430_000)
    drawn = registry.draw_all(summary, summaries.single_images(summary), DIFFERENT)
    assert not overlaps(drawn)
    words = [text.get_text() for text in texts(drawn["store_times_log"])]
    assert "10\n4.3" in words
    assert any("megapixels on average" in text for text in words)
