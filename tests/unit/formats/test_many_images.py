"""What formats do where there are more images than one folder, shard or dataset should hold."""

import numpy as np
import pytest
from blocks import EACH_ONCE, require_same, store_all
from imagebench import formats
from imagebench.formats.containers import files, hdf5
from imagebench.formats.tutorial import disk

IMAGES = np.random.default_rng(0).integers(0, 256, (25, 8, 8, 3), dtype=np.uint8)
LABELS = np.random.default_rng(1).integers(0, 3, 25)
SOME = np.array([24, 9, 10, 0])


def require_any_order(backend, folder):
    require_same(backend, folder, IMAGES, LABELS)
    with backend.open(folder) as reader:
        images, labels = reader.read_at(SOME)
    np.testing.assert_array_equal(images, IMAGES[SOME])
    np.testing.assert_array_equal(labels, LABELS[SOME])


@pytest.mark.parametrize(("name", "module"), [("disk", disk), ("files+raw", files)])
def test_no_folder_has_more_files_than_file_systems_bear(name, module, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "FOLDER_FILES", 10)
    backend = formats.load(name)
    store_all(backend, IMAGES, LABELS, tmp_path / "store", piece=7)
    folders = {path.parent for path in (tmp_path / "store").rglob("*.[pr][na][gw]")}
    assert max(len(list(folder.iterdir())) for folder in folders) <= 10
    assert {folder.name.lstrip("0") for folder in folders} == {"", "1", "2"}
    require_any_order(backend, tmp_path / "store")


def test_blobs_of_hdf5_are_in_as_many_datasets_as_memory_asks_for(tmp_path, monkeypatch):
    monkeypatch.setattr(hdf5, "JOINED_BYTES", 10 * (IMAGES[0].nbytes + 8))
    backend = formats.load("hdf5+raw")
    store_all(backend, IMAGES, LABELS, tmp_path / "store")
    require_any_order(backend, tmp_path / "store")
    with hdf5.h5py.File(tmp_path / "store/images.h5") as file:
        assert [len(file[name]) for name in ("blobs", "blobs_1", "blobs_2")] == [2000, 2000, 1000]


@pytest.mark.parametrize("name", EACH_ONCE)
@pytest.mark.parametrize(("stored_in", "read_in"), [(1000, 30), (70, 47)])
def test_in_whatever_pieces_they_come_they_come_back_in_order(name, stored_in, read_in, tmp_path):
    backend = formats.load(name)
    images, labels = IMAGES[np.arange(257) % 25], np.arange(257) * 300  # and more than 256 classes
    store_all(backend, images, labels, tmp_path / "store", piece=stored_in)
    backend.piece_bytes = read_in * images[0].nbytes
    lengths = [len(piece.labels) for piece in backend.read(tmp_path / "store")]
    assert sum(lengths) == 257
    assert max(lengths) <= read_in
    assert len(lengths) == -(-257 // lengths[0])
    require_same(backend, tmp_path / "store", images, labels)
    with backend.open(tmp_path / "store") as reader:
        assert (
            reader.read_at(np.array([256, 0, 100])).labels.tolist()
            == labels[[256, 0, 100]].tolist()
        )
