import itertools
import re
from html.parser import HTMLParser

import many_samples
import pandas as pd
import pytest
import samples
from imagebench.evidence import comparisons, pooling, summaries, tables
from imagebench.page import rendering
from pages import RUNS, answered, page_of
from write_report import write_report


class Outline(HTMLParser):
    """What a page is made of: tags with their attributes, and headings."""

    def __init__(self, page):
        super().__init__()
        self.tags = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def named(self, name):
        return [attributes for tag, attributes in self.tags if tag == name]


@pytest.mark.parametrize("run", RUNS)
def test_a_page_holds_all_and_is_made_for_everybody(run, page_of_run, pictures):
    outline = Outline(page_of_run(run)[0])
    assert len(outline.named("img")) == len(pictures)
    assert outline.named("html") == [{"lang": "en"}]
    assert not outline.named("script")
    assert all(link["href"].startswith("data:") for link in outline.named("link"))
    assert all(link["href"].startswith("#") for link in outline.named("a"))
    names = {attributes.get("id") for _, attributes in outline.tags}
    assert {link["href"][1:] for link in outline.named("a")} <= names
    assert all(image["src"].startswith("data:image/png") for image in outline.named("img"))
    assert all(image["alt"] for image in outline.named("img"))
    assert outline.named("th") and all("scope" in head for head in outline.named("th"))
    levels = [int(tag[1]) for tag, _ in outline.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_names_settings_and_captions_are_text_and_never_markup(tmp_path):
    timings = samples.timings(blocks=3, counts=(10,))
    evil = '<img src=x onerror="alert(1)"> & more'
    timings["backend_label"] = timings["backend_label"].replace("PNG files", evil)
    timings["host"] = "<script>alert(2)</script>"
    page, _ = page_of(timings, tmp_path, {"name": "</code><script>alert(3)</script>"})
    outline = Outline(page)
    assert not outline.named("script") and not outline.named("img")
    assert "&lt;img src=x onerror=&#34;alert(1)&#34;&gt; &amp; more" in page
    assert "&lt;script&gt;alert(2)" in page


def test_warnings_come_before_the_answers_and_long_lists_unfold(page_of_run, tmp_path):
    page, _ = page_of_run("noisy")
    words = ["too noisy to trust", "fewer than three blocks", "could not be proven", "kept apart"]
    places = [page.index(word) for word in [*words, "not committed", 'id="answers"']]
    assert places == sorted(places)
    listed = page[places[0] : places[1]]
    assert "LMDB records, read, 1,000 images, block 2: other programs took 0.80" in listed
    assert listed.index("<details>") > listed.index("block 2")
    assert listed.partition("<details>")[0].count("<li>") == rendering.FIRST_ITEMS
    good, _ = page_of(samples.timings(blocks=3, counts=(10,)), tmp_path)
    assert "Read this first" not in good and 'class="caution"' not in good


def test_it_says_how_to_run_it_again(tmp_path):
    config = {"dataset": "lookalike", "cutoffs": [10, 100], "blocks": 5}
    page, _ = page_of(samples.timings(blocks=5, counts=(10,)), tmp_path, config)
    for words in ["snakemake --cores all", "dataset: lookalike", "- 100", "commit 1a2b3c4d5e6f"]:
        assert words in page


def test_the_script_makes_the_same_page_from_files(tmp_path, pictures):
    timings = samples.timings(blocks=3, counts=(10, 1000), spread=0.1)
    measures = pooling.measures(timings)
    made = {
        "timings": timings,
        "summary": summaries.summarize(timings),
        "comparisons": comparisons.compare_all(measures),
    }
    for name, table in made.items():
        table.to_csv(tmp_path / f"{name}.csv", index=False)
    write_report(
        *(tmp_path / f"{name}.csv" for name in made), tmp_path / "out" / "report.html",
        pictures=pictures, captions={path.stem: f"What {path.stem} shows." for path in pictures},
        config={"dataset": "lookalike", "blocks": 3}, command="snakemake --cores all",
        uses=answered(timings),
    )  # fmt: skip
    expected, _ = page_of(timings, tmp_path, pictures=pictures)
    assert (tmp_path / "out" / "report.html").read_text(encoding="utf-8") == expected


def test_of_many_formats_the_page_tells_what_a_reader_needs(tmp_path):
    timings = many_samples.timings(access=("read_batches", "read_random"), counts=(10, 10_000))
    table = comparisons.compare_all(pooling.measures(timings))
    page = rendering.render(
        timings, summaries.summarize(timings), table,
        pictures=[], captions={}, config={}, command="snakemake",
        skipped={"lance+raw": "lance is not installed: pip install lance"},
    )  # fmt: skip
    assert "<li>lance+raw: lance is not installed: pip install lance</li>" in page
    assert not re.search(r"JPEG 90(?! \(lossy, 36\.4 dB\))", page)
    assert page.count("<tr>") < 1500 < len(table)
    assert re.search(r"The fastest and all others: read, warm \(32 of\s+1,\d+ comparisons\)", page)
    for words in ["read in shuffled batches, warm", "Single images at random, cold"]:
        assert words in page
    words = re.sub(r"\s+", " ", re.sub("<[^>]+>", "", page))
    assert "With lossy formats: LMDB, JPEG 90 (lossy, 36.4 dB)" in words
    assert "from a store of 10,000" in words


def test_the_pair_of_a_lossy_answer_and_the_next_best_is_one_that_matters(tmp_path):
    names = ["lmdb+jpeg", "packed+jpeg", "lmdb+png"]
    kinds = {name: many_samples.kind_of(name) for name in names}
    timings = samples.timings(
        blocks=3, backends=["raw", "control", *names], kinds=kinds, counts=(1000,), spread=0.2
    )
    timings["lossless"] = ~timings["backend"].str.endswith("jpeg")
    timings["psnr_db"] = timings["lossless"].map({True: None, False: 36.4})
    timings["threads"] = 1
    uses = answered(timings, lossless=False)
    assert uses[0]["best"]["backend"].endswith("+jpeg")
    page, _ = page_of(timings, tmp_path, uses=uses)
    words = re.sub(r"\s+", " ", re.sub("<[^>]+>", "", page))
    pair = "Packed file, JPEG 90 (lossy, 36.4 dB)", "LMDB, JPEG 90 (lossy, 36.4 dB)"
    listed = re.search("formats without a verdict that could change what to do.*?All comp", words)
    assert all(name in listed[0] for name in pair)
    warm = re.search("Fastest to read in order, warm .*? Fastest to read in order, cold", words)[0]
    assert "inconclusive" in warm and "does not change what to do" not in warm


def test_what_is_open_is_said_alike_in_the_verdict_and_in_its_table(tmp_path):
    kinds = {name: many_samples.kind_of(name) for name in ("lmdb+raw", "arrow+raw")}
    timings = samples.timings(
        blocks=3, backends=["raw", "control", *kinds], kinds=kinds, counts=(1000,), spread=0.2
    )
    page, _ = page_of(timings, tmp_path)
    words = re.sub(r"\s+", " ", re.sub("<[^>]+>", "", page))
    verdict = re.search("Verdicts on each question (.*?) At 1,000 images", words)[1]
    assert re.search("storing until closed.* is open, and does not change what to do", verdict)
    assert re.search("Fastest to store, until closed.*?does not change what to do", words)
    assert not re.search("not settled yet is what is fastest in[^.]* storing until closed", verdict)


def test_two_formats_with_one_label_stay_two(tmp_path):
    timings = samples.timings(blocks=3, counts=(10, 1000))
    timings["backend_label"] = timings["backend_label"].replace("PNG files", "LMDB records")
    page, _ = page_of(timings, tmp_path)
    assert len(re.findall('<th scope="row">LMDB records \\[disk\\]</th><td>', page)) >= 1
    assert len(re.findall('<th scope="row">LMDB records \\[lmdb\\]</th><td>', page)) >= 1


def test_a_table_from_elsewhere_with_the_stable_columns_alone_gives_a_page(tmp_path):
    known = many_samples.timings(6, counts=(10,))[tables.STABLE]
    page, _ = page_of(tables.completed(known), tmp_path)
    assert "Shuffled batches, warm" in page
    assert "Skipped" not in page


def test_locations_are_compared_and_described(page_of_run):
    page, _ = page_of_run("two locations")
    words = re.sub(r"\s+", " ", page)
    assert re.search(
        r"Storing until closed: memory is faster for .*LMDB records \(\S+ times", words
    )
    assert "Cold reading in order: nothing to compare" in words
    assert "tmpfs; in /dev/shm; mounted rw,relatime; blocks of 4.0 KiB; free at first:" in words
    assert "Which location?" not in page_of_run("usual")[0]


def test_of_many_formats_in_two_locations_the_number_is_told(tmp_path):
    options = {"count": 10, "access": ("read_batches",), "counts": (10,), "spread": 0.002}
    disk = many_samples.timings(**options).assign(location="disk")
    memory = many_samples.timings(**options, seed=1).assign(location="memory")
    memory[["seconds", "seconds_durable"]] /= 2
    page, _ = page_of(pd.concat([disk, memory], ignore_index=True), tmp_path)
    words = re.sub(r"\s+", " ", page)
    # The limit is one of them.
    assert "Warm reading in shuffled batches: memory is faster for 11 formats (1.9" in words


def test_what_should_not_be_there_and_blocks_on_two_hosts_are_warned_of(tmp_path):
    timings = samples.timings(blocks=4).assign(cluster="big")
    timings.loc[timings["backend"].eq("lmdb"), "remark"] = "LMDB maps its file"
    timings.loc[timings["backend"].eq("disk") & timings["block"].eq(2), "host"] = "n2"
    page, _ = page_of(timings, tmp_path)
    assert "LMDB records in default (ext4): LMDB maps its file" in page
    assert "1 block ran on more than one host" in page
    assert "bench-1 and n2 of cluster big" in page
