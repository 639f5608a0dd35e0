import gzip
import io
import tarfile

import archives
import numpy as np
import pytest
from imagebench.errors import BenchmarkError
from imagebench.images import batches
from imagebench.images.describing import class_names

PACKED = ["", "gz", "bz2", "xz"]


def tutorial_image(row):
    """One image as the tutorial makes it."""
    return np.dstack((row[:1024], row[1024:2048], row[2048:])).reshape(32, 32, 3)


def test_batches_of_python_2_are_read_in_their_natural_order(tmp_path):
    members = archives.batches()
    read = batches.read_archive(archives.write(tmp_path / "a.tar.gz", members))
    assert len(read) == 5
    for number, (images, labels) in enumerate(read, start=1):
        batch = members[f"data_batch_{number}"]
        expected = [tutorial_image(row) for row in batch[b"data"]]
        np.testing.assert_array_equal(images, expected)
        assert labels.tolist() == batch[b"labels"]
        assert images.dtype == labels.dtype == np.uint8


def test_what_is_written_is_read_again(tmp_path):
    generator = np.random.default_rng(1)
    images = generator.integers(0, 256, (15, 32, 32, 3), dtype=np.uint8)
    labels = generator.integers(0, 10, 15, dtype=np.uint8)
    names = tuple(f"class {number}" for number in range(10))
    for copy in ("a", "b"):
        batches.write_archive(tmp_path / f"{copy}.tar.gz", images, labels, names)
    assert (tmp_path / "a.tar.gz").read_bytes() == (tmp_path / "b.tar.gz").read_bytes()
    read = batches.read_archive(tmp_path / "a.tar.gz")
    np.testing.assert_array_equal(np.concatenate([part for part, _ in read]), images)
    np.testing.assert_array_equal(np.concatenate([part for _, part in read]), labels)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (archives.without_labels, "data_batch_3 in .* has no labels"),
        (archives.of_wrong_shape, r"data_batch_2 in .*\(4, 3071\)"),
        (archives.of_wrong_dtype, "data_batch_2 in .*float32"),
        (archives.with_too_few_labels, "data_batch_5 in .* has 3 labels for 4 images"),
        (archives.with_a_label_too_large, "data_batch_5 in .* from 0 to 9"),
        (archives.without_a_batch, "has no cifar-10-batches-py/data_batch_4"),
    ],
)
def test_a_bad_batch_is_named(spoil, message, tmp_path):
    members = archives.batches()
    spoil(members)
    archive = archives.write(tmp_path / "a.tar.gz", members)
    with pytest.raises(BenchmarkError, match=message):
        batches.read_archive(archive)


def test_a_pickle_that_names_anything_else_is_refused_and_not_run(tmp_path):
    members = archives.batches()
    marker = tmp_path / "was_run"
    archives.that_runs_a_command(members, marker)
    archive = archives.write(tmp_path / "a.tar.gz", members)
    with pytest.raises(BenchmarkError, match=r"data_batch_1 .*os\.system"):
        batches.read_archive(archive)
    assert not marker.exists()


@pytest.mark.parametrize("packed", PACKED)
def test_an_archive_may_be_packed_in_any_way_that_is_usual(packed, tmp_path):
    members = archives.batches()
    archive = archives.write(tmp_path / "archive", members, packed=packed)
    for number, (_, labels) in enumerate(batches.read_archive(archive), start=1):
        assert labels.tolist() == members[f"data_batch_{number}"][b"labels"]


@pytest.mark.parametrize("kept", [0.01, 0.1, 0.5, 0.99])
@pytest.mark.parametrize("packed", PACKED)
def test_a_truncated_archive_is_named(packed, kept, tmp_path):
    archive = archives.write(tmp_path / "archive", archives.batches(), packed=packed)
    # A plain tar file is filled up with zeros, without which it is still whole.
    data = archive.read_bytes().rstrip(b"\0")
    archive.write_bytes(data[: int(len(data) * kept)])
    with pytest.raises(BenchmarkError, match=f"{archive} is truncated.*delete this copy"):
        batches.read_archive(archive)


@pytest.mark.parametrize("packed", PACKED)
def test_damage_anywhere_in_an_archive_never_ends_in_a_stack(packed, tmp_path):
    archive = archives.write(tmp_path / "archive", archives.batches(), packed=packed)
    data = archive.read_bytes()
    refused = 0
    for place in range(0, len(data), len(data) // 150):
        archive.write_bytes(data[:place] + bytes([data[place] ^ 0xFF]) + data[place + 1 :])
        try:  # a changed pixel is damage too, which the hash alone can tell
            batches.read_archive(archive)
        except BenchmarkError as error:
            assert "cifar10.url must name another file" in str(error)
            refused += 1
    assert refused


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"<html>Not found</html>", "is a web page"),
        (b"\n\n<!DOCTYPE html>" + bytes(1000), "is a web page"),
        (b"PK\x03\x04" + bytes(1000), "is a zip file"),
        (b"", "is empty"),
        (b"no archive" * 100, "starts with b'no archive"),
        (gzip.compress(b"no archive" * 100, mtime=0), "starts with"),
    ],
)
def test_what_is_no_archive_is_said_with_what_is_wanted(content, what, tmp_path):
    (tmp_path / "archive").write_bytes(content)
    message = f"is no tar file: it {what}.*a tar file, plain or packed with gzip, bzip2 or xz"
    with pytest.raises(BenchmarkError, match=message):
        batches.read_archive(tmp_path / "archive")


def test_an_archive_that_cannot_be_read_is_not_called_damaged(tmp_path):
    with pytest.raises(IsADirectoryError):
        batches.read_archive(tmp_path)


def member(name, kind=tarfile.REGTYPE):
    info = tarfile.TarInfo(name)
    info.type = kind
    info.linkname = "/etc/passwd"
    return info


@pytest.mark.parametrize(
    "extra",
    [
        member("cifar-10-batches-py/link", tarfile.SYMTYPE),
        member("cifar-10-batches-py/hard", tarfile.LNKTYPE),
        member("cifar-10-batches-py/device", tarfile.CHRTYPE),
        member("cifar-10-batches-py/../../outside"),
        member("/etc/outside"),
        member("cifar-10-batches-py/data_batch_1"),
    ],
    ids=lambda info: info.name,
)
def test_members_that_should_not_be_there_are_refused(extra, tmp_path):
    archive = archives.write(tmp_path / "a.tar.gz", archives.batches(), extra=[extra])
    with pytest.raises(BenchmarkError, match="is refused"):
        batches.read_archive(archive)


def test_a_member_that_is_far_too_large_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(batches, "LARGEST_MEMBER", 1000)
    archive = archives.write(tmp_path / "a.tar.gz", archives.batches())
    with pytest.raises(BenchmarkError, match="bytes"):
        batches.read_archive(archive)


def test_images_that_cannot_be_divided_into_batches_are_refused():
    images = np.zeros((7, 32, 32, 3), dtype=np.uint8)
    with pytest.raises(ValueError, match="7 images"):
        batches.write_archive(io.BytesIO(), images, images[:, 0, 0, 0], ("a",))


@pytest.mark.parametrize("count", [10, 100])
def test_classes_have_the_names_that_the_archive_gives_them(tmp_path, count):
    members = archives.batches() if count == 10 else archives.of_cifar100()
    layout = batches.LAYOUTS[f"cifar{count}"]
    archive = archives.write(tmp_path / "a.tar.gz", members, folder=layout.folder)
    assert class_names(archive, layout) == {number: f"class {number}" for number in range(count)}
