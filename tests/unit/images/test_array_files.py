"""Arrays that cannot be stored are refused in one line, with the way out, before any job."""

import io
import os

import numpy as np
import pytest
from digest_arrays import write_labels
from imagebench.digests import image_digests
from imagebench.errors import BenchmarkError
from imagebench.images import array_files, sources
from imagebench.images.source import ArraySource, write_digests

IMAGES = np.random.default_rng(0).integers(0, 256, (6, 5, 5, 3), dtype=np.uint8)
LABELS = np.arange(6)


def saved(array, **options):
    file = io.BytesIO()
    np.save(file, array, **options)
    return file.getvalue()


def zipped(**arrays):
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def refusal(tmp_path, images=IMAGES, labels=LABELS):
    """The line by which arrays, or the bytes of their files, are refused."""
    paths = {}
    for name, given in (("images", images), ("labels", labels)):
        paths[name] = str(tmp_path / f"{name}.npy")
        if given is not None:
            content = given if isinstance(given, bytes) else saved(given)
            (tmp_path / f"{name}.npy").write_bytes(content)
    with pytest.raises(BenchmarkError) as refused:
        sources.described({"dataset": "arrays", "image_count": None, "arrays": paths}, None)
    line = str(refused.value)
    assert "\n" not in line
    assert "allow_pickle" not in line
    assert "trust" not in line
    return line


NO_FILES = {
    "npz": (zipped(images=IMAGES), "is an .npz file, or another zip: save one array of it"),
    "git lfs": (b"version https://git-lfs.github.com/spec/v1\noid x\n", "git lfs pull"),
    "empty": (b"", "is empty and is no .npy file: save the array with np.save"),
    "text": (b"1,2,3\n", "has other bytes and is no .npy file"),
    "page": (b"<!DOCTYPE html>", "a page of HTML or XML"),
    "pickle": (b"\x80\x04\x95\x00", "is a pickle, which could run any code and is never read"),
    "objects": (saved(np.array([{}], object), allow_pickle=True), "holds Python objects"),
    "cut off": (saved(IMAGES)[:-1], "is damaged or cut off: write or copy it again"),
    "cut in its header": (saved(IMAGES)[:40], "is damaged or cut off"),
    "huge header": (
        b"\x93NUMPY\x02\x00" + (20_000).to_bytes(4, "little") + b"{" + b" " * 19_999,
        "is damaged or cut off",
    ),
    "not there": (None, "cannot be read: No such file"),
}


@pytest.mark.parametrize("which", ["images", "labels"])
@pytest.mark.parametrize(("content", "words"), NO_FILES.values(), ids=NO_FILES)
def test_what_is_no_array_file_is_named_with_what_it_is(which, content, words, tmp_path):
    line = refusal(tmp_path, **{which: content})
    assert f"arrays.{which} is '{tmp_path}/{which}.npy', which {words}" in line or words in line


@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo], ids=["folder", "pipe"])
def test_what_is_no_file_is_not_waited_for(make, tmp_path):
    make(tmp_path / "images.npy")
    assert "is no file: give the path of a .npy file" in refusal(tmp_path, None)


NO_IMAGES = {
    "floats": (IMAGES / 255, "save (255 * images).round().astype(np.uint8)"),
    "int64": (IMAGES.astype(np.int64), "save images.astype(np.uint8)"),
    "uint32": (IMAGES.astype(np.uint32), "save images.astype(np.uint8)"),
    "bool": (IMAGES > 9, "save images.astype(np.uint8)"),
    "text": (IMAGES.astype("U3"), "save them as numbers"),
    "complex": (IMAGES.astype(complex), "save them as numbers"),
    "channels first": (np.moveaxis(IMAGES, -1, 1), "save np.moveaxis(images, 1, -1)"),
    "one channel": (IMAGES[..., :1], "save images[..., 0]"),
    "one channel first": (IMAGES[:, np.newaxis, :, :, 0], "save images[:, 0]"),
    "seven channels": (np.zeros((6, 5, 5, 7), np.uint8), "these have 7"),
    "rows": (IMAGES.reshape(6, -1), "if each row is an image, reshape it"),
    "one number": (np.uint8(1), "as many axes"),
    "none": (IMAGES[:0], "it holds no pixels"),
    "no height": (IMAGES[:, :0], "it holds no pixels"),
}


@pytest.mark.parametrize(("images", "words"), NO_IMAGES.values(), ids=NO_IMAGES)
def test_images_that_cannot_be_stored_are_refused_with_what_makes_them_so(images, words, tmp_path):
    line = refusal(tmp_path, images)
    assert words in line
    assert f"of shape {np.shape(images)}" in line


NO_LABELS = {
    "negative": (LABELS - 3, "has label -3 for image 0; labels must be whole numbers from 0 to"),
    "too large": (
        np.array([1, 2, 3, 2**63, 4, 2**64 - 1], np.uint64),
        "has label 9223372036854775808 for image 3",
    ),
    "floats": (LABELS.astype(float), "save labels.astype(np.int64), if all are whole"),
    "bool": (LABELS > 2, "save labels.astype(np.int64)"),
    "names": (np.array(list("abcabc")), "np.unique(labels, return_inverse=True)"),
    "bytes": (np.array(list("abcabc"), "S1"), "np.unique(labels, return_inverse=True)"),
    "column": (LABELS[:, np.newaxis], "save labels[:, 0]"),
    "one of each row": (np.eye(6), "save labels.argmax(axis=1)"),
    "one less": (LABELS[1:], "one label for each of 6 images, of shape (6,)"),
    "one more": (np.arange(7), "has int64 of shape (7,)"),
    "one number": (np.int64(3), "of shape ()"),
}


@pytest.mark.parametrize(("labels", "words"), NO_LABELS.values(), ids=NO_LABELS)
def test_labels_that_cannot_be_stored_are_refused_with_what_makes_them_so(labels, words, tmp_path):
    assert words in refusal(tmp_path, labels=labels)


def test_a_bad_label_is_found_wherever_it_is(tmp_path, monkeypatch):
    monkeypatch.setattr(array_files, "LABELS_TOGETHER", 2)
    labels = LABELS.copy()
    labels[5] = -1
    assert "label -1 for image 5" in refusal(tmp_path, labels=labels)


TAKEN = {
    "Fortran order": (np.asfortranarray(IMAGES), LABELS),
    "the other byte order": (IMAGES.astype(">u2") * 257, LABELS.astype(">i4")),
    "large labels": (IMAGES, np.array([0, 7, 2**31, 2**40, 2**63 - 1, 1], np.uint64)),
    "small labels": (IMAGES, LABELS.astype(np.int8)),
    "grey": (IMAGES[..., 0], LABELS),
    "one image": (IMAGES[:1], LABELS[:1]),
}


@pytest.mark.parametrize(("images", "labels"), TAKEN.values(), ids=TAKEN)
def test_what_differs_in_its_layout_alone_is_taken_as_what_it_is(images, labels, tmp_path):
    paths = {name: tmp_path / f"{name}.npy" for name in ("images", "labels")}
    np.save(paths["images"], images)
    np.save(paths["labels"], labels)
    config = {"dataset": "arrays", "image_count": None}
    config["arrays"] = {name: str(path) for name, path in paths.items()}
    _, facts, count = sources.described(config, None)
    assert (facts.count, count) == (len(images), len(images))
    write_labels(paths["images"], paths["labels"], tmp_path / "taken.npy")
    write_digests(paths["images"], tmp_path / "taken.npy", count, 0, tmp_path / "digests.npy")
    digests, taken = np.load(tmp_path / "digests.npy"), np.load(tmp_path / "taken.npy")
    source = ArraySource(np.load(paths["images"], mmap_mode="r"), taken, digests)
    assert (source.facts.shape, source.facts.dtype) == (facts.shape, facts.dtype)
    [piece] = source.pieces()
    assert piece.images.dtype.isnative
    assert piece.labels.tolist() == [int(label) for label in labels]
    np.testing.assert_array_equal(piece.images, images)
    np.testing.assert_array_equal(image_digests(*piece), digests)


def test_a_header_of_version_3_is_read(tmp_path):
    kind = np.dtype([("größe", np.uint8)])
    with open(tmp_path / "images.npy", "wb") as file:
        np.lib.format.write_array(file, np.zeros(3, kind), version=(3, 0))
    line = refusal(tmp_path, None)
    assert "größe" in line
    assert "save them as numbers" in line
