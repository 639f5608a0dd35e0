"""Classes of images: numbers and names stay what they are, whatever is damaged."""

import os
import shutil

import pytest
from imagebench.errors import BenchmarkError
from pictures import chosen_of, encoded, fill


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "images"


def labels_in(chosen):
    """The label of each chosen image, by its path."""
    index = chosen.index
    return {
        os.fsdecode(index.names[number]): int(index.rows["label"][number])
        for number in chosen.order.tolist()
    }


def of_classes(folder, *classes):
    """Make a folder of one image a class, and look at it."""
    for number, name in enumerate(classes):
        (folder / name).mkdir(parents=True)
        (folder / name / "image.png").write_bytes(encoded(seed=number))
    return chosen_of(folder)


def twice(folder, **settings):
    """Look at a folder, and look again with what was kept; both must agree."""
    first, second = chosen_of(folder, **settings), chosen_of(folder, **settings)
    assert labels_in(first) == labels_in(second)
    assert first.index.classes == second.index.classes
    assert first.identity == second.identity
    return second


DAMAGE = {
    "cut in half": lambda data: data[: len(data) // 2],
    "empty": lambda data: b"",
    "header alone": lambda data: data[:30],
    "a page of HTML": lambda data: b"<!DOCTYPE html><html></html>",
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_the_one_image_of_a_class_may_be_damaged_and_no_number_moves(folder, damage):
    of_classes(folder, "a", "b", "c")
    image = folder / "a/image.png"
    image.write_bytes(DAMAGE[damage](image.read_bytes()))
    shutil.rmtree(folder.parent / "kept")
    chosen = twice(folder)
    assert labels_in(chosen) == {"b/image.png": 1, "c/image.png": 2}
    assert chosen.index.classes == {0: "a", 1: "b", 2: "c"}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_image_keeps_its_row_in_a_csv_file(folder, damage):
    fill(folder, 6)
    rows = ["path,label", *(f"{file.relative_to(folder)},{n}"
                            for n, file in enumerate(sorted(folder.rglob("*.jpg"))))]  # fmt: skip
    (folder / "labels.csv").write_text("\n".join(rows))
    image = folder / "dogs/003.jpg"
    image.write_bytes(DAMAGE[damage](image.read_bytes()))
    chosen = twice(folder, labels="labels.csv")
    assert sorted(labels_in(chosen).values()) == [0, 1, 2, 3, 5]
    assert list(chosen.index.classes) == [0, 1, 2, 3, 4, 5]


def test_whole_numbers_stay_these_numbers(folder):
    chosen = of_classes(folder, *map(str, range(12)), "1000000007")
    assert labels_in(chosen)["10/image.png"] == 10
    assert labels_in(chosen)["1000000007/image.png"] == 1_000_000_007
    assert chosen.index.classes[1_000_000_007] == "1000000007"


@pytest.mark.parametrize(
    ("names", "ordered"),
    [
        (["class10", "class2", "class1"], ["class1", "class2", "class10"]),
        (["b", "10", "9"], ["9", "10", "b"]),
        (["01", "1"], ["01", "1"]),  # one number twice, so that they are names
        (["Zoo", "ape", "\N{LATIN SMALL LETTER A WITH DIAERESIS}"],
         ["Zoo", "ape", "\N{LATIN SMALL LETTER A WITH DIAERESIS}"]),
    ],
)  # fmt: skip
def test_names_are_numbered_in_natural_order(folder, names, ordered):
    assert of_classes(folder, *names).index.classes == dict(enumerate(ordered))


def test_images_beside_class_folders_move_no_class(folder):
    fill(folder, 4, ("0", "10"))
    (folder / "contact sheet.png").write_bytes(encoded())
    chosen = chosen_of(folder)
    assert chosen.index.classes == {0: "0", 10: "10", 11: "."}
    assert labels_in(chosen)["contact sheet.png"] == 11


def test_names_of_any_bytes_are_kept(folder):
    folder.mkdir()
    for name in (b"not \xff utf-8", b"new\nline", b'"quoted", and more'):
        os.mkdir(os.path.join(os.fsencode(folder), name))
        with open(os.path.join(os.fsencode(folder), name, b"image.png"), "wb") as file:
            file.write(encoded())
    chosen = twice(folder)
    assert set(map(os.fsencode, chosen.index.classes.values())) == set(
        os.listdir(os.fsencode(folder))
    )


def with_table(folder, content, encoding="utf-8", name="labels.csv"):
    """Make two images, "a dir/0.png" and "a dir/1.png", and look at them with a table of labels."""
    if not folder.exists():
        fill(folder, 2, ("a dir",), "PNG")
        for number in range(2):
            (folder / f"a dir/00{number}.png").rename(folder / f"a dir/{number}.png")
    content = content if isinstance(content, bytes) else content.encode(encoding)
    (folder / name).write_bytes(content)
    chosen = chosen_of(folder, labels=name)
    labels = labels_in(chosen)
    return [chosen.index.classes[labels[f"a dir/{number}.png"]] for number in range(2)]


ROWS = "path,label\na dir/0.png,cat\na dir/1.png,dog\n"

TAKEN = {
    "as it should be": ROWS,
    "byte-order mark": "\ufeff" + ROWS,
    "Windows lines": ROWS.replace("\n", "\r\n"),
    "old lines": ROWS.replace("\n", "\r"),
    "semicolons": ROWS.replace(",", ";"),
    "tabs": ROWS.replace(",", "\t"),
    "blanks around labels": ROWS.replace(",cat", ",  cat ").replace(",dog", ", dog\u00a0"),
    "blanks around columns": ROWS.replace("path,label", " Path , LABEL"),
    "quotes": ROWS.replace("cat", ' "cat"'),
    "backslashes": ROWS.replace("a dir/", "a dir\\"),
    "dots": ROWS.replace("a dir/", "./a dir/../a dir/"),
    "blank lines": ROWS.replace("\n", "\n\n"),
    "more columns": "x,path,label\n1,a dir/0.png,cat\n1,a dir/1.png,dog\n",
    "a row twice": ROWS + "a dir/0.png,cat\n",
    "a large field": "path,label,text\na dir/0.png,cat," + 200_000 * "x" + "\na dir/1.png,dog,\n",
    "a line for Excel": "sep=,\n" + ROWS,
    "an empty cell too many": ROWS.replace("cat", "cat,"),
    "another column of that name": "Path,path,label\nx,a dir/0.png,cat\nx,a dir/1.png,dog\n",
    "rows of other files": ROWS + "b/7.png,dog\n",
}  # fmt: skip


@pytest.mark.parametrize("kind", TAKEN)
def test_tables_of_labels_are_taken_as_people_write_them(folder, kind):
    assert with_table(folder, TAKEN[kind]) == ["cat", "dog"]


def test_tables_of_utf_16_and_absolute_paths_are_taken(folder):
    assert with_table(folder, ROWS, "utf-16") == ["cat", "dog"]
    assert with_table(folder, ROWS.replace("a dir", f"{folder}/a dir")) == ["cat", "dog"]


def test_accents_of_a_path_may_be_written_in_either_way(folder):
    fill(folder, 1, ("cafe\u0301",), "PNG")
    (folder / "labels.csv").write_text("path,label\ncaf\u00e9/000.png,x\n", encoding="utf-8")
    assert chosen_of(folder, labels="labels.csv").index.classes == {0: "x"}


def test_numbers_of_a_table_stay_and_may_be_written_as_pandas_does(folder):
    assert with_table(folder, ROWS.replace("cat", "10").replace("dog", "2")) == ["10", "2"]
    assert labels_in(chosen_of(folder, labels="labels.csv")) == {
        "a dir/0.png": 10,
        "a dir/1.png": 2,
    }
    with_table(folder, ROWS.replace("cat", "7.0").replace("dog", "100.0"))
    chosen = chosen_of(folder, labels="labels.csv")
    assert labels_in(chosen) == {"a dir/0.png": 7, "a dir/1.png": 100}
    assert chosen.index.classes == {7: "7", 100: "100"}


def test_classes_of_rows_without_a_file_count(folder):
    outside = folder.parent / "outside.png"
    outside.parent.mkdir(exist_ok=True)
    outside.write_bytes(encoded())
    rows = f"path,label\n{outside},ape\na dir/0.png,cat\na dir/1.png,dog\n"
    assert with_table(folder, rows) == ["cat", "dog"]
    chosen = chosen_of(folder, labels="labels.csv")
    assert chosen.index.classes == {0: "ape", 1: "cat", 2: "dog"}
    assert any(repr(str(outside)) in note for note in chosen.index.notes)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("path,label\na dir/0.png,cat\n", "none for 1 of 2 images, such as 'a dir/1.png'"),
        (ROWS.replace("a dir", "/data/a dir"), "its first path is '/data/a dir/0.png'"),
        ("path,label\n", "it has no rows"),
        (ROWS.replace("cat", "crane, bird"), "line 2: there are more cells than columns"),
        ("path,label,label\na dir/0.png,a,b\n", "have the column label twice"),
        (ROWS + "a dir/0.png,dog\n", "line 4: 'a dir/0.png' is 'dog', and was 'cat'"),
        ("file,class\n", "must have the columns path and label, but have file, class"),
        ("# by me\n" + ROWS, "must have the columns path and label, but have # by me"),
        ("", "but have none"),
        (ROWS + "a dir/2.png,\n", "line 4: there is no path or label"),
        (ROWS + "a dir/2.png\n", "line 4: there is no path or label"),
        (ROWS.replace("cat", "c\0t"), "line 2: there is a zero byte"),
        (ROWS.replace("cat", "-1").replace("dog", "1"), "-1 is no label from 0 to"),
        (ROWS.replace("cat", str(1 << 63)).replace("dog", "1"), f"{1 << 63} is no label from 0 to"),
        (ROWS.replace("cat", "caf\u00e9").encode("latin-1"), "are not UTF-8"),
    ],
)  # fmt: skip
def test_tables_that_do_not_fit_are_refused_in_one_line(folder, rows, words):
    with pytest.raises(BenchmarkError) as caught:
        with_table(folder, rows)
    assert "\n" not in str(caught.value)
    assert words in str(caught.value)
    assert not (folder.parent / "kept").exists()
