"""Images of several modes, which every format hands out in one when they are read for training."""

import math

import numpy as np
import pytest
from blocks import source_of, work_with
from imagebench import formats, operations
from imagebench.digests import digest_of, image_digests
from imagebench.images.folder import FolderSource
from imagebench.modes import brought, one_mode
from imagebench.operations.in_order import way_of
from imagebench.operations.read_crops import crop_of, part_of
from pictures import KINDS, chosen_of, encoded, picture
from PIL import Image

pytestmark = pytest.mark.usefixtures("few_calls")

SETTINGS = {"batch_size": 3, "workers": 2, "buffer_size": 4, "crop": 9}
EIGHT_BITS = [
    "grey.png", "bilevel.png", "palette.png", "alpha.png", "colours.png", "transparent.png",
    "photo.jpg", "grey.jpg", "palette.gif",
]  # fmt: skip
EVERYWHERE = ["in_place", "packed+original", "raw"]
"""What holds CMYK, too."""


def folder_of(folder, *names):
    """A folder of files of these kinds and of a palette with transparency, each of its own size."""
    folder.mkdir()
    for number, name in enumerate(names):
        content = encoded(*KINDS[name], width=30 + number, seed=number)
        (folder / name).write_bytes(content)
    picture().quantize(16).save(folder / "see-through.png", transparency=3)
    return folder


def source_in(folder):
    chosen = chosen_of(folder)
    order = np.sort(chosen.order)
    paths = [folder / chosen.index.names[number].decode() for number in order]
    return FolderSource(chosen.index, order), paths


def by_pillow_alone(path, *, deep):
    """An image of a file in RGBA, of 8 bits or of 16."""
    opened = Image.open(path)
    if opened.mode == "I;16":
        grey = np.asarray(opened)
        return np.dstack([grey, grey, grey, np.full_like(grey, 65535)])
    if opened.mode == "CMYK":
        opened = opened.convert("RGB")
    pixels = np.asarray(opened.convert("RGBA"))
    return pixels.astype(np.uint16) * 257 if deep else pixels


def crop_by_pillow(image, index, size):
    left, top, width, height = part_of(image.shape[1], image.shape[0], index)
    box = (left, top, left + width, top + height)
    channels = np.moveaxis(image, 2, 0) if image.ndim > 2 else image[np.newaxis]
    if image.dtype == np.uint8:
        cut = Image.fromarray(image).crop(box)
        return np.asarray(cut.resize((size, size), Image.Resampling.BILINEAR))
    found = [
        np.asarray(Image.fromarray(channel.astype(np.float32)).crop(box).resize(
            (size, size), Image.Resampling.BILINEAR
        ))
        for channel in channels
    ]  # fmt: skip
    return np.squeeze(np.dstack(found).round().astype(np.uint16))


def measured(operation, name, source, folder, **settings):
    way = operations.load(operation)
    given = {**SETTINGS, "one_mode": one_mode(source.facts.modes), **settings}
    given = {key: value for key, value in given.items() if value is not None}
    work = work_with(formats.load, folder / "store", source, name=name, **given)
    return way, way.measure(work)


@pytest.mark.parametrize(
    ("modes", "expected"),
    [
        (["RGB"], None), (["CMYK"], None), (["L"], None), (["L;16"], None),
        (["L", "RGB"], "RGB"), (["L", "LA"], "RGBA"), (["RGB", "RGBA"], "RGBA"),
        (["RGB", "CMYK"], "RGB"), (["L", "CMYK", "LA"], "RGBA"), (["L", "L;16"], "L;16"),
        (["L;16", "RGB"], "RGB;16"), (["RGB;16", "LA"], "RGBA;16"), (["LA", "LA;16"], "LA;16"),
        (["RGBA", "RGBA;16"], "RGBA;16"),
    ],
)  # fmt: skip
def test_the_one_mode_holds_all_of_every_image(modes, expected):
    assert one_mode(dict.fromkeys(modes, 3)) == expected


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA"])
@pytest.mark.parametrize("to", ["RGB", "RGBA"])
def test_a_mode_is_brought_to_a_larger_one_as_pillow_does_and_16_bits_exactly(mode, to):
    image = np.asarray(picture(mode))
    if to == "RGB" and mode in ("LA", "RGBA"):
        return
    expected = np.asarray(picture(mode).convert(to))
    found = brought(image, to)
    assert found.dtype == np.uint8
    assert np.array_equal(found, expected)
    assert (found is image) == (mode == to)
    wide = image.astype(np.uint16) * 200 + 3
    assert np.array_equal(
        brought(wide, f"{to};16")[..., 0], wide[..., 0] if wide.ndim > 2 else wide
    )
    assert np.array_equal(brought(image, f"{to};16"), expected.astype(np.uint16) * 257)


def test_16_bits_of_grey_stay_grey_of_16_bits():
    image = np.asarray(picture("L"))
    assert np.array_equal(brought(image, "L;16"), image.astype(np.uint16) * 257)


@pytest.mark.parametrize(
    ("operation", "more", "names"),
    [
        *((operation, ["deep.png"], ["in_place", "lmdb+png"])
          for operation in operations.chosen_by_config()),
        ("read_batches", [], [*EVERYWHERE, "packed+raw", "lmdb+png"]),
        ("read_crops", ["print.jpg"], EVERYWHERE),
        ("read_batches", ["deep.png", "print.jpg"], EVERYWHERE),
    ],
)  # fmt: skip
def test_every_way_of_access_hands_out_one_mode_from_every_format(
    operation, more, names, on_disk, tmp_path
):
    source, paths = source_in(folder_of(tmp_path / "images", *EIGHT_BITS, *more))
    deep = "deep.png" in more
    assert one_mode(source.facts.modes) == ("RGBA;16" if deep else "RGBA")
    images = [by_pillow_alone(path, deep=deep) for path in paths]
    if operation == "read_crops":
        images = [crop_by_pillow(image, index, 9) for index, image in enumerate(images)]
    expected = image_digests(images, source.facts.labels)
    for name in names:
        way, samples = measured(operation, name, source, on_disk)
        assert np.array_equal(way.expected, expected)  # which all that came was held against
        if operation == "read_first":
            continue
        assert samples[-1].digest != samples[-1].source_digest == digest_of(source.digests)


@pytest.mark.parametrize("operation", ["read_batches", "read_crops", "read_workers_forked"])
def test_images_in_one_mode_are_read_in_parts_that_fit_into_memory(operation, on_disk, tmp_path):
    source, _ = source_in(folder_of(tmp_path / "images", *EIGHT_BITS, "deep.png"))
    source.piece_bytes = source.facts.total_bytes  # one piece as they are stored
    _, samples = measured(operation, "packed+original", source, on_disk, batch_size=1)
    assert min(sample.pieces for sample in samples) > 1


def test_reading_in_order_keeps_the_mode_of_each_image(on_disk, tmp_path):
    source, _ = source_in(folder_of(tmp_path / "images", *EIGHT_BITS))
    way = way_of("read_many")
    way.measure(work_with(formats.load, on_disk / "store", source, name="raw", one_mode="RGBA"))
    assert np.array_equal(way.expected, source.digests)


def test_images_of_one_mode_are_not_touched(on_disk):
    images = np.random.default_rng(0).integers(0, 256, (8, 20, 20), dtype=np.uint8)
    source = source_of(images, np.arange(8))
    for operation in operations.chosen_by_config():
        if operation != "read_crops":
            way, _ = measured(operation, "packed+raw", source, on_disk)
            assert way.one_mode is None
            assert way.expected is source.digests


@pytest.mark.parametrize("channels", [(), (2,), (3,), (4,)])
@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
def test_crops_have_the_mode_of_the_images(channels, kind, on_disk):
    most = np.iinfo(kind).max
    images = np.random.default_rng(0).integers(0, most, (6, 30, 40, *channels), kind, endpoint=True)
    source = source_of(images, np.arange(6))
    expected = [crop_by_pillow(image, index, 9) for index, image in enumerate(images)]
    assert expected[0].shape == (9, 9, *channels)
    assert expected[0].dtype == kind
    way, _ = measured("read_crops", "packed+raw", source, on_disk)
    assert np.array_equal(way.expected, image_digests(expected, np.arange(6)))


def test_crops_of_16_bits_are_what_the_definition_of_the_filter_gives():
    image = np.random.default_rng(0).integers(0, 65536, (50, 60, 3), dtype=np.uint16)
    left, top, width, height = part_of(60, 50, 7)
    part = image[top : top + height, left : left + width].astype(np.float64)
    rows, columns = (triangles(length, 9) for length in (height, width))
    expected = np.einsum("yr,xc,rcd->yxd", rows, columns, part)
    assert np.abs(crop_of(image, 7, 9) - expected).max() < 0.6


def triangles(length, size):
    """Weights of a triangle over the pixels below each new one, as an antialiased resize has."""
    scale = max(length / size, 1)
    centres = (np.arange(size) + 0.5) * length / size
    away = np.abs(np.arange(length) + 0.5 - centres[:, np.newaxis]) / scale
    weights = np.maximum(1 - away, 0)
    return weights / weights.sum(axis=1, keepdims=True)


def test_crops_of_cmyk_alone_stay_cmyk(on_disk, tmp_path):
    folder = tmp_path / "images"
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.jpg").write_bytes(encoded("CMYK", "JPEG", seed=number))
    source, paths = source_in(folder)
    way, _ = measured("read_crops", "in_place", source, on_disk)
    expected = []
    for index, path in enumerate(paths):
        shown = Image.open(path)
        left, top, width, height = part_of(*shown.size, index)
        cut = shown.crop((left, top, left + width, top + height))
        expected.append(np.asarray(cut.resize((9, 9), Image.Resampling.BILINEAR)))
    assert np.array_equal(way.expected, image_digests(expected, source.facts.labels))
    assert math.prod(expected[0].shape) == 9 * 9 * 4
