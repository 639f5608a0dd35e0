"""Files that few have: each is read as Pillow reads it, or left out with its name and why."""

import faulthandler
import io
import os
import signal
import struct
import subprocess
import sys
import time
import zlib

import imagecodecs
import numpy as np
import pytest
from imagebench import decoding
from imagebench.images import looking
from imagebench.images.folder import FolderSource
from imagebench.pieces import mode_of
from imagebench.silence import silenced
from pictures import chosen_of, encoded, fill, picture
from PIL import Image, ImageFile

DEEP = np.random.default_rng(0).integers(0, 65536, (30, 40, 3), dtype=np.uint16)
RGB = np.asarray(picture())


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "images"


def tiff(pixels, order="<", planes=False, orientation=1, photometric=2, compressed=False):
    """Make a TIFF file of one strip, or of one for each channel."""
    channels = pixels.shape[2]
    strips = [pixels[..., place] for place in range(channels)] if planes else [pixels]
    data = [np.ascontiguousarray(one, one.dtype.newbyteorder(order)).tobytes() for one in strips]
    data = [zlib.compress(one) for one in data] if compressed else data
    tags = {
        256: pixels.shape[1], 257: pixels.shape[0], 258: [8 * pixels.itemsize] * channels,
        259: 8 if compressed else 1, 262: photometric, 273: [0] * len(data), 274: orientation,
        277: channels, 278: pixels.shape[0], 279: [len(one) for one in data],
        284: 2 if planes else 1,
    }  # fmt: skip
    after = 8 + 2 + 12 * len(tags) + 4
    start = after + 256
    tags[273] = [start + sum(map(len, data[:place])) for place in range(len(data))]
    fields = more = b""
    for number, value in tags.items():
        values = value if isinstance(value, list) else [value]
        kind, letter = (4, "I") if number in (273, 279) else (3, "H")
        content = struct.pack(f"{order}{len(values)}{letter}", *values)
        if len(content) > 4:
            more, content = more + content, struct.pack(f"{order}I", after + len(more))
        fields += struct.pack(f"{order}HHI", number, kind, len(values)) + content.ljust(4, b"\0")
    mark = b"II*\0" if order == "<" else b"MM\0*"
    head = mark + struct.pack(f"{order}IH", 8, len(tags)) + fields + bytes(4)
    return head + more.ljust(256, b"\0") + b"".join(data)


def bmp(bits, masks):
    """Make a BMP file whose channels have bits of their own."""
    pixels = np.random.default_rng(0).bytes(30 * 40 * bits // 8)
    start = 14 + 40 + 4 * len(masks)
    kind = 3 if masks else 0
    header = struct.pack("<IiiHHIIiiII", 40, 40, 30, 1, bits, kind, len(pixels), 0, 0, 0, 0)
    masks = struct.pack(f"<{len(masks)}I", *masks)
    return b"BM" + struct.pack("<IHHI", start + len(pixels), 0, 0, start) + header + masks + pixels


def chunk(name, body):
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png_with(*chunks, mode="RGB"):
    """Make a PNG file with chunks before its pixels."""
    file = io.BytesIO()
    (picture().quantize(16) if mode == "P" else picture(mode)).save(file, "PNG")
    place = file.getvalue().index(b"IDAT") - 4
    return file.getvalue()[:place] + b"".join(chunks) + file.getvalue()[place:]


def animated(kind):
    """Make a file of several frames, parts of which are transparent."""
    frames = [picture("RGBA", seed=seed) for seed in range(3)]
    file = io.BytesIO()
    frames[0].save(file, kind, save_all=True, append_images=frames[1:])
    return file.getvalue()


JPEG = encoded("RGB", "JPEG")
DEEP_PNG = bytes(imagecodecs.png_encode(DEEP))
TEXT = b"k\0" + b"x" * (2 << 20)

READ = {
    "planes.tif": (tiff(DEEP, planes=True), DEEP),
    "planes, big-endian, compressed.tif": (tiff(DEEP, ">", planes=True, compressed=True), DEEP),
    "planes, turned.tif": (tiff(DEEP, planes=True, orientation=6), DEEP),
    "turned.tif": (tiff(DEEP, orientation=6), DEEP),
    "big-endian, mirrored.tif": (tiff(DEEP, ">", orientation=5), DEEP),
    "8 bits, planes, turned.tif": (tiff(RGB, planes=True, orientation=6), RGB),
    "565.bmp": (bmp(16, (0xF800, 0x7E0, 0x1F)), None),
    "555.bmp": (bmp(16, (0x7C00, 0x3E0, 0x1F)), None),
    "bits of 32.bmp": (bmp(32, (0xFF0000, 0xFF00, 0xFF)), None),
    "16 bits, animated.png": (
        DEEP_PNG[:33] + chunk(b"acTL", struct.pack(">II", 1, 0)) + DEEP_PNG[33:], DEEP
    ),
    "broken acTL.png": (
        png_with(chunk(b"acTL", b"\xff" * 8)), RGB
    ),
    "animated.webp": (animated("WEBP"), None),
    "animated.png": (animated("PNG"), None),
    "animated.gif": (animated("GIF"), None),
    "tRNS too long.png": (png_with(chunk(b"tRNS", bytes(range(48))), mode="P"), None),
    "tRNS for nothing.png": (png_with(chunk(b"tRNS", b""), mode="P"), None),
    "text.png": (png_with(chunk(b"tEXt", TEXT)), RGB),
    "compressed text.png": (png_with(chunk(b"zTXt", b"k\0\0" + zlib.compress(TEXT))), RGB),
    "text of the world.png": (
        png_with(chunk(b"iTXt", b"k\0\1\0\0\0" + zlib.compress(TEXT))), RGB
    ),
    "much text.png": (png_with(*[chunk(b"tEXt", TEXT[: 90 << 10])] * 800), RGB),
    "profile.png": (
        png_with(chunk(b"iCCP", b"k\0\0" + zlib.compress(os.urandom(2 << 20)))), RGB
    ),
    "before the end.jpg": (JPEG[:-2] + b"\1\2\3" + JPEG[-2:], None),
    "in the header.jpg": (JPEG[:20] + b"abc" + JPEG[20:], None),
    "behind the end.jpg": (JPEG + b"more", None),
    "CMYK.jpg": (encoded("CMYK", "JPEG"), None),
    "to 1023.ppm": (b"P6 40 30 1023\n" + (DEEP >> 6).astype(">u2").tobytes(), None),
    "to 100.pgm": (b"P5 40 30 100\n" + (RGB[..., 0] // 3).tobytes(), None),
}  # fmt: skip
"""Files by what is odd about them, and their pixels where Pillow does not give all of them."""


@pytest.mark.parametrize("name", READ)
def test_shape_and_type_are_those_that_decoding_gives(folder, name):
    content, expected = READ[name]
    folder.mkdir()
    (folder / name).write_bytes(content)
    chosen = chosen_of(folder)
    assert not chosen.index.reasons
    source = FolderSource(chosen.index, chosen.order)
    [(images, _)] = source.pieces()
    assert source.facts.shape == images[0].shape
    assert source.facts.modes.keys() <= {mode_of(images[0].shape, images[0].dtype), "CMYK"}
    if expected is None and images[0].itemsize == 1:
        shown = decoding.opened(io.BytesIO(content), decoding.format_of(content))
        shown = Image.open(io.BytesIO(content)) if shown.format != "PNG" else shown
        expected = np.asarray(shown.convert({"P": None}.get(shown.mode, shown.mode)))
    if expected is not None:
        assert np.array_equal(images[0], expected)
        assert images[0].dtype == expected.dtype


@pytest.mark.parametrize("place", [-2, 20])  # before the end, and behind the first segment
@pytest.mark.parametrize("at_least", [None, 64])
def test_a_jpeg_with_bytes_too_many_is_decoded_at_the_scale_of_others(at_least, place):
    good = encoded("RGB", "JPEG", width=200, height=160)
    odd = good[:place] + b"\1\2\3" + good[place:]
    found = decoding.decode(odd, at_least)
    assert found.shape == decoding.decode(good, at_least).shape
    assert found.shape[0] < (161 if at_least is None else 100)
    assert at_least or np.array_equal(found, decoding.decode(good))
    with pytest.raises(OSError, match="truncated"):
        decoding.decode(good[: len(good) // 2], at_least)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (tiff(DEEP[..., [0, 1, 2, 0]], photometric=5), "CMYK;16L"),
        (tiff(RGB, photometric=8), "LAB"),
        (tiff(DEEP[..., [0, 1, 2, 0]], photometric=5, planes=True), "CMYK;16"),
        (bmp(24, ())[:18] + struct.pack("<I", 0xFFFFFF00) + bmp(24, ())[22:], "4,294,967,040 x 30"),
        (JPEG[: len(JPEG) // 2], "Truncated"),
    ],
)
def test_what_is_not_measured_is_left_out_with_a_true_reason(folder, content, words):
    fill(folder, 3)
    (folder / "odd").write_bytes(content)
    [(name, reason)] = chosen_of(folder).index.reasons.items()
    assert name == b"odd"
    assert words in reason


def test_where_a_header_says_another_type_the_one_of_decoding_counts(folder, monkeypatch):
    fill(folder, 3)
    monkeypatch.setattr(decoding, "decoded_as", lambda image, mode: (4, 2))
    chosen = chosen_of(folder)
    source = FolderSource(chosen.index, chosen.order)
    assert source.facts.modes == {"RGB": 3}
    [(images, _)] = source.pieces()
    assert [image.nbytes for image in images] == source.facts.sizes.tolist()


def test_where_a_header_says_another_size_a_file_is_left_out(folder, monkeypatch):
    fill(folder, 3)
    real = decoding.size_of
    monkeypatch.setattr(
        decoding, "size_of", lambda image: (7, 7) if image.format == "PNG" else real(image)
    )
    (folder / "odd.png").write_bytes(encoded())
    assert chosen_of(folder).index.reasons == {
        b"odd.png": "decoding gives 40 x 30 pixels, and its header says 7 x 7"
    }


class Killer(ImageFile.PyDecoder):
    """A decoder that does with its process what its file says."""

    def decode(self, buffer):
        faulthandler.disable()
        {b"a": os.abort, b"k": lambda: os.kill(os.getpid(), signal.SIGKILL)}.get(
            bytes(buffer[:1]), lambda: time.sleep(60)
        )()
        return -1, 0


class Killing(ImageFile.ImageFile):
    """A file in place of a BMP file; of a header with an "h", not even that can be read."""

    format = "BMP"

    def _open(self):
        start = self.fp.read(3)
        if start[2:] == b"h":
            faulthandler.disable()
            os.abort()
        self._mode, self._size = "L", (4, 4)
        self.tile = [("killer", (0, 0, 4, 4), 2, None)]


@pytest.fixture
def killers(monkeypatch):
    """Let files with the mark of BMP kill whoever decodes them."""
    Image.init()
    monkeypatch.setitem(Image.OPEN, "BMP", (Killing, None))
    monkeypatch.setitem(Image.DECODERS, "killer", Killer)
    monkeypatch.setattr(looking, "SECONDS", 1)


def test_files_that_kill_or_stop_a_process_are_named_and_all_others_are_looked_at(
    folder, killers, monkeypatch
):
    monkeypatch.setattr(looking, "TOGETHER", 8)
    fill(folder, 24)
    for name in ("a crashes", "k is killed", "header", "s sleeps"):
        (folder / name).write_bytes(b"BM" + name.encode())
    chosen = chosen_of(folder, labels="none")
    reasons = {os.fsdecode(name): reason for name, reason in chosen.index.reasons.items()}
    crashes = "a library crashes that should decode it"
    assert reasons == {
        "a crashes": crashes,
        "k is killed": crashes,
        "header": crashes,
        "s sleeps": "it takes more than 1 seconds to look at",
    }
    assert len(chosen.order) == 24
    assert chosen_of(folder, labels="none").identity == chosen.identity


def test_a_file_that_changes_or_goes_while_a_folder_is_looked_at_is_left_out(folder, monkeypatch):
    fill(folder, 6)
    real = looking.digest_chosen

    def changing(index, numbers, tell):
        (folder / "cats/000.jpg").write_bytes(encoded("RGB", "JPEG"))
        (folder / "dogs/001.jpg").unlink(missing_ok=True)
        return real(index, numbers, tell)

    monkeypatch.setitem(chosen_of.__globals__["choosing"].__dict__, "digest_chosen", changing)
    chosen = chosen_of(folder)
    reasons = chosen.index.reasons
    assert reasons.keys() == {b"cats/000.jpg", b"dogs/001.jpg"}
    assert reasons[b"cats/000.jpg"] == "it was changed while the folder was looked at"
    assert "No such file" in reasons[b"dogs/001.jpg"]
    list(FolderSource(chosen.index, chosen.order).pieces())


NOISY = png_with(chunk(b"sBIT", b"\1\2"), chunk(b"iCCP", b"x\0\0" + zlib.compress(b"bad")))


def test_nothing_that_c_libraries_print_comes_to_the_terminal(folder, capfd):
    folder.mkdir()
    content = tiff(RGB)
    strip = content.index(struct.pack("<HHIHH", 259, 3, 1, 1, 0)) + 8
    (folder / "noisy.tif").write_bytes(content[:strip] + b"\x05" + content[strip + 1 :])
    [reason] = reasons_of_only(folder)
    assert "decoder error" in reason
    with silenced():
        os.write(2, b"PNG warning")
    print("still here", file=sys.stderr)
    assert tuple(capfd.readouterr()) == ("", "still here\n")


def reasons_of_only(folder):
    """Why the files of a folder that has no other are left out."""
    (folder / "good.png").write_bytes(encoded())
    return list(chosen_of(folder).index.reasons.values())


NOISY = png_with(chunk(b"sBIT", b"\1\2"), chunk(b"iCCP", b"x\0\0" + zlib.compress(b"bad")))


def test_what_python_libraries_warn_of_files_does_not_come_to_the_terminal():
    file = io.BytesIO()
    picture().save(file, "JPEG", exif=b"Exif\0\0II*\0\x08\0\0\0\xff\xff")
    program = (
        "import io, sys\n"
        "from imagebench import decoding\n"
        "data = sys.stdin.buffer.read()\n"
        "image = decoding.opened(io.BytesIO(data), decoding.format_of(data))\n"
        "image.getexif()\n"
        "decoding.decode(data)\n"
    )
    for content in (NOISY, file.getvalue()):
        done = subprocess.run(
            [sys.executable, "-c", program], input=content, capture_output=True, check=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )  # fmt: skip
        assert not done.stderr
