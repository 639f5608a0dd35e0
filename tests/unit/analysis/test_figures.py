import numpy as np
import pandas as pd
import pytest
from imagebench.analysis import figures, styles, tables
from imagebench.failures import BenchmarkError
from PIL import Image


def summary_of(backends, counts):
    rows = []
    for speed, backend in enumerate(backends, start=1):
        for operation in ("store_single", "read_single", "store_many", "read_many"):
            for images in [1] if "single" in operation else counts:
                seconds = images * speed * 1e-5
                rows.append({
                    "dataset": "lookalike", "location": "default", "backend": backend,
                    "operation": operation, "images": images, "cache": "warm",
                    "backend_label": backend.upper(), "blocks": 3, "median_seconds": seconds,
                    "fastest_block_seconds": seconds * 0.9,
                    "slowest_block_seconds": seconds * 1.3, "bytes_logical": images * 3000,
                    "bytes_allocated": images * 4096, "files": images,
                })  # fmt: skip
    return pd.DataFrame(rows)


@pytest.fixture
def summary():
    return summary_of(["disk", "lmdb", "hdf5"], [10, 100, 1000])


def texts(figure):
    """All words of a figure that are shown."""
    figure.draw_without_rendering()
    shown = [figure._supxlabel]
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


@pytest.mark.parametrize("count", [1, 3, 12])
def test_no_words_overlap_in_any_figure(count):
    names = [f"backend {number}" for number in range(count)]
    summary = summary_of(names, [10, 100, 1000, 10_000, 100_000])
    for name, figure in figures.draw_all(summary, tables.single_images(summary)).items():
        boxes = [(text.get_text(), text.get_window_extent()) for text in texts(figure)]
        for position, (words, box) in enumerate(boxes):
            assert box.x0 >= 0 and box.y0 >= 0, f"{name}: {words!r} is cut off"
            assert box.x1 <= figure.bbox.x1 and box.y1 <= figure.bbox.y1, f"{name}: {words!r}"
            for other_words, other in boxes[:position]:
                overlap = box.overlaps(other) and words != other_words
                assert not overlap, f"{name}: {words!r} lies over {other_words!r}"


def test_lines_go_through_the_medians_and_every_backend_is_named(summary):
    figure = figures.times(summary, [figures.STORE], "log")
    axes = figure.axes[0]
    drawn = {line.get_label(): line for line in axes.get_lines()}
    for container in axes.containers:
        label, line = container.get_label(), container.lines[0]
        expected = summary[(summary["backend_label"] == label)]
        expected = expected[expected["operation"] == "store_many"]
        np.testing.assert_array_equal(line.get_ydata(), expected["median_seconds"])
        np.testing.assert_array_equal(line.get_xdata(), expected["images"])
    assert len(axes.containers) == 3
    assert axes.get_xscale() == axes.get_yscale() == "log"
    assert drawn


def test_every_figure_says_which_data_set_it_shows(summary):
    for name, figure in figures.draw_all(summary, tables.single_images(summary)).items():
        assert any("lookalike" in text.get_text() for text in texts(figure)), name


@pytest.mark.parametrize("ending", ["png", "svg"])
def test_the_same_figure_gives_the_same_file(ending, summary, tmp_path):
    for copy in ("a", "b"):
        figure = figures.draw_all(summary, tables.single_images(summary))["disk_use"]
        figures.save(figure, tmp_path / copy, ending)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_picture_is_large_enough_to_read(summary, tmp_path):
    figures.save(figures.times(summary, [figures.READ], "linear"), tmp_path / "a.png", "png")
    assert min(Image.open(tmp_path / "a.png").size) >= 700


def test_nothing_to_draw_is_said(summary):
    with pytest.raises(BenchmarkError, match="nothing to draw"):
        figures.draw_all(summary.iloc[:0], summary.iloc[:0])


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, "0 B"), (999, "999 B"), (1024, "1.0 KiB"), (12288, "12 KiB"), (412712960, "394 MiB"),
     (1 << 30, "1.0 GiB"), (5000 * (1 << 40), "5000 TiB")],
)  # fmt: skip
def test_bytes_are_written_as_people_do(size, words):
    assert styles.readable_bytes(size) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(21.87, "21.9 s"), (0.35, "0.35 s"), (0.0014, "1.4 ms"), (0.000212, "0.212 ms"),
     (0.000021, "21 µs")],
)  # fmt: skip
def test_seconds_are_written_as_people_do(seconds, words):
    assert styles.readable_seconds(seconds) == words
