import pytest
from imagebench.errors import BenchmarkError
from imagebench.measuring import locations


@pytest.fixture(autouse=True)
def run_folder(tmp_path, monkeypatch):
    """Where a run takes place."""
    (tmp_path / "run/results").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "run")
    return tmp_path / "run"


def test_a_location_leads_to_a_folder_of_its_own_and_leaves_nothing_there(tmp_path):
    (tmp_path / "scratch").mkdir()
    folder = str(tmp_path / "scratch")
    locations.link("scratch", folder, "cifar10")
    locations.make_ready("scratch", folder, "cifar10")
    store = tmp_path / "run/results/cifar10/stores/scratch/disk/10"
    store.mkdir(parents=True)
    [own] = (tmp_path / "scratch").iterdir()
    assert store.resolve() == own / "cifar10/disk/10"
    locations.clear("scratch", folder, "cifar10")
    assert list((tmp_path / "scratch").iterdir()) == []
    assert not store.parents[1].is_symlink()


def test_a_store_that_is_kept_stays(tmp_path):
    (tmp_path / "scratch").mkdir()
    folder = str(tmp_path / "scratch")
    locations.link("scratch", folder, "cifar10")
    store = locations.make_ready("scratch", folder, "cifar10") / "store"
    store.write_text("kept")
    locations.clear("scratch", folder, "cifar10")
    assert store.read_text() == "kept"


def test_two_runs_never_share_a_folder(tmp_path, monkeypatch):
    first = locations.place_of("scratch", str(tmp_path), "cifar10")
    (tmp_path / "other").mkdir()
    monkeypatch.chdir(tmp_path / "other")
    assert locations.place_of("scratch", str(tmp_path), "cifar10") != first


def test_another_folder_of_the_same_name_takes_over(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        locations.link("scratch", str(tmp_path / name), "cifar10")
    link = tmp_path / "run/results/cifar10/stores/scratch"
    assert str(link.readlink()).startswith(str(tmp_path / "two"))
    locations.link("scratch", "results", "cifar10")
    assert not link.is_symlink()


def test_a_folder_that_does_not_exist_is_not_made(tmp_path):
    # It may be a file system that is not mounted.
    with pytest.raises(BenchmarkError, match=r"location far: there is no folder .*/absent on"):
        locations.make_ready("far", str(tmp_path / "absent"), "cifar10")
    assert not (tmp_path / "absent").exists()


def test_variables_are_filled_in_and_missing_ones_named(tmp_path, monkeypatch):
    monkeypatch.setenv("SCRATCH", str(tmp_path))
    assert locations.expanded("$SCRATCH/me") == tmp_path / "me"
    with pytest.raises(BenchmarkError, match="NO_SUCH"):
        locations.expanded("$NO_SUCH/me")


def test_a_results_folder_that_cannot_be_one_is_told_in_one_line(tmp_path):
    locations.require_results_folder(tmp_path)
    locations.require_results_folder(tmp_path / "results")  # made when it is needed
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to(tmp_path / "nothing")
    for name, words in [
        ("file", "is a file, but results are to be in a folder"),
        ("link", f"is a link to {tmp_path / 'nothing'}, which is not there"),
    ]:
        with pytest.raises(BenchmarkError, match=words):
            locations.require_results_folder(tmp_path / name)
