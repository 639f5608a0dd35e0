"""A folder of somebody's own images: found, chosen, read, and refused in one line."""

import os
import shutil
import subprocess
import tempfile
import time
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest
from imagebench import decoding, formats
from imagebench.digests import image_digests
from imagebench.errors import BenchmarkError
from imagebench.images import choosing, looking
from imagebench.images.folder import FolderSource
from imagebench.images.index import MODES
from imagebench.images.sample import load
from imagebench.measuring.footprint import footprint
from mounts import mounted
from pictures import KINDS, SETTINGS, chosen_of, encoded, fill, picture
from PIL import Image


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "images"


def names_of(chosen):
    return [os.fsdecode(chosen.index.names[number]) for number in chosen.order]


def reasons_of(chosen):
    return {os.fsdecode(name): reason for name, reason in chosen.index.reasons.items()}


def message_of(folder, **settings):
    with pytest.raises(BenchmarkError) as caught:
        chosen_of(folder, **settings)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_of_file_is_taken_by_its_content_and_decoded_as_pillow_does(folder, name):
    mode, kind = KINDS[name]
    folder.mkdir()
    content = encoded(mode, kind)
    (folder / "called.wrongly").write_bytes(content)
    chosen = chosen_of(folder)
    [row] = chosen.index.rows[chosen.order]
    assert MODES[row["mode"]] == {"I;16": "L;16"}.get(mode, mode)
    assert decoding.FORMATS[row["format"]] == kind
    [piece] = FolderSource(chosen.index, chosen.order).pieces()
    shown = Image.open(folder / "called.wrongly")
    if mode in ("P", "1"):
        shown = shown.convert("RGB" if mode == "P" else "L")
    assert np.array_equal(piece.images[0], np.asarray(shown))
    assert piece.images[0].dtype == (np.uint16 if mode == "I;16" else np.uint8)
    [[[file], _]] = FolderSource(chosen.index, chosen.order).pieces(as_files=True)
    assert file == content


def test_images_of_all_sizes_come_with_their_classes_and_digests(folder):
    chosen = chosen_of(fill(folder))
    source = FolderSource(chosen.index, chosen.order)
    [(images, labels)] = source.pieces()
    assert source.facts.shape is None
    assert [image.nbytes for image in images] == source.facts.sizes.tolist()
    assert np.array_equal(image_digests(images, labels), source.digests)
    assert chosen.index.classes == {0: "cats", 1: "dogs"}
    called = [chosen.index.classes[label] for label in labels]
    assert called == [name.split("/")[0] for name in names_of(chosen)]


def test_pieces_of_few_bytes_give_the_same_images(folder):
    chosen = chosen_of(fill(folder))
    whole = FolderSource(chosen.index, chosen.order)
    parts = FolderSource(chosen.index, chosen.order, piece_bytes=10_000)
    pieces = list(parts.pieces())
    assert len(pieces) > 3
    found = [image for piece in pieces for image in piece.images]
    [(images, _)] = whole.pieces()
    assert all(np.array_equal(one, other) for one, other in zip(found, images, strict=True))
    assert sum(map(len, (piece.images for piece in pieces))) == len(images)
    assert parts.largest_piece <= 10_000


def test_a_sample_keeps_the_mix_and_a_larger_one_begins_with_it(folder):
    fill(folder / "photos", 60, ("a", "b", "c"))
    fill(folder / "drawings", 20, ("a",), "PNG", "RGBA")
    fewer, more = chosen_of(folder, 16), chosen_of(folder, 32)
    assert fewer.identity == more.identity
    few, many = names_of(fewer), names_of(more)
    assert many[:16] == few
    assert 3 <= sum(name.startswith("drawings") for name in few) <= 5


def test_only_what_has_changed_is_looked_at_again(folder, monkeypatch):
    fill(folder)
    before = chosen_of(folder)
    (folder / "cats/new.png").write_bytes(encoded())
    looked, real = [], looking.together

    def together(look, root, names, numbers, *more, **others):
        looked.append([names[number] for number in numbers])
        return real(look, root, names, numbers, *more, **others)

    monkeypatch.setattr(looking, "together", together)
    after = chosen_of(folder)
    assert looked[:2] == [[b"cats/new.png"]] * 2  # its header, and the whole file
    assert len(after.order) == len(before.order) + 1
    assert after.identity != before.identity


def test_another_label_is_another_data_set_and_its_digests_are_taken_anew(folder):
    fill(folder)
    by_folder, alone = chosen_of(folder), chosen_of(folder, labels="none")
    assert by_folder.identity != alone.identity
    source = FolderSource(alone.index, alone.order)
    [(images, labels)] = source.pieces()
    assert not labels.any()
    assert np.array_equal(image_digests(images, labels), source.digests)


def test_what_cannot_be_read_is_left_out_and_named(folder):
    fill(folder)
    good = encoded("RGB", "JPEG", width=200, height=200)
    (folder / "cut.jpg").write_bytes(good[: len(good) // 2])
    (folder / "header.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"nothing that makes sense")
    (folder / "notes.txt").write_text("no image, and no reason to say so")
    (folder / "large.png").write_bytes(encoded("1", width=1100, height=1000))
    (folder / "nowhere.jpg").symlink_to(folder / "not there")
    (folder / "itself.jpg").symlink_to(folder / "itself.jpg")
    (folder / "loop").symlink_to(folder)
    os.mkfifo(folder / "pipe.jpg")
    chosen = chosen_of(folder)
    assert len(chosen.order) == 12
    assert reasons_of(chosen).keys() == {
        "cut.jpg", "header.png", "large.png", "nowhere.jpg", "itself.jpg", "pipe.jpg"
    }  # fmt: skip
    assert "1,100,000 pixels" in reasons_of(chosen)["large.png"]
    _, line, pipe, _ = choosing.remarks(chosen.index, "left_out.csv")
    assert pipe.endswith(": 1 .jpg (it is no file, but a pipe, a socket or a device).")
    assert line.startswith("5 unreadable files are left out")
    message = message_of(folder, unreadable="stop")
    assert "6 files" in message
    assert "folder.unreadable to skip" in message


def test_names_can_be_anything(folder):
    fill(folder)
    odd = [b"with space.png", b"new\nline.png", "\N{CAT FACE}.png".encode(), b"not \xff utf-8.png"]
    odd += [b"A.png", b"a.png"]
    for number, name in enumerate(odd):
        with open(os.path.join(os.fsencode(folder), name), "wb") as file:
            file.write(encoded(seed=number))
    chosen = chosen_of(folder)
    assert {os.fsencode(name) for name in names_of(chosen)} >= set(odd)
    [(images, _)] = FolderSource(chosen.index, chosen.order).pieces()
    assert len(images) == 12 + len(odd)
    assert np.array_equal(load(folder.parent / "kept").order, chosen.order)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda file: file.write_bytes(encoded(seed=99)), "was changed"),
        (lambda file: file.unlink(), "cannot be read any more"),
        (lambda file: file.write_bytes(file.read_bytes() + b"\0"), "was changed"),
        (os.utime, "was changed"),
    ],
)
def test_a_file_that_changes_during_a_run_is_named(folder, change, words):
    chosen = chosen_of(fill(folder))
    source = FolderSource(chosen.index, chosen.order, piece_bytes=1)
    time.sleep(0.01)  # for clocks of file systems that are coarse
    change(folder / "dogs/003.jpg")
    with pytest.raises(BenchmarkError, match=words) as caught:
        list(source.pieces())
    assert "003.jpg" in str(caught.value)


def test_broken_exif_is_no_reason_to_leave_out_an_image_and_nothing_is_turned(folder):
    folder.mkdir()
    exif = Image.Exif()
    exif[0x0112] = 6
    picture().save(folder / "turned.jpg", exif=exif)
    content = encoded("RGB", "JPEG")
    broken = b"Exif\0\0MM\0*\0\0\xff\xff"
    marker = b"\xff\xe1" + (len(broken) + 2).to_bytes(2, "big") + broken
    (folder / "broken.jpg").write_bytes(content[:2] + marker + content[2:])
    chosen = chosen_of(folder, labels="none")
    rows = dict(zip(names_of(chosen), chosen.index.rows[chosen.order], strict=True))
    assert rows["turned.jpg"]["orientation"] == 6
    assert rows["broken.jpg"]["orientation"] == 0
    assert (rows["turned.jpg"]["height"], rows["turned.jpg"]["width"]) == (30, 40)


def test_folders_without_images_are_refused(folder):
    assert "which is not there" in message_of(folder)
    folder.mkdir()
    assert "is empty" in message_of(folder)
    (folder / ".hidden").mkdir()
    assert "holds nothing but hidden files" in message_of(folder)
    (folder / "notes.txt").write_text("none")
    assert "has 1 file, and none is an image" in message_of(folder)
    (folder / "cut.png").write_bytes(encoded()[:40])
    assert "has no image that can be read; of 1 file that cannot" in message_of(folder)
    assert "which is no folder" in message_of(folder / "notes.txt")


def test_a_folder_in_the_results_is_refused_and_results_in_a_folder_are_left_out(
    folder, tmp_path, monkeypatch
):
    fill(folder)
    monkeypatch.chdir(folder)
    fill(folder / "results/figures", 3)
    assert len(chosen_of(folder).order) == 12
    assert "lies in the results" in message_of(folder / "results/figures")


def test_what_may_not_be_read_is_left_out():
    with tempfile.TemporaryDirectory() as place:
        folder = fill(Path(place, "images"))
        Path(place).chmod(0o777)
        (folder / "cats").chmod(0)
        (folder / "dogs/001.jpg").chmod(0)
        child = get_context("fork").Process(target=look_as_somebody_else, args=(folder,))
        child.start()
        child.join()
        (folder / "cats").chmod(0o700)
        assert child.exitcode == 0


def look_as_somebody_else(folder):
    """Root may read everything, so that it first becomes nobody."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
    reasons = reasons_of(chosen_of(folder))
    assert reasons.keys() == {"cats", "dogs/001.jpg"}
    assert all("denied" in reason for reason in reasons.values())


def test_more_than_256_classes_and_a_flat_folder(folder):
    folder.mkdir()
    for number in range(300):
        (folder / f"{number}").mkdir()
        (folder / f"{number}/image.png").write_bytes(encoded(width=3, height=2, seed=number))
    chosen = chosen_of(folder)
    source = FolderSource(chosen.index, chosen.order)
    assert sorted(source.facts.labels) == list(range(300))
    assert source.facts.shape == (2, 3, 3)
    [(images, _)] = source.pieces()
    assert images.shape == (300, 2, 3, 3)
    shutil.rmtree(folder)
    folder.mkdir()
    (folder / "image.png").write_bytes(encoded())
    assert chosen_of(folder).index.classes == {0: "."}


@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_a_colour_that_is_to_be_transparent_stays_what_it_is(folder, mode):
    folder.mkdir()
    transparent = (1, 2, 3) if mode == "RGB" else 7
    picture(mode).save(folder / "image.png", transparency=transparent)
    chosen = chosen_of(folder)
    [(images, _)] = FolderSource(chosen.index, chosen.order).pieces()
    assert np.array_equal(images[0], np.asarray(picture(mode)))


@pytest.mark.parametrize(("mode", "channels"), [("L", ()), ("RGB", (3,)), ("RGBA", (4,))])
def test_all_can_be_brought_to_one_mode_and_to_fewer_pixels(folder, tmp_path, mode, channels):
    folder.mkdir()
    for name, (of, kind) in KINDS.items():
        (folder / name).write_bytes(encoded(of, kind, width=60, height=45))
    (folder / "small.png").write_bytes(encoded(width=9, height=20))
    chosen = chosen_of(folder, mode=mode, resize=15)
    source = FolderSource(chosen.index, chosen.order)
    assert source.facts.modes == {mode: len(KINDS) + 1}
    [(images, labels)] = source.pieces()
    assert {image.shape for image in images} == {(15, 20, *channels), (20, 9, *channels)}
    assert np.array_equal(image_digests(images, labels), source.digests)
    assert [image.nbytes for image in images] == source.facts.sizes.tolist()
    printed = names_of(chosen).index("print.jpg")
    shown = Image.open(folder / "print.jpg").convert(mode)
    expected = np.asarray(shown.resize((20, 15), Image.Resampling.LANCZOS))
    assert np.array_equal(images[printed], expected)
    for name in ("packed+original", "in_place", "lmdb+raw"):
        backend = formats.load(name)
        backend.alike, backend.change = False, chosen.index.change
        pieces = source.pieces(as_files=backend.keeps_files)
        backend.store(pieces, source.facts, tmp_path / name)
        [(found, _)] = backend.read(tmp_path / name)
        assert np.array_equal(image_digests(found, labels), source.digests)


@pytest.mark.parametrize("name", [name for name in KINDS if name != "deep.png"])
def test_a_mode_is_brought_to_another_as_pillow_does(folder, name):
    folder.mkdir()
    (folder / name).write_bytes(encoded(*KINDS[name]))
    chosen = chosen_of(folder, mode="RGB")
    [(images, _)] = FolderSource(chosen.index, chosen.order).pieces()
    assert np.array_equal(images[0], np.asarray(Image.open(folder / name).convert("RGB")))


def test_another_change_takes_all_digests_anew(folder):
    fill(folder)
    before, after = chosen_of(folder), chosen_of(folder, mode="L")
    assert before.identity != after.identity
    assert not (before.index.rows["pixels"] == after.index.rows["pixels"]).all(axis=1).any()


def test_damage_that_only_a_larger_sample_meets_moves_no_other_image(folder):
    fill(folder, 40)
    few = chosen_of(folder, 8)
    later = set(names_of(chosen_of(folder))) - set(names_of(few))
    damaged = folder / min(later)
    damaged.write_bytes(damaged.read_bytes()[:-60])
    shutil.rmtree(folder.parent / "kept")
    before = chosen_of(folder, 8)
    after = chosen_of(folder, 40)
    assert len(after.order) == 39
    assert after.identity == before.identity
    assert names_of(after)[:8] == names_of(before)


def test_more_images_than_there_are_are_refused_and_the_forecast_is_pointed_to(folder):
    fill(folder, 5)
    assert "use.NAME.images" in message_of(folder, count=13)


def test_many_files_that_are_no_images_are_passed_over(folder):
    fill(folder, 3)
    (folder / "notes").mkdir()
    for number in range(20_000):
        (folder / f"notes/{number}").touch()
    chosen = chosen_of(folder)
    assert len(chosen.order) == 3
    assert not chosen.index.reasons


def test_a_folder_that_cannot_be_written_is_read_where_it_is(tmp_path):
    with mounted(tmp_path / "read-only", "-t", "tmpfs", "none") as folder:
        fill(folder / "images")
        subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
        kept = tmp_path / "kept"
        settings = {**SETTINGS, "path": str(folder / "images")}
        looked = choosing.look(settings, 0, kept, tell=False)
        chosen = choosing.ready(looked, settings, looked.good, 0, tell=False)
        backend = formats.load("in_place")
        source = FolderSource(chosen.index, chosen.order)
        backend.alike = False
        backend.store(source.pieces(as_files=True), source.facts, tmp_path / "store")
        [(images, labels)] = backend.read(tmp_path / "store")
        assert np.array_equal(image_digests(images, labels), source.digests)


def test_files_that_stay_are_as_many_as_the_images(folder, tmp_path):
    fill(folder, 30)
    chosen = chosen_of(folder)
    backend = formats.load("in_place")
    source = FolderSource(chosen.index, chosen.order)
    backend.store(source.pieces(as_files=True), source.facts, tmp_path / "store")
    taken = footprint(tmp_path / "store")
    assert taken.files == 30
    assert taken.bytes_logical >= sum(file.stat().st_size for file in folder.rglob("*.jpg"))


def test_links_to_places_outside_are_followed_and_no_folder_is_met_twice(folder, tmp_path):
    fill(folder, 3)
    fill(tmp_path / "elsewhere", 4)
    (folder / "more").symlink_to(tmp_path / "elsewhere")
    (folder / "again").symlink_to(tmp_path / "elsewhere")
    (folder / "alone.jpg").symlink_to(tmp_path / "elsewhere/cats/000.jpg")
    chosen = chosen_of(folder)
    assert len(chosen.order) == 3 + 4 + 1
    assert not chosen.index.reasons
    [note] = chosen.index.notes
    assert note.startswith("1 link leads to a folder that is measured by another name")
    assert "'more'" in note


def test_a_folder_counts_by_its_own_name_and_not_by_that_of_a_link(folder):
    fill(folder, 4, ("zebra", "yak"))
    (folder / "ant").symlink_to(folder / "zebra")
    assert set(chosen_of(folder).index.classes.values()) == {"zebra", "yak"}
