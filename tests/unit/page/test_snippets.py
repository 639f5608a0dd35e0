"""The code that a page shows is run as it stands, with no more than its install line installs."""

import json
import pickle
from functools import cache

import fresh
import numpy as np
import pytest
from imagebench import formats
from imagebench.page import data_set, snippets
from imagebench.pieces import Facts, Piece, in_one_piece
from measured_folder import Folder
from pictures import KINDS, encoded, picture

CONTAINERS = [f"{container}+png" for container in formats.containers_there_are()]
ORIGINALS = [f"{container}+original" for container in ("files", "zip", "parquet", "webdataset")]
CODECS = [
    f"packed+{codec}" for codec in formats.codecs_there_are() if codec not in ("png", "original")
]
ARRAYS = data_set.of(
    {"dataset": "arrays", "name": "photos", "arrays": {"images": "images.npy"}}, {}
)
OWN = [
    name
    for name in formats.backends_there_are()
    if name != "in_place" and snippets.of(name, ARRAYS)
]
CLASSES = {2: "2", 7: "7", 10: "10", 100: "a name"}
TAKEN = """
import multiprocessing
import pickle


def read(images, numbers):
    assert images[numbers[0]][0].flags.writeable  # else PyTorch warns
    return [(number, *images[number]) for number in numbers]


def in_workers(images, numbers, kind):
    with multiprocessing.get_context(kind).Pool(2) as workers:
        parts = [(images, numbers[place::8]) for place in range(8)]
        return [one for part in workers.starmap(read, parts) for one in part]


if __name__ == "__main__":
    numbers = list(range(len(images))) * TIMES
    found = {kind: in_workers(images, numbers, kind) for kind in KINDS}
    with open("found.pickle", "wb") as file:
        pickle.dump({"here": read(images, numbers), **found, "classes": images.classes}, file)
"""


@pytest.fixture(scope="session")
def environment(tmp_path_factory):
    """Environments by what is installed in them, each made once."""
    return cache(lambda install: fresh.Environment(tmp_path_factory.mktemp("fresh"), install))


def read_back(environment, folder, code, kinds, times=1):
    """What the recipe reads by itself and in workers, and the names of the classes."""
    taken = TAKEN.replace("TIMES", str(times)).replace("KINDS", repr(kinds))
    before = code.given if code.write is None else ""
    environment(code.install).run(folder, f"{before}\n{code.read}\n{taken}")
    found = pickle.loads((folder / "found.pickle").read_bytes())
    classes = found.pop("classes")
    return found, classes


def require_same(found, images, labels):
    for kind, all_of_it in found.items():
        assert {number for number, *_ in all_of_it} == set(range(len(images))), kind
        for number, image, label in all_of_it:
            assert image.dtype == images[number].dtype, kind
            np.testing.assert_array_equal(image, images[number], f"{kind}, image {number}")
            assert label == labels[number], f"{kind}, label of image {number}"


def kinds_for(code):
    return ["spawn"] if code.spawns else ["fork", "spawn"]


def stored(backend, images, labels, store):
    """Let the backend store images by itself."""
    if not isinstance(images, np.ndarray):
        images = [np.ascontiguousarray(image) for image in images]
        sizes = np.array([image.nbytes for image in images])
        facts = Facts(None, np.array(labels), sizes=sizes)
        backend.store([Piece(images, facts.labels)], facts, store)
        return
    backend.store(*in_one_piece(images, np.array(labels)), store)


@pytest.fixture
def arrays(tmp_path):
    """Images of one size, as arrays, and what a run has written of them."""
    images = np.random.default_rng(0).integers(0, 256, (20, 30, 40, 3), dtype=np.uint8)
    labels = np.random.default_rng(1).choice(list(CLASSES), 20)
    (tmp_path / "results/photos/arrays").mkdir(parents=True)
    np.save(tmp_path / "images.npy", images)
    np.save(tmp_path / "results/photos/arrays/labels.npy", labels)
    (tmp_path / "results/photos/classes.json").write_text(json.dumps(CLASSES))
    return images, labels


MIXED = {
    f"{('cats', 'dogs', '10')[number % 3]}/{name}": encoded(
        mode, kind, seed=number, width=30 + number
    )
    for number, (name, (mode, kind)) in enumerate(KINDS.items())
    if "deep" not in name
}
NAMED = {0: "10", 1: "cats", 2: "dogs"}


def test_every_recipe_is_of_a_format():
    kinds = {
        "container": formats.containers_there_are(), "codec": formats.codecs_there_are(),
        "backend": formats.backends_there_are(), "given": ["folder", "arrays"],
    }  # fmt: skip
    for file in snippets.RECIPES.glob("*_*.py"):
        if file.stem != "__init__":
            kind, _, name = file.stem.partition("_")
            assert name in kinds[kind]


@pytest.mark.parametrize("name", dict.fromkeys([*OWN, *CODECS, "packed+jpeg@24"]))
def test_arrays_are_written_and_read(name, arrays, environment, tmp_path):
    images, labels = arrays
    code, backend = snippets.of(name, ARRAYS), formats.load(name)
    environment(code.install).run(tmp_path, f"{code.given}\n{code.write}")
    [(ours, our_labels)] = backend.read(tmp_path / "STORE")
    np.testing.assert_array_equal(ours, backend.as_read(images))
    np.testing.assert_array_equal(our_labels, labels)
    (tmp_path / "STORE").rename(tmp_path / "theirs")
    stored(backend, images, labels, tmp_path / "STORE")
    (tmp_path / "theirs/classes.json").rename(tmp_path / "STORE/classes.json")
    kinds = kinds_for(code) if name in OWN else kinds_for(code)[:1]
    found, classes = read_back(environment, tmp_path, code, kinds)
    require_same(found, backend.as_read(images), labels)
    assert classes == CLASSES


@pytest.mark.parametrize("name", CONTAINERS)
def test_a_folder_of_all_kinds_of_files_is_written_and_read(name, environment, tmp_path):
    folder = Folder(tmp_path, MIXED, NAMED)
    code, backend = snippets.of(name, folder.data), formats.load(name)
    environment(code.install).run(tmp_path, f"{code.given}\n{code.write}")
    found, classes = read_back(environment, tmp_path, code, kinds_for(code))
    require_same(found, folder.images, folder.labels)
    assert classes == NAMED
    backend.alike = False
    labels = [label for piece in backend.read(tmp_path / "STORE") for label in piece.labels]
    assert labels == folder.labels


@pytest.mark.parametrize("name", ["in_place", "in_place@16", *ORIGINALS, "packed+original@16"])
def test_files_are_decoded_as_they_were_measured(name, environment, tmp_path):
    folder = Folder(tmp_path, MIXED, NAMED)
    code, backend = snippets.of(name, folder.data), formats.load(name)
    if code.write:
        environment(code.install).run(tmp_path, f"{code.given}\n{code.write}")
        backend.alike = False
        pieces = list(backend.read(tmp_path / "STORE"))
        assert [label for piece in pieces for label in piece.labels] == folder.labels
    found, classes = read_back(environment, tmp_path, code, kinds_for(code))
    assert classes == NAMED
    if "@" not in name:
        require_same(found, folder.images, folder.labels)
    shapes = {number: image.shape[:2] for number, image, _ in found["fork"]}
    expected = [folder.as_measured(content, 16 if "@" in name else None).shape[:2]
                for content in folder.files.values()]  # fmt: skip
    assert shapes == dict(enumerate(expected))


CHANGES = {
    "a mode": {"mode": "L"}, "a size": {"resize": 20}, "both": {"mode": "RGBA", "resize": 20},
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "change"), zip(["in_place", "packed+original", "packed+raw"], CHANGES, strict=True)
)
def test_a_mode_and_a_size_that_were_asked_for(name, change, environment, tmp_path):
    deep = {"cats/deep.png": encoded("I;16", "PNG"), "dogs/deep.tiff": encoded("I;16", "TIFF")}
    folder = Folder(tmp_path, MIXED | deep, NAMED, **CHANGES[change])
    code = snippets.of(name, folder.data)
    environment(code.install).run(tmp_path, f"{code.given}\n{code.write or ''}")
    found, _ = read_back(environment, tmp_path, code, ())
    require_same(found, folder.images, folder.labels)


def deep_colours(kind, channels=3, orientation=None):
    """A file with colours of 16 bits."""
    import imagecodecs

    pixels = np.random.default_rng(0).integers(0, 65536, (30, 40, channels), dtype=np.uint16)
    if kind == "PPM":
        return b"P6 40 30 65535\n" + pixels.astype(">u2").tobytes()
    if kind == "PNG":
        return imagecodecs.png_encode(pixels)
    raise ValueError(kind)


def turned_tiff():
    import io

    file = io.BytesIO()
    picture().save(file, "TIFF", tiffinfo={274: 6})
    return file.getvalue()


@pytest.mark.parametrize("changes", [{}, {"resize": 20}, {"mode": "RGB"}])
@pytest.mark.parametrize("name", ["in_place", "packed+raw"])
def test_sixteen_bits_and_turned_files_stay_what_they_are(name, changes, environment, tmp_path):
    files = {
        "cats/deep.png": deep_colours("PNG"), "dogs/alpha.png": deep_colours("PNG", 4),
        "10/deep.ppm": deep_colours("PPM"), "cats/grey.png": encoded("I;16", "PNG"),
        "dogs/grey_alpha.png": deep_colours("PNG", 2), "cats/turned.tiff": turned_tiff(),
        "10/beside.webp": encoded("RGB", "WEBP"),
        "dogs/print.jpg": encoded("CMYK", "JPEG"), "dogs/plain.png": encoded("L", "PNG"),
    }  # fmt: skip
    folder = Folder(tmp_path, files, NAMED, **changes)
    code = snippets.of(name, folder.data)
    environment(code.install).run(tmp_path, f"{code.given}\n{code.write or ''}")
    found, _ = read_back(environment, tmp_path, code, ())
    require_same(found, folder.images, folder.labels)


def test_a_zip_file_is_read_thousands_of_times_in_forked_workers(environment, tmp_path):
    files = {f"cats/{number}.png": encoded(seed=number, width=8, height=6) for number in range(50)}
    folder = Folder(tmp_path, files, NAMED)
    code = snippets.of("zip+png", folder.data)
    environment(code.install).run(tmp_path, f"{code.given}\n{code.write}")
    found, _ = read_back(environment, tmp_path, code, ["fork"], times=240)
    require_same(found, folder.images, folder.labels)
    assert len(found["fork"]) == 12_000


def test_images_of_several_sizes_are_collated(environment, tmp_path):
    folder = Folder(tmp_path, MIXED, NAMED)
    code = snippets.of("in_place", folder.data)
    assert "collate_fn=collate" in code.read and "collate" not in snippets.of("npy", ARRAYS).read
    used = "\nbatch = collate([images[0], images[1]])\nprint(len(batch[0]), batch[1].tolist())\n"
    done = environment(code.install).run(tmp_path, f"{code.given}\n{code.read}\n{used}")
    assert done.stdout.splitlines()[-1] == f"2 {folder.labels[:2]}"


def test_only_what_the_images_need_is_shown(tmp_path):
    plain = Folder(tmp_path, {"cats/1.jpg": encoded("RGB", "JPEG")}, NAMED).data
    text = snippets.of("packed+original", plain).read
    assert not any(word in text for word in ["convert", "shrunk", "one_mode", "TIFF", "where"])


def test_the_install_line_names_what_is_imported_and_no_more(environment, tmp_path):
    code = snippets.of("lmdb+png", ARRAYS)
    names = [one.partition("==")[0] for one in code.install.split()[4:]]
    assert names == ["imagecodecs", "lmdb", "numpy"]
    with pytest.raises(AssertionError, match="No module named 'h5py'"):
        environment(code.install).run(tmp_path, "import h5py")


@pytest.mark.parametrize("codec", formats.codecs_there_are())
def test_files_end_as_ours_do(codec, tmp_path):
    data = Folder(tmp_path, {"cats/1.jpg": encoded("RGB", "JPEG")}, NAMED).data
    ending = formats.load(f"files+{codec}").codec.ending
    assert f'"{ending}")' in snippets.of(f"files+{codec}", data).write
