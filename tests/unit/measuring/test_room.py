import numpy as np
import pytest
from blocks import EACH_ONCE, store_all, store_block
from imagebench import formats
from imagebench.errors import BenchmarkError
from imagebench.measuring.footprint import footprint
from imagebench.measuring.room import Need, require_room, room


@pytest.mark.parametrize("name", EACH_ONCE)
@pytest.mark.parametrize("shape", [(1, 8, 8, 3), (20, 200, 100, 3)], ids=str)
def test_no_store_takes_more_than_was_asked_for(name, shape, tmp_path):
    # Noise is what compresses worst.
    images = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    backend = formats.load(name)
    store_all(backend, images, np.zeros(len(images), dtype=np.int64), tmp_path / "store")
    size, files = backend.most_space(len(images), images[0].nbytes)
    taken = footprint(tmp_path / "store")
    assert taken.files <= files
    assert taken.bytes_allocated <= size + files * room(tmp_path).block_bytes


def test_what_fits_is_let_through(tmp_path):
    require_room(tmp_path, Need(1000, 10), "a little")


def test_too_little_space_is_refused_with_both_figures(tmp_path):
    with pytest.raises(BenchmarkError, match=r"all of it would take up to 2\d{3} TiB") as e:
        require_room(tmp_path, Need(2**51, 1), "all of it")
    assert str(tmp_path) in str(e.value)
    assert "are free" in str(e.value)


def test_too_few_files_are_refused(tmp_path):
    if room(tmp_path).free_files is None:
        pytest.skip("this file system makes inodes as it goes")
    # More than other tests can free meanwhile.
    with pytest.raises(BenchmarkError, match=f"{2**50:,} files, of which"):
        require_room(tmp_path, Need(0, 2**50), "many files")


def test_nothing_is_stored_where_it_would_not_fit(tmp_path):
    class Huge(type(formats.load("hdf5"))):
        def most_space(self, count, image_bytes):
            return 2**51, 1

    images = np.zeros((3, 32, 32, 3), dtype=np.uint8)
    with pytest.raises(BenchmarkError, match="storing 3 images would take"):
        store_block("store_many", Huge(), images, np.zeros(3, np.int64), tmp_path / "store")
    assert not (tmp_path / "store").exists()
