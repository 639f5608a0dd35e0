"""Limits of formats, of libraries and of the process: kept, worked around, or told in one line."""

import sys

import numpy as np
import pytest
from apart import run_apart
from blocks import CODECS, PLAIN, read_all, store_all
from imagebench import formats
from imagebench.errors import BenchmarkError
from imagebench.formats.blobs import Blobs
from imagebench.formats.codecs.raw import Raw
from imagebench.limits import why_not
from imagebench.pieces import Facts

PACKED = [f"packed+{codec}" for codec in CODECS]
CONTAINERS = [f"{container}+raw" for container in formats.containers_there_are()]
OF_PIXELS = [
    name
    for name, backend in ((name, formats.load(name)) for name in [*PLAIN, *PACKED])
    if min(backend.largest_side, backend.largest_pixels) < np.inf
]
OF_BYTES = [name for name in CONTAINERS if formats.load(name).container.largest_blob < np.inf]


def blank(*shape):
    """Black images that take no memory."""
    return np.broadcast_to(np.zeros(1, np.uint8), (1, *shape, 3))


@pytest.mark.parametrize("name", PACKED)
def test_the_longest_image_that_a_codec_has_comes_back(name, tmp_path):
    backend = formats.load(name)
    side = int(min(backend.largest_side, 1_000_000))
    for number, shape in enumerate([(1, 1, side, 3), (1, side, 1, 3)]):
        images = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
        store_all(backend, images, np.zeros(1, np.int64), tmp_path / str(number))
        found, _ = read_all(backend, tmp_path / str(number))
        np.testing.assert_array_equal(found, backend.as_read(images))
        assert found.shape == shape


@pytest.mark.parametrize("name", OF_PIXELS)
def test_an_image_that_a_format_cannot_hold_is_refused_before_there_is_a_folder(name, tmp_path):
    backend = formats.load(name)
    shapes = []
    if backend.largest_side < np.inf:
        shapes += [(1, backend.largest_side + 1), (backend.largest_side + 1, 1)]
    if backend.largest_pixels < np.inf:
        shapes += [(1, backend.largest_pixels + 1)]
    for shape in shapes:
        for call in (
            lambda: store_all(backend, blank(*shape), np.zeros(1, np.int64), tmp_path / "store"),  # noqa: B023
            lambda: backend.store_one(blank(*shape)[0], 0, tmp_path / "store"),  # noqa: B023
        ):
            with pytest.raises(BenchmarkError, match=r"do not fit into .* at most: take another"):
                call()
    assert not list(tmp_path.iterdir())


def test_what_pillow_does_not_open_again_is_not_stored_as_png():
    assert formats.load("disk").largest_pixels < 13_400 * 13_400
    assert formats.load("disk").largest_pixels > 13_300 * 13_300


class OfLength(Raw):
    """Makes blobs of a length, without their bytes, which are never looked at."""

    def __init__(self, length):
        self.length = length

    def encode(self, image):
        return range(self.length)

    def encode_all(self, images):
        return map(self.encode, images)

    def most_bytes(self, image_bytes):
        return self.length


@pytest.mark.parametrize("name", OF_BYTES)
def test_a_blob_that_a_container_cannot_hold_is_refused_before_there_is_a_folder(name, tmp_path):
    container = formats.load(name).container
    most = container.largest_blob
    images = np.zeros((2, 1, 1, 3), np.uint8)
    assert (
        len(
            list(
                Blobs(container, OfLength(most)).fitting(
                    [range(most)], Facts((1, 1, 3), np.zeros(1, np.int64))
                )
            )
        )
        == 1
    )
    backend = Blobs(container, OfLength(most + 1))
    with pytest.raises(BenchmarkError, match="does not fit into"):
        store_all(backend, images, np.zeros(2, np.int64), tmp_path / "store")
    with pytest.raises(BenchmarkError, match="does not fit into"):
        backend.store_one(images[0], 0, tmp_path / "store")
    assert not list(tmp_path.iterdir())


def test_sqlite_holds_less_than_a_gigabyte_and_says_so():
    assert 900_000_000 < formats.load("sqlite+raw").container.largest_blob < 1 << 31


HELD = {"lance": 4, "arrow": 2.5, "parquet": 2.5, "mds": 2.5, "lmdb": 2, "hdf5": 2}
"""Times the images' bytes that storing holds besides them: Lance several batches, Arrow's formats
and MDS two of them, LMDB and HDF5 all blobs. The others go from image to image."""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux tells of the peak")
def test_large_images_are_written_without_holding_them_over_and_over(tmp_path):
    output = run_apart(
        """
images, labels = some(40, 1000, 1500)
used_once(backend, folder / "first")
before = kilobytes("VmHWM")
store_all(backend, images, labels, folder / "store")
print(name.partition("+")[0], 1024 * (kilobytes("VmHWM") - before) / images.nbytes)
found, found_labels = read_all(backend, folder / "store")
assert np.array_equal(found, images) and np.array_equal(found_labels, labels)
""",
        tmp_path,
        *CONTAINERS,
    )
    held = dict(map(str.split, output.splitlines()))
    assert {name: times for name, times in held.items() if float(times) > HELD.get(name, 0.5)} == {}
    assert len(held) == len(CONTAINERS)


def test_images_of_very_different_sizes_come_back_from_batches_of_different_lengths(tmp_path):
    run_apart(
        """
images, labels = some(45, 1000, 1500)
images[:7] = images[15:20] = images[40:] = 0
store_all(backend, images, labels, folder / "store")
found, found_labels = read_all(backend, folder / "store")
assert np.array_equal(found, images) and np.array_equal(found_labels, labels)
order = np.random.default_rng(0).permutation(45)
with backend.open(folder / "store") as reader:
    for part in (order[:20], order[20:]):
        found, found_labels = reader.read_at(part)
        assert np.array_equal(found, images[part]) and np.array_equal(found_labels, labels[part])
""",
        tmp_path,
        *["arrow+qoi", "parquet+qoi", "lance+qoi", "mds+qoi"],
    )


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux tells of addresses")
def test_a_limited_address_space_is_enough_for_a_small_store(tmp_path):
    # A gigabyte more than a process has: threads reserve 64 MiB each before they use any of it.
    run_apart(
        """
images, labels = some(20, 250, 500)
used_once(backend, folder / "first")
limit(resource.RLIMIT_AS, 1024 * kilobytes("VmSize") + 2**30)
store_all(backend, images, labels, folder / "store")
found, found_labels = read_all(backend, folder / "store")
assert np.array_equal(found, backend.as_read(images)) and np.array_equal(found_labels, labels)
with backend.open(folder / "store") as reader:
    reader.read_at(np.array([3]))
""",
        tmp_path,
        *PLAIN,
        *CONTAINERS,
    )


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux tells of addresses")
@pytest.mark.parametrize("name", ["lmdb", "lmdb+raw"])
def test_too_few_addresses_for_an_environment_are_told_in_one_line(name, tmp_path):
    output = run_apart(
        """
images, labels = some(20, 1000, 1000)
used_once(backend, folder / "first")
limit(resource.RLIMIT_AS, 1024 * kilobytes("VmSize") + images.nbytes)
try:
    store_all(backend, images, labels, folder / "store")
except (BenchmarkError, MemoryError) as error:
    print(describe(error))
""",
        tmp_path,
        name,
    )
    # Which of the two comes first, the end of the map or that of memory, is left to the system.
    assert f"{tmp_path}/{name}/store needs a map" in output or output.startswith("out of memory")
    assert output.count("\n") == 1


SHARDS = """
from imagebench.formats.containers import webdataset
from imagebench.formats.support import together
together.TOGETHER_BYTES = webdataset.SHARD_BYTES = 1  # so that each image is a shard
images, labels = some(100, 8, 8)
store_all(backend, images, labels, folder / "store")
"""


def test_more_shards_than_files_that_may_be_open_at_first_are_read(tmp_path):
    run_apart(
        f"""{SHARDS}
limit(resource.RLIMIT_NOFILE, 64)
with backend.open(folder / "store") as reader:
    found, _ = reader.read_at(np.arange(100))
assert np.array_equal(found, images)
""",
        tmp_path,
        *["mds+raw", "webdataset+raw"],
    )


@pytest.mark.parametrize("name", ["mds+raw", "webdataset+raw"])
def test_more_shards_than_files_that_may_ever_be_open_are_told_with_the_way_out(name, tmp_path):
    output = run_apart(
        f"""{SHARDS}
resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
try:
    backend.open(folder / "store")
except BenchmarkError as error:
    print(error)
""",
        tmp_path,
        name,
    )
    assert str(tmp_path / name / "store") in output
    assert "ulimit -n" in output


def test_any_number_of_processes_have_an_lmdb_store_open(tmp_path):
    run_apart(
        """
images, labels = some(3, 8, 8)
store_all(backend, images, labels, folder / "store")
(told, tell), (wait, go) = os.pipe(), os.pipe()
for _ in range(140):
    if not os.fork():
        os.close(go)
        with backend.open(folder / "store") as reader:
            found, _ = reader.read_at(np.array([2]))
            os.write(tell, b"." if np.array_equal(found, images[2:]) else b"!")
            os.read(wait, 1)
        os._exit(0)
os.close(tell)
answers = b""
while len(answers) < 140 and (more := os.read(told, 140)):
    answers += more
os.close(go)
assert answers == 140 * b".", answers
""",
        tmp_path,
        *["lmdb", "lmdb+raw"],
    )


@pytest.mark.parametrize("name", [*PLAIN, *CONTAINERS])
def test_many_images_of_one_pixel_come_back(name, tmp_path):
    images = np.random.default_rng(0).integers(0, 256, (2500, 1, 1, 3), dtype=np.uint8)
    labels = np.arange(2500)
    backend = formats.load(name)
    store_all(backend, images, labels, tmp_path / "store")
    found, found_labels = read_all(backend, tmp_path / "store")
    np.testing.assert_array_equal(found, images)
    np.testing.assert_array_equal(found_labels, labels)


def test_a_file_that_is_too_large_for_a_container_is_known_before_anything_is_stored():
    sizes = np.array([1000, 1 << 40])
    facts = Facts(None, np.zeros(2, np.int64), sizes=sizes, file_bytes=sizes)
    for name in OF_BYTES:
        backend = formats.load(name.replace("+raw", "+original"))
        assert "1,099,511,627,776 bytes does not fit" in why_not(backend, facts)
        assert why_not(backend, facts.only(0)) is None
    assert why_not(formats.load("packed+original"), facts) is None
