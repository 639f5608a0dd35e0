"""The modes of a folder's images: those that decoding gives, which decide what can hold them."""

import io
import struct
import zlib

import imagecodecs
import numpy as np
import pytest
from imagebench import formats
from imagebench.images.describing import of_folder
from imagebench.images.folder import FolderSource
from imagebench.limits import why_not
from imagebench.page import phrases
from imagebench.pieces import mode_of
from pictures import KINDS, chosen_of, encoded, picture
from PIL import Image


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "images"


def rarely_seen():
    """Bytes of files that are decoded to another mode than their header names, by that mode."""
    deep = np.random.default_rng(0).integers(0, 65536, (30, 40, 3), dtype=np.uint16)
    tiff, ycbcr, palette = io.BytesIO(), io.BytesIO(), io.BytesIO()
    picture().quantize(16).convert("PA").save(tiff, "TIFF")
    picture().convert("YCbCr").save(ycbcr, "TIFF")
    picture().quantize(16).save(palette, "PNG", transparency=3)
    with_alpha = bytes(imagecodecs.png_encode(np.ascontiguousarray(deep[:, :, :2])))
    colours = bytes(imagecodecs.png_encode(deep))
    place = colours.index(b"IDAT") - 4
    body = b"tRNS" + deep[0, 0].astype(">u2").tobytes()
    chunk = struct.pack(">I", 6) + body + struct.pack(">I", zlib.crc32(body))
    numbers = b" ".join(b"%d" % number for number in deep.ravel())
    return {
        "palette and alpha": ("RGBA", tiff.getvalue(), None),
        "palette with transparency": ("RGBA", palette.getvalue(), None),
        "YCbCr": ("RGB", ycbcr.getvalue(), None),
        "grey of 16 bits with alpha": ("LA;16", with_alpha, deep[:, :, :2]),
        "transparent colour": ("RGB;16", colours[:place] + chunk + colours[place:], deep),
        "PPM": ("RGB;16", b"P6 40 30 65535\n" + deep.astype(">u2").tobytes(), deep),
        "plain PPM": ("RGB;16", b"P3 40 30 65535\n" + numbers, deep),
    }


@pytest.mark.parametrize("name", rarely_seen())
def test_facts_name_the_mode_that_decoding_gives_whatever_a_header_says(folder, name):
    mode, content, expected = rarely_seen()[name]
    folder.mkdir()
    (folder / "image").write_bytes(content)
    chosen = chosen_of(folder)
    source = FolderSource(chosen.index, chosen.order)
    [(images, _)] = source.pieces()
    assert source.facts.modes == {mode: 1}
    assert mode_of(images[0].shape, images.dtype) == mode
    assert source.facts.shape == images[0].shape
    if expected is None:
        expected = np.asarray(Image.open(folder / "image").convert(mode))
    assert np.array_equal(images[0], expected)


def test_the_page_tells_the_modes_of_the_files_and_which_images_are_brought_to_one(folder):
    folder.mkdir()
    names = ("grey.png", "bilevel.png", "palette.png", "colours.png", "transparent.png")
    for name in names:
        (folder / name).write_bytes(encoded(*KINDS[name]))
    said = of_folder(chosen_of(folder, 2), "left_out.csv")
    assert said["brought"] == {"mode": "RGBA", "of": 5, "brought": {"L": 2, "RGB": 2}}
    assert phrases.brought(said["brought"]).startswith(
        "Of 5 images, 2 are grey and 2 are RGB: every format brings them to RGBA when"
    )
    assert set(of_folder(chosen_of(folder), "left_out.csv")["modes"]) == {
        "L",
        "1",
        "P",
        "RGB",
        "RGBA",
    }


def test_16_bits_stay_when_images_are_shrunk(folder):
    folder.mkdir()
    deep = np.random.default_rng(0).integers(0, 65536, (30, 40, 3), dtype=np.uint16)
    (folder / "image.png").write_bytes(imagecodecs.png_encode(deep))
    chosen = chosen_of(folder, resize=15)
    [(images, _)] = FolderSource(chosen.index, chosen.order).pieces()
    assert (images.shape, images.dtype) == ((1, 15, 20, 3), np.uint16)
    assert abs(images.mean() - deep.mean()) < 100
    halves = deep.reshape(15, 2, 20, 2, 3).mean(axis=(1, 3))
    assert np.corrcoef(images.ravel(), halves.ravel())[0, 1] > 0.8


def in_folder(folder, *names):
    """The facts of a folder of files of these kinds."""
    folder.mkdir()
    for name in names:
        (folder / name).write_bytes(encoded(*KINDS[name]))
    return chosen_of(folder).all_facts


@pytest.mark.parametrize(
    ("names", "refusing"),
    [
        (["palette.png", "palette.gif", "colours.png"], []),
        (["bilevel.png", "grey.jpg", "photo.jpg"], ["packed+qoi", "packed+webp"]),
        (["palette.png", "transparent.png"], ["packed+jpeg", "packed+webp"]),
        (["photo.jpg", "print.jpg"], ["packed+raw", "packed+png", "packed+qoi", "packed+jpeg"]),
    ],
)
def test_a_format_is_refused_only_for_what_decoding_gives(names, refusing, tmp_path):
    facts = in_folder(tmp_path / "images", *names)
    wanted = [*refusing, "packed+raw", "packed+png", "packed+original", "in_place", "raw"]
    found = {name for name in wanted if why_not(formats.load(name), facts) is not None}
    assert found == set(refusing)
    for name in refusing:
        reason = why_not(formats.load(name), facts)
        assert "palette" not in reason
        assert "bilevel" not in reason


def test_the_facts_of_one_image_say_that_it_is_cmyk(tmp_path):
    facts = in_folder(tmp_path / "images", "print.jpg")
    assert facts.modes == facts.only(0).modes == {"CMYK": 1}
