"""Small runs of the real Snakefile, from nothing to figures."""

import csv
import hashlib
import html
import json
import re

import archives
import jsonschema
import numpy as np
import pandas as pd
import yaml
from blocks import digest_of_images
from imagebench.digests import digest_of
from imagebench.evidence.tables import COLUMNS
from PIL import Image
from projects import ROOT, TABLE, TINY

RESULTS = "results/lookalike"


def test_every_planned_sample_is_in_the_table(finished_run):
    with open(finished_run.folder / RESULTS / "timings.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == COLUMNS
    cells = {(r["backend"], r["operation"], int(r["images"]), int(r["block"])) for r in rows}
    assert cells == {
        (backend, operation, images, block)
        for backend in [*TINY["backends"], "raw", "control"]
        for operation, images in [
            ("store_single", 1), ("read_single", 1),
            *((name, cutoff) for name in ("store_many", "read_many") for cutoff in TINY["cutoffs"]),
        ]
        for block in (1, 2)
    }  # fmt: skip
    assert all(float(row["seconds"]) > 0 for row in rows)
    assert {row["cache"] for row in rows if row["operation"] == "read_many"} >= {"warm"}
    files = {(r["backend"], r["images"], r["files"]) for r in rows if r["operation"] == "read_many"}
    assert ("disk", "30", "31") in files
    assert ("hdf5", "30", "1") in files


def test_what_was_stored_are_the_images_of_the_data_set(finished_run):
    results = finished_run.folder / RESULTS
    images = np.load(results / "doubled/images.npy")
    labels = np.load(results / "doubled/labels.npy")
    assert images.shape == (30, 32, 32, 3)
    timings = pd.read_csv(results / "timings.csv")
    for count, part in timings[timings["operation"] == "read_many"].groupby("images"):
        assert set(part["digest"]) == {digest_of_images(images[:count], labels[:count])}


def test_every_block_ran_in_a_process_of_its_own_and_none_beside_another(finished_run):
    starts = [m.start() for m in re.finditer(r"^Job \d+: Timing", finished_run.log, re.M)]
    ended = r"Finished jobid: \d+ \(Rule: time_(?!break)"
    ends = [m.start() for m in re.finditer(ended, finished_run.log)]
    assert len(starts) == len(ends) == 48
    assert all(a < b < c for a, b, c in zip(starts, ends, [*starts[1:], 1 << 40], strict=True))


def test_block_one_of_everything_comes_before_block_two_of_anything(finished_run):
    blocks = re.findall(r"^Job \d+: Timing store_.*block (\d)$", finished_run.log, re.M)
    assert blocks == ["1"] * 12 + ["2"] * 12


def test_the_terminal_says_how_far_it_is_where_the_page_is_and_what_to_do(finished_run):
    lines = [line for line in finished_run.output.splitlines() if line.strip()]
    assert len(lines) < 60, finished_run.output  # there are as many jobs
    assert any(re.match(r"1 of \d+: ", line) for line in lines)
    assert "All is done: open results/lookalike/report.html" in lines
    answers = json.loads((finished_run.folder / RESULTS / "answer.json").read_text("utf-8"))
    [answer] = answers["answers"]
    assert " ".join(answer["sentences"]) in lines
    page = (finished_run.folder / RESULTS / "report.html").read_text(encoding="utf-8")
    assert html.escape(answer["sentences"][0], quote=False) in page


def test_answers_are_as_their_schema_has_it_and_were_tried(finished_run):
    found = {}
    for name in ("answer", "break_even"):
        schema = ROOT / f"workflow/schemas/{name}.schema.yaml"
        text = (finished_run.folder / RESULTS / f"{name}.json").read_text("utf-8")
        found[name] = json.loads(text)
        jsonschema.validate(found[name], yaml.safe_load(schema.read_text("utf-8")))
    [answer], [tried] = found["answer"]["answers"], found["break_even"]["break_even"]
    assert answer["use"]["epochs"] == 90
    assert answer["best"]["backend"] in TINY["backends"]
    assert answer["blocks"] == 2
    if tried["why_not"] is None:
        assert tried["images"] == 30
        assert len(tried["sides"]["candidate"]["epoch"]) == 7
        assert answer["gain"]["blocks"] == 7
    assert pd.read_csv(finished_run.folder / RESULTS / "forecast.csv").empty


def test_figures_and_tables_are_there_and_stores_are_gone(finished_run):
    results = finished_run.folder / RESULTS
    pictures = sorted((results / "figures").glob("*.png"))
    assert len(pictures) == len(list((results / "figures").glob("*.svg"))) == 14
    for picture in pictures:
        assert len(Image.open(picture).convert("L").getcolors()) > 10, picture
    summary = pd.read_csv(results / "summary.csv")
    # Four backends; one image and two cutoffs; stores until closed and until durable, reads twice.
    states = summary.groupby(["operation", "until"]).size().to_dict()
    assert states == {
        ("store_single", "closed"): 4, ("store_single", "durable"): 4,
        ("store_many", "closed"): 8, ("store_many", "durable"): 8,
        ("read_single", "returned"): 8, ("read_many", "returned"): 16,
    }  # fmt: skip
    comparisons = pd.read_csv(results / "comparisons.csv")
    assert set(comparisons["verdict"]) == {"inconclusive"}  # two blocks are too few
    assert comparisons["control"].sum() == 3 * 4
    assert (summary["blocks"] == 2).all()
    assert len(pd.read_csv(results / "single_images.csv")) == 4
    assert not [path for path in (results / "stores").rglob("*") if path.is_file()]


def test_the_conditions_of_every_sample_are_in_the_table(finished_run):
    timings = pd.read_csv(finished_run.folder / RESULTS / "timings.csv")
    for name in ("cpu", "kernel", "python", "libraries", "code", "filesystem", "mount_options"):
        assert timings[name].notna().all(), name
    assert (timings["calibration_before_seconds"] > 0).all()
    stores = timings["operation"].str.startswith("store")
    assert (timings.loc[stores, "seconds_durable"] > timings.loc[stores, "seconds"]).all()
    assert timings.loc[~stores, "seconds_durable"].isna().all()


def test_the_report_is_one_file_with_answer_figures_and_tables_that_needs_no_network(finished):
    finished.succeed("--report", "report.html")
    page = (finished.folder / "report.html").read_text(encoding="utf-8")
    reported = re.findall(r'"results/lookalike/([\w./]+)": *\{', page)
    tables = {f"{name}.csv" for name in ("timings", "summary", "comparisons")}
    assert {"report.html", "answer.json", *tables} <= set(reported)
    assert "figures/store_and_read_times_log.svg" in reported
    for words in ("what to do for each use", "one row for each call", "Storing and reading side"):
        assert words in page
    assert not re.search(r"""<(script|link|img)[^>]+(src|href)=["']https?:""", page)


def test_cifar10_goes_the_same_way(project):
    members = archives.batches(per_batch=4)
    archive = archives.write(project.folder / "given.tar.gz", members)
    md5 = hashlib.md5(archive.read_bytes()).hexdigest()
    project.configure(
        dataset="cifar10", cifar10={"url": archive.as_uri(), "md5": md5}, image_count=33,
        cutoffs=[33], blocks=1, backends=["lmdb"],
    )  # fmt: skip
    project.succeed("results/cifar10/timings.csv")
    results = project.folder / "results/cifar10"
    rows = [members[f"data_batch_{number}"][b"data"] for number in range(1, 6)]
    images = np.concatenate(rows).reshape(20, 3, 32, 32).transpose(0, 2, 3, 1)
    found = np.load(results / "doubled/images.npy")
    np.testing.assert_array_equal(found, np.concatenate([images, images[:13]]))
    timings = pd.read_csv(results / "timings.csv")
    assert set(timings["dataset"]) == {"cifar10"}
    assert set(timings["images"]) == {1, 33}


def test_more_images_than_the_data_set_has_twice_are_made_while_they_are_stored(project):
    project.configure(
        image_count=100_120, cutoffs=[100_120], blocks=1, backends=["npy"],
        piece_bytes=40_000 * 32 * 32 * 3,
    )  # fmt: skip
    project.succeed(TABLE)
    results = project.folder / RESULTS
    assert len(np.load(results / "doubled/images.npy", mmap_mode="r")) == 100_000
    digests = np.load(results / "doubled/digests.npy")
    assert len(digests) == 100_120
    assert not (digests[:20] == digests[100_000:100_020]).any(axis=1).all()
    timings = pd.read_csv(results / "timings.csv")
    many = timings[timings["images"] == 100_120]
    assert set(many["pieces"]) == {3}
    assert set(many["digest"]) == {digest_of(digests)}


def test_a_record_that_does_not_belong_is_refused(finished):
    records = finished.folder / RESULTS / "records/default/hdf5/read_many/30"
    good = json.loads((records / "block-1.json").read_text())
    samples, made = good["samples"], good["made_with"]
    cell = {**made["cell"], "backend": "disk"}
    for key, value, message in [
        ("made_with", {**made, "cell": cell}, "made with something else"),
        ("samples", [*samples[:-1], {**samples[-1], "source_digest": "0"}], "other images"),
    ]:
        record = {**good, key: value}
        (records / "block-1.json").write_text(json.dumps(record))
        done = finished.run()
        assert done.returncode != 0
        assert message in done.stdout
        assert "records/default/hdf5/read_many/30/block-1.json" in done.stdout
    (records / "block-1.json").unlink()
    finished.succeed(TABLE)
