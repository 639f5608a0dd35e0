"""Files that are no images that are read here: which are told, and which are passed over."""

import csv
import json
import os

import pytest
from describe_images import describe_images
from imagebench.images import choosing
from pictures import chosen_of, encoded, fill


@pytest.fixture
def folder(tmp_path):
    return fill(tmp_path / "images", 4)


def reasons_of(chosen):
    return {os.fsdecode(name): reason for name, reason in chosen.index.reasons.items()}


OTHERS = {
    "x.heic": (b"\0\0\0\x18ftypheic", "HEIC"),
    "x.avif": (b"\0\0\0\x1cftypavif", "AVIF"),
    "x.jxl": (b"\xff\x0a\x00", "JPEG XL"),
    "boxed.jxl": (b"\0\0\0\x0cJXL \r\n\x87\n", "JPEG XL"),
    "x.jp2": (b"\0\0\0\x0cjP  \r\n\x87\n", "JPEG 2000"),
    "big.tif": (b"II\x2b\0\x08\0\0\0", "BigTIFF"),
    "drawing.svg": (b"<?xml version='1.0'?>\n<svg></svg>", "SVG"),
    "lfs.png": (b"version https://git-lfs.github.com/spec/v1\noid", "git lfs pull"),
    "page.jpg": (b"\n<!doctype html><html>", "HTML"),
    "empty.jpg": (b"", "empty"),
    "x.tga": (b"\0\0\2", "TGA is not read here"),
    "lost.png": (bytes(500), "zeros"),
    "words.gif": (b"not at all", "does not begin like an image"),
    "NAME WITHOUT AN ENDING": (b"\0\0\0\x18ftypheic", "HEIC"),
}


@pytest.mark.parametrize("name", OTHERS)
def test_what_looks_like_an_image_is_named_with_a_reason(folder, name):
    content, words = OTHERS[name]
    (folder / "cats" / name).write_bytes(content)
    chosen = chosen_of(folder)
    assert len(chosen.order) == 4
    assert words in reasons_of(chosen)[f"cats/{name}"]


def test_a_thumbnail_in_a_camera_raw_file_is_no_image(folder):
    (folder / "cats/photo.NEF").write_bytes(encoded("RGB", "TIFF"))
    chosen = chosen_of(folder)
    assert len(chosen.order) == 4
    assert reasons_of(chosen) == {"cats/photo.NEF": "camera raw is not read here"}


def test_other_files_are_passed_over_without_a_word(folder):
    (folder / "cats/notes.txt").write_text("<!doctype html><html>")
    (folder / "cats/notes.xml").write_text("<?xml version='1.0'?><annotation/>")
    (folder / "cats/.DS_Store").write_bytes(bytes(10))
    (folder / "cats/Thumbs.db").write_bytes(b"\xd0\xcf\x11\xe0")
    (folder / "cats/some font.ttf").symlink_to("/nowhere/font.ttf")
    (folder / "cats/lost.jpg").symlink_to("/nowhere/lost.jpg")
    assert reasons_of(chosen_of(folder)).keys() == {"cats/lost.jpg"}


@pytest.mark.parametrize(
    "place",
    ["@eaDir", "cats/@eaDir/000.jpg", "__MACOSX", ".thumbnails", "#recycle", "$Recycle.Bin"],
)
def test_thumbnails_and_deleted_files_of_other_systems_are_no_images(folder, place):
    (folder / place).mkdir(parents=True)
    (folder / place / "SYNOPHOTO_THUMB_XL.jpg").write_bytes(encoded("RGB", "JPEG"))
    chosen = chosen_of(folder)
    assert len(chosen.order) == 4
    assert chosen.index.classes == {0: "cats", 1: "dogs"}


def test_one_sentence_counts_them_by_ending(folder):
    for name, (content, _) in OTHERS.items():
        (folder / "cats" / name).write_bytes(content)
    (folder / "cats/more.heic").write_bytes(OTHERS["x.heic"][0])
    [line, where] = choosing.remarks(chosen_of(folder).index, "results/x/left_out.csv")
    assert line.startswith(
        "15 files that look like an image are of no kind that is read here: 2 .jxl, "
    )
    assert where == "All that is left out stands in results/x/left_out.csv."


def test_splits_and_masks_are_told_with_the_way_out(tmp_path):
    split = fill(tmp_path / "split", 4, ("train/cat", "val/cat"))
    [line] = chosen_of(split).index.notes
    assert "“train” and “val” look like a split" in line
    assert "FOLDER=.../train" in line
    for name in ("000_mask.png", "001-seg.png"):
        (split / "train/cat" / name).write_bytes(encoded("L"))
    (split / "val/cat/001.png").write_bytes(encoded("L"))
    _, line = chosen_of(split).index.notes
    assert line.startswith("1 image looks like a mask")
    assert "'train/cat/000_mask.png', which belongs to 'train/cat/000.jpg'" in line


@pytest.mark.parametrize("masks", ["masks", "photos_masks"])
def test_a_folder_of_masks_is_told(tmp_path, masks):
    folder = fill(tmp_path / "images", 3, ("dogs", "photos"))
    fill(folder, 3, ("dogs", masks), "PNG", "L")
    [line] = chosen_of(folder).index.notes
    assert line.startswith("1 image looks like a mask")
    assert f"'{masks}/001.png', which belongs to 'photos/001.jpg'" in line


@pytest.mark.parametrize("classes", [("test tube", "beaker"), ("train", "plane"), ("a", "b")])
def test_usual_classes_are_no_split(tmp_path, classes):
    assert chosen_of(fill(tmp_path / "images", 4, classes)).index.notes == []


def test_every_file_that_is_left_out_stands_in_a_table_and_every_image_in_another(folder, tmp_path):
    (folder / "cats/empty.jpg").write_bytes(b"")
    with open(os.path.join(os.fsencode(folder), b"dogs", b"not \xff utf-8.png"), "wb") as file:
        file.write(encoded())
    kept = chosen_of(folder) and tmp_path / "kept"
    outputs = {name: tmp_path / f"{name}.csv" for name in ("labels", "left_out")}
    outputs |= {name: tmp_path / f"{name}.json" for name in ("classes", "images")}
    describe_images({"index": kept / "index.npy"}, outputs, 5, "folder")
    with open(outputs["labels"], encoding="utf-8", errors="surrogateescape", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["path"] for row in rows] == [
        "cats/000.jpg", "cats/002.jpg", "dogs/001.jpg", "dogs/003.jpg", "dogs/not \udcff utf-8.png"
    ]  # fmt: skip
    assert [(row["label"], row["class"]) for row in rows] == 2 * [("0", "cats")] + 3 * [
        ("1", "dogs")
    ]
    assert json.loads(outputs["classes"].read_text()) == {"0": "cats", "1": "dogs"}
    assert outputs["left_out"].read_text() == "path,reason\ncats/empty.jpg,it is empty\n"
