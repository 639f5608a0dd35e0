"""What files hold beside the pixels of their first page is counted, and told to be dropped."""

import io
import json
import struct
import zlib
from dataclasses import replace

import numpy as np
import pytest
from imagebench import decoding, formats
from imagebench.digests import image_digests
from imagebench.images.describing import of_folder
from imagebench.images.folder import FolderSource
from imagebench.images.index import dropped
from imagebench.images.looking import look_at
from imagebench.limits import traits_for
from pictures import KINDS, chosen_of, encoded, fill, picture
from PIL import Image

SEVERAL = {"TIFF": {}, "GIF": {}, "WEBP": {"lossless": True}, "PNG": {}, "MPO": {}}
"""Formats that hold several pages or frames, with the settings by which Pillow writes them."""


def pages(kind, count=3, **more):
    """Make a file of several pages or frames that differ."""
    first, *others = (picture(seed=number) for number in range(count))
    file = io.BytesIO()
    first.save(file, kind, save_all=True, append_images=others, **SEVERAL[kind], **more)
    return file.getvalue()


def turned(kind, orientation=6, mode="RGB", **more):
    """Make a file with an orientation."""
    exif, file = Image.Exif(), io.BytesIO()
    exif[decoding.ORIENTATION] = orientation
    picture(mode, **more).save(file, kind, exif=exif)
    return file.getvalue()


def chunks(data):
    """Give the chunks of a PNG file."""
    place = len(decoding.SIGNATURE)
    while place < len(data):
        size = int.from_bytes(data[place : place + 4], "big") + 12
        yield data[place : place + size]
        place += size


def with_exif_last(data, before_end=b""):
    """Move the EXIF of a PNG file behind its pixels."""
    parts = list(chunks(data))
    [exif] = [part for part in parts if part[4:8] == b"eXIf"]
    others = [part for part in parts if part is not exif]
    return decoding.SIGNATURE + b"".join([*others[:-1], exif, before_end, others[-1]])


def chunk(name, content):
    """Make a chunk of a PNG file."""
    of = name + content
    return len(content).to_bytes(4, "big") + of + zlib.crc32(of).to_bytes(4, "big")


def look(folder, data):
    """Give the row of a file."""
    path = folder / "file"
    path.write_bytes(data)
    row, reason = look_at(str(path).encode())
    assert reason is None
    return row


@pytest.mark.parametrize("kind", SEVERAL)
def test_pages_and_frames_are_counted(tmp_path, kind):
    assert look(tmp_path, pages(kind))["pages"] == 3
    assert look(tmp_path, pages(kind, 1))["pages"] == 1


@pytest.mark.parametrize("name", KINDS)
def test_a_file_of_one_picture_has_one_page_and_no_orientation(tmp_path, name):
    row = look(tmp_path, encoded(*KINDS[name]))
    assert (row["pages"], row["orientation"] <= 1) == (1, True)


@pytest.mark.parametrize("order", ["<", ">"])
def test_pages_of_tiff_are_counted_in_either_byte_order(tmp_path, order):
    """A circle of pages, and a smaller copy of a page."""

    def page(place, following, kind):
        tags = [
            (254, 4, 1, kind), (256, 4, 1, 2), (257, 4, 1, 2), (258, 4, 1, 8), (262, 4, 1, 1),
            (273, 4, 1, 4), (277, 4, 1, 1), (278, 4, 1, 2), (279, 4, 1, 4),
        ]  # fmt: skip
        fields = b"".join(struct.pack(f"{order}HHII", *tag) for tag in tags)
        return struct.pack(f"{order}H", len(tags)) + fields + struct.pack(f"{order}I", following)

    size = len(page(0, 0, 0))
    places = [8 + number * size for number in range(3)]
    start = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}I", 8)
    for last, kinds, count in ((0, (0, 0, 0), 3), (0, (0, 1, 0), 2), (8, (0, 2, 2), 3)):
        following = [*places[1:], last]
        parts = map(page, places, following, kinds)
        assert look(tmp_path, start + b"".join(parts))["pages"] == count


@pytest.mark.filterwarnings("error")
def test_a_thumbnail_of_an_mpo_file_is_no_page(tmp_path):
    data = pages("MPO", 2)
    primary, thumbnail = struct.pack("<L", 0x030000), struct.pack("<L", 0x010002)
    start = data.index(b"MPF\0")
    second = data.rindex(primary, start, start + 70) + 16  # bytes of an entry
    changed = data[:second] + thumbnail + data[second + 4 :]
    assert (look(tmp_path, data)["pages"], look(tmp_path, changed)["pages"]) == (2, 1)


@pytest.mark.parametrize("kind", ["TIFF", "GIF", "MPO"])
def test_what_is_cut_off_is_not_counted(tmp_path, kind):
    data, one, two = pages(kind), len(pages(kind, 1)), len(pages(kind, 2))
    for length, count in ((two + 60, 2), (one + 60, 1)):
        assert look(tmp_path, data[:length])["pages"] == count


TURNED = {
    "photo.jpg": turned("JPEG"),
    "before.png": turned("PNG"),
    "behind.png": with_exif_last(turned("PNG")),
    "large.png": with_exif_last(turned("PNG", width=300, height=200)),
    "text.png": with_exif_last(turned("PNG"), chunk(b"tEXt", b"Comment\0none")),
    "colours.webp": turned("WEBP"),
    "colours.tiff": turned("TIFF"),
    "deep.tiff": turned("TIFF", mode="I;16"),
    "several.tiff": pages("TIFF", tiffinfo={decoding.ORIENTATION: 6}),
}


@pytest.mark.parametrize("name", TURNED)
def test_an_orientation_is_found_and_not_applied(tmp_path, name):
    row = look(tmp_path, TURNED[name])
    image = decoding.decode(TURNED[name])
    assert row["orientation"] == 6
    assert image.shape[:2] == (row["height"], row["width"])
    assert row["width"] > row["height"]


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("mode", ["RGB", "L", "1", "P", "I;16", "CMYK"])
def test_no_tiff_file_is_turned_whatever_pillow_does(orientation, mode):
    data = turned("TIFF", orientation, mode)
    assert np.array_equal(decoding.decode(data), decoding.decode(encoded(mode, "TIFF")))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("broken", [b"MM\0*\0\0\xff\xff", b"nothing", b"II*\0\x08\0\0\0\xff\xff"])
def test_broken_exif_is_no_orientation(tmp_path, kind, broken):
    file = io.BytesIO()
    picture().save(file, kind, exif=b"Exif\0\0" + broken)
    row = look(tmp_path, file.getvalue())
    assert (row["orientation"], row["pages"]) == (0, 1)
    if kind == "PNG":
        assert look(tmp_path, with_exif_last(file.getvalue()))["orientation"] == 0


@pytest.mark.parametrize("orientation", [0, 9, 700])
def test_an_orientation_that_does_not_exist_is_none(tmp_path, orientation):
    assert look(tmp_path, turned("JPEG", orientation))["orientation"] == 0


@pytest.fixture
def mixed(tmp_path):
    """A folder in which eight files hold more than their pixels."""
    folder = fill(tmp_path / "images", 4)
    for kind in SEVERAL:
        (folder / f"cats/several.{kind.lower()}").write_bytes(pages(kind))
    for name in ("photo.jpg", "behind.png", "colours.webp"):
        (folder / "dogs" / name).write_bytes(TURNED[name])
    (folder / "dogs/upright.jpg").write_bytes(turned("JPEG", 1))
    return folder


def test_all_good_files_of_a_folder_count_and_not_those_that_are_measured_alone(mixed):
    (mixed / "dogs/broken.jpg").write_bytes(TURNED["photo.jpg"][:400])
    for count in (None, 2):
        chosen = chosen_of(mixed, count)
        assert dropped(chosen.index.rows) == {"pages": 5, "orientation": 3}
        found = json.loads(json.dumps(of_folder(chosen, "left_out.csv")))
        assert found["drops"] == {"pages": 5, "orientation": 3}
        pages_line, orientation_line = found["beyond_pixels"]
        assert pages_line.startswith("5 files hold 15 pages or frames")
        assert orientation_line.startswith("3 files have an orientation")


def test_the_one_file_of_a_folder_is_told_in_the_singular(tmp_path):
    folder = fill(tmp_path / "images", 4)
    (folder / "dogs/turned.jpg").write_bytes(TURNED["photo.jpg"])
    (folder / "dogs/several.gif").write_bytes(pages("GIF"))
    pages_line, orientation_line = of_folder(chosen_of(folder), "left_out.csv")["beyond_pixels"]
    assert pages_line.startswith("1 file holds 3 pages or frames")
    assert orientation_line.startswith("1 file has an orientation")


def test_formats_of_pixels_are_not_lossless_where_anything_is_dropped(mixed, tmp_path):
    names = ["in_place", "packed+original", "packed+raw", "packed+jpeg", "npy"]
    traits = {name: formats.traits_of(name) for name in names}
    drops = dropped(chosen_of(mixed).index.rows)
    found = {name: traits_for(of, drops)["lossless"] for name, of in traits.items()}
    assert found == {name: name in ("in_place", "packed+original") for name in names}
    nothing = dropped(chosen_of(fill(tmp_path / "more/images")).index.rows)
    assert nothing == {}
    assert {name: traits_for(of, nothing) for name, of in traits.items()} == traits


def test_pages_and_turned_files_are_stored_as_others_are(mixed, tmp_path):
    (mixed / "cats/several.gif").unlink()  # a palette, which is another matter
    (mixed / "dogs/turned.tiff").write_bytes(TURNED["colours.tiff"])
    chosen = chosen_of(mixed)
    source = FolderSource(chosen.index, chosen.order)
    assert not chosen.index.reasons
    [(images, labels)] = source.pieces()
    assert [image.nbytes for image in images] == source.facts.sizes.tolist()
    for name in ("in_place", "packed+original", "packed+raw"):
        backend = formats.load(name)
        backend.alike = False
        pieces = source.pieces(as_files=backend.keeps_files)
        backend.store(pieces, source.facts, tmp_path / name)
        [(found, _)] = backend.read(tmp_path / name)
        assert np.array_equal(image_digests(found, labels), source.digests)
    assert dropped(chosen.index.rows) == {"pages": 4, "orientation": 4}


def test_an_index_of_before_pages_were_counted_is_made_anew(mixed):
    before = chosen_of(mixed)
    names = [name for name in before.index.rows.dtype.names if name != "pages"]
    rows = np.zeros(
        len(before.index.rows), [(name, before.index.rows.dtype[name]) for name in names]
    )
    for name in names:
        rows[name] = before.index.rows[name]
    replace(before.index, rows=rows).save(mixed.parent / "kept")
    assert dropped(chosen_of(mixed).index.rows) == {"pages": 5, "orientation": 3}
