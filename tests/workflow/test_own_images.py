"""Runs of the real Snakefile with images of one's own."""

import ast
import hashlib
import html
import json
import re
import shutil
import subprocess
import sys

import archives
import numpy as np
import pandas as pd
import pytest
from pictures import encoded, fill
from PIL import Image
from projects import Project

FORMATS = ["packed+original", "packed+jpeg", "hdf5"]


def table_of(project, name):
    return pd.read_csv(project.folder / f"results/{name}/timings.csv")


def contents(folder):
    """Every file below a folder but logs, and when it was written."""
    return {file: file.stat().st_mtime_ns for file in folder.rglob("*.[!l]*") if file.is_file()}


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A project that has measured a folder of photographs, of differing sizes."""
    place = tmp_path_factory.mktemp("own")
    project = Project.fresh(place / "project")
    fill(place / "my photos", 14)
    image = Image.open(place / "my photos/dogs/001.jpg")
    exif = Image.Exif()
    exif[0x0112] = 6
    image.save(place / "my photos/dogs/001.jpg", exif=exif)
    (place / "my photos/cut.jpg").write_bytes(encoded("RGB", "JPEG")[:400])
    project.configure(
        dataset="folder", folder={"path": str(place / "my photos")}, backends=FORMATS,
        cutoffs=[5, "all"], access=["read_batches"], batch_size=4, minutes=0, blocks=1,
        image_count=None,
    )  # fmt: skip
    done = project.run()
    assert done.returncode == 0, done.stdout
    return project, done.stdout, place / "my photos"


def test_a_folder_is_measured_by_one_command(finished):
    project, output, _ = finished
    table = table_of(project, "my-photos")
    assert set(table["backend"]) == {*FORMATS[:-1], "in_place", "raw", "control"}
    assert set(table.loc[table["operation"] == "store_many", "images"]) == {5, 14}
    assert "not applicable: hdf5: HDF5 datasets holds images of one shape" in output
    assert "1 unreadable file is left out" in output
    assert "'cut.jpg'" in output


def test_a_second_run_has_nothing_to_do(finished):
    project, _, _ = finished
    assert "Nothing to be done" in project.run().stdout


def test_the_page_says_what_was_measured(finished):
    project, _, _ = finished
    page = (project.folder / "results/my-photos/report.html").read_text(encoding="utf-8")
    assert "JPEG (14)" in page
    assert "cut.jpg" in page
    assert "hdf5: HDF5 datasets holds images of one shape" in page
    assert page.count('<img src="data:image/png') >= 12


def test_a_format_that_drops_an_orientation_is_not_lossless_for_the_folder(finished):
    project, _, _ = finished
    results = project.folder / "results/my-photos"
    assert json.loads((results / "images.json").read_text())["drops"] == {"orientation": 1}
    page = (results / "report.html").read_text(encoding="utf-8")
    assert "1 file has an orientation in EXIF" in page
    [answer] = json.loads((results / "answer.json").read_text())["answers"]
    assert answer["drops"] == {"orientation": 1}
    assert answer["best"]["backend"] in ("in_place", "packed+original")


def test_names_of_classes_and_what_is_left_out_stand_beside_the_results(finished):
    project, _, _ = finished
    results = project.folder / "results/my-photos"
    names = {".": 2, "cats": 0, "dogs": 1}
    assert json.loads((results / "classes.json").read_text()) == {
        str(number): name for name, number in sorted(names.items(), key=lambda item: item[1])
    }
    labels = pd.read_csv(results / "labels.csv")
    assert len(labels) == 14
    assert set(labels["class"]) == {"cats", "dogs"}
    assert (labels["label"] == labels["class"].map(names)).all()
    assert (labels["path"].str.split("/").str[0] == labels["class"]).all()
    assert "cut.jpg,Pillow cannot read it: " in (results / "left_out.csv").read_text()
    page = (results / "report.html").read_text(encoding="utf-8")
    assert "0 cats, 1 dogs, 2 ." in page


def test_the_recipe_on_the_page_reads_the_images_with_their_labels_and_names(finished):
    project, _, _ = finished
    results = project.folder / "results/my-photos"
    page = (results / "report.html").read_text(encoding="utf-8")
    codes = [html.unescape(code) for code in re.findall(r"<pre><code>(.*?)</code>", page, re.S)]
    codes = [code for code in codes if "labels.csv" in code or "class Images" in code]
    show = """
some = [images[number] for number in range(len(images))]
print([(label, images.classes[label], image.shape[2]) for image, label in some])
"""
    shown = subprocess.run(
        [sys.executable, "-c", "\n".join(codes) + show],
        cwd=project.folder, text=True, check=True, capture_output=True,
    )  # fmt: skip
    labels = pd.read_csv(results / "labels.csv")
    assert ast.literal_eval(shown.stdout.splitlines()[-1]) == [
        (label, name, 3) for label, name in zip(labels["label"], labels["class"], strict=True)
    ]


def test_a_damaged_file_of_a_table_of_labels_is_left_out_in_both_of_two_runs(project, tmp_path):
    folder = fill(tmp_path / "photos", 12)
    rows = [
        f"{file.relative_to(folder)},{100 - n}\n"
        for n, file in enumerate(sorted(folder.rglob("*.jpg")))
    ]
    (folder / "labels.csv").write_text("path,label\n" + "".join(rows))
    image = folder / "cats/004.jpg"
    image.write_bytes(image.read_bytes()[:300])
    project.configure(
        dataset="folder", folder={"path": str(folder), "labels": "labels.csv"}, minutes=0, blocks=1,
        backends=["webdataset+original"], cutoffs=["all"], access=[], image_count=None,
    )  # fmt: skip
    wanted = ["results/photos/timings.csv", "results/photos/classes.json"]
    project.succeed(*wanted)
    classes = json.loads((project.folder / "results/photos/classes.json").read_text())
    assert list(classes) == [str(number) for number in range(89, 101)]
    assert "Nothing to be done" in project.succeed(*wanted)
    assert set(table_of(project, "photos")["images"]) == {1, 11}


def test_a_folder_that_is_refused_writes_nothing(finished, tmp_path):
    project, _, folder = finished
    other = project.copy(tmp_path / "copy")
    before = contents(other.folder / "results")
    other.configure(
        dataset="folder", folder={"path": str(folder), "unreadable": "stop"}, image_count=None
    )
    done = other.run()
    assert done.returncode != 0
    assert "error: 1 file of" in done.stdout
    assert contents(other.folder / "results") == before


def test_all_that_keeps_everything_brings_back_the_same_images(finished):
    project, _, _ = finished
    table = table_of(project, "my-photos")
    for _, part in table[(table["images"] == 14) & table["lossless"]].groupby("operation"):
        assert part["source_digest"].nunique() == 1 if "source_digest" in part else True
    reads = table[(table["operation"] == "read_many") & (table["images"] == 14)]
    assert reads[reads["lossless"]]["digest"].nunique() == 1
    assert reads[~reads["lossless"]]["psnr_db"].min() > 20


def test_nothing_is_written_into_the_folder(finished):
    _, _, folder = finished
    assert sorted(path.name for path in folder.iterdir()) == ["cats", "cut.jpg", "dogs"]
    assert len(list(folder.rglob("*.jpg"))) == 15


def test_a_folder_of_many_modes_is_measured_with_pixels_too_in_one_mode(project, tmp_path):
    folder = tmp_path / "drawings"
    folder.mkdir()
    kinds = {"grey": "L", "bilevel": "1", "palette": "P", "colours": "RGB", "transparent": "RGBA"}
    for number, mode in enumerate([*kinds.values()] * 2):
        (folder / f"{number}.png").write_bytes(encoded(mode, width=30 + number, seed=number))
    project.configure(
        dataset="folder", folder={"path": str(folder)}, cutoffs=["all"], minutes=0, blocks=1,
        backends=["packed+raw", "packed+png", "packed+original", "packed+jpeg"], batch_size=4,
        access=["read_batches", "read_crops"], image_count=None, crop=9,
    )  # fmt: skip
    done = project.run()
    assert done.returncode == 0, done.stdout
    assert "not applicable: packed+jpeg: " in done.stdout
    assert "2 are RGBA" in done.stdout
    assert done.stdout.count("not applicable: ") == 1
    table = table_of(project, "drawings")
    measured = {"packed+raw", "packed+png", "packed+original", "in_place", "raw", "control"}
    for operation, in_one in (("read_batches", True), ("read_crops", True), ("read_many", False)):
        rows = table[(table["operation"] == operation) & (table["images"] == 10)]
        assert set(rows["backend"]) == measured
        assert set(rows["settings"].fillna("").str.contains("one_mode=RGBA")) == {in_one}
        firsts = rows.groupby("backend")["digest"].first()
        assert firsts.nunique() == 1
    results = project.folder / "results/drawings"
    said = json.loads((results / "images.json").read_text(encoding="utf-8"))
    assert said["brought"] == {"mode": "RGBA", "of": 10, "brought": {"L": 4, "RGB": 4}}
    assert said["modes"] == dict.fromkeys(kinds.values(), 2)
    page = (results / "report.html").read_text(encoding="utf-8")
    assert "Of 10 images, 4 are grey and 4 are RGB: every format brings them to RGBA" in page


def test_a_folder_that_changes_keeps_what_was_measured_of_it(finished, tmp_path):
    project, _, folder = finished
    other = project.copy(tmp_path / "copy")
    moved = shutil.copytree(folder, tmp_path / "my photos")

    def jobs():
        done = other.run("table")
        assert done.returncode == 0, done.stdout
        return re.findall(r"Finished jobid: \d+ \(Rule: (\w+)\)", done.stdout)

    other.configure(
        dataset="folder", folder={"path": str(moved)}, backends=FORMATS[:1], cutoffs=["all"],
        access=[], minutes=0, blocks=1, image_count=None,
    )  # fmt: skip
    # The same files elsewhere, with other times: looked at once more, and that is all.
    assert other.planned() == {"plan_folder": 1}
    assert not [job for job in jobs() if job.startswith(("time", "describe"))]
    assert "Nothing to be done" in other.run("table").stdout
    (moved / "cats/000.jpg").touch()
    assert jobs() == ["plan_folder"]
    before = set((other.folder / "results/my-photos/records").rglob("*.json"))
    (moved / "cats/new.jpg").write_bytes(encoded("RGB", "JPEG", seed=5))
    assert "time_read" in jobs()
    assert before < set((other.folder / "results/my-photos/records").rglob("*.json"))
    (moved / "cats/new.jpg").unlink()
    again = jobs()
    assert not [job for job in again if job.startswith("time") and job != "time_break_even"]
    assert "aggregate_timings" in again
    assert set(table_of(other, "my-photos")["stored_images"]) == {1, 14}


def test_a_file_that_is_replaced_during_a_run_fails_the_jobs_that_met_it(finished, tmp_path):
    _, _, folder = finished
    other = Project.fresh(tmp_path / "project")
    mine = shutil.copytree(folder, tmp_path / "images")
    other.configure(
        dataset="folder", folder={"path": str(mine)}, backends=["packed+raw"], cutoffs=["all"],
        access=[], minutes=0, blocks=1, image_count=None,
    )  # fmt: skip
    other.succeed("--until", "plan_folder")
    changing = f"from pathlib import Path; Path({str(mine / 'cats/000.jpg')!r}).touch()"
    script = other.folder / "workflow/scripts/time_block.py"
    text = script.read_text(encoding="utf-8").replace(
        'if __name__ == "__main__":', f'if __name__ == "__main__":\n    exec({changing!r})', 1
    )
    script.write_text(text, encoding="utf-8")
    done = other.run()
    assert done.returncode != 0
    assert "cats/000.jpg was changed while it was measured" in done.stdout


def test_few_minutes_measure_what_fits_and_more_of_them_only_add_to_it(finished, tmp_path):
    _, _, folder = finished
    project = Project.fresh(tmp_path / "project")
    settings = {
        "dataset": "folder", "folder": {"path": str(folder)}, "backends": FORMATS,
        "cutoffs": [5, "all"], "access": [], "name": "planned", "image_count": None,
    }  # fmt: skip

    def plan(minutes):
        project.configure(**settings, minutes=minutes)
        project.succeed("--until", "plan_folder")
        assert "measured in about" in project.succeed("--dry-run")
        [looked_at] = (project.folder / "results/planned/folder").glob("looked_at-*.json")
        return json.loads(looked_at.read_text())["budget"]

    project.configure(**settings, minutes=1)
    assert "a plan comes first" in project.succeed("--dry-run")
    assert project.planned() == {"plan_folder": 1}
    assert list((project.folder / "results").iterdir()) == []
    first, more = plan(1), plan(10)
    assert more["backends"][: len(first["backends"])] == first["backends"]
    assert set(more["cutoffs"]) >= set(first["cutoffs"])
    assert more["images"] >= first["images"]
    assert more["blocks"] >= first["blocks"]
    assert plan(1) == more


def test_a_pair_of_arrays_is_measured(project):
    images = np.random.default_rng(0).integers(0, 255, (9, 5, 8)).astype(np.uint16)
    np.save(project.folder / "mine.npy", images)
    np.save(project.folder / "labels.npy", np.arange(len(images)) * 300)
    project.configure(
        dataset="arrays", arrays={"images": "mine.npy", "labels": "labels.npy"}, blocks=1,
        image_count=12, cutoffs=[12], backends=["packed+png", "lmdb"], access=[],
    )  # fmt: skip
    done = project.run("results/arrays/timings.csv")
    assert done.returncode == 0, done.stdout
    table = table_of(project, "arrays")
    assert "lmdb" not in set(table["backend"])
    assert "not applicable: lmdb" in done.stdout
    many = table[table["operation"] == "read_many"]
    assert many["digest"].nunique() == 1


def test_cifar100_goes_the_way_of_cifar10(project):
    members = archives.of_cifar100()
    path = project.folder / "given.tar.gz"
    archive = archives.write(path, members, folder="cifar-100-python")
    md5 = hashlib.md5(archive.read_bytes()).hexdigest()
    project.configure(
        dataset="cifar100", cifar100={"url": archive.as_uri(), "md5": md5}, image_count=33,
        cutoffs=[33], blocks=1, backends=["npy"], access=[],
    )  # fmt: skip
    done = project.run("results/cifar100/timings.csv")
    assert done.returncode == 0, done.stdout
    train = members["train"]
    images = train[b"data"].reshape(20, 3, 32, 32).transpose(0, 2, 3, 1)
    doubled = project.folder / "results/cifar100/doubled"
    assert np.array_equal(np.load(doubled / "images.npy")[:20], images)
    assert np.load(doubled / "labels.npy")[:20].tolist() == train[b"fine_labels"]
    assert set(table_of(project, "cifar100")["dataset"]) == {"cifar100"}


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"dataset": "folder"}, "folder.path is not set"),
        ({"dataset": "folder", "folder": {"path": "nowhere"}}, "which is not there"),
        ({"dataset": "arrays"}, "arrays.images is not set"),
        ({"dataset": "arrays", "arrays": {"images": "mine.yaml"}}, "is no .npy file"),
        (
            {"dataset": "arrays", "arrays": {"images": "mine.npy", "labels": "bad.npy"}},
            "bad.npy has label -1 for image 1",
        ),
        ({"minutes": 5}, "minutes goes with dataset: folder"),
    ],
)
def test_what_is_not_there_or_no_good_is_said_in_one_line(project, settings, words):
    np.save(project.folder / "mine.npy", np.zeros((2, 5, 5), np.uint8))
    np.save(project.folder / "bad.npy", np.array([0, -1]))
    project.configure(**settings)
    done = project.run("--dry-run")
    assert done.returncode != 0
    [line] = [line for line in done.stdout.splitlines() if line.startswith("error: ")]
    assert words in line
