"""A run of containers, codecs and ways of access, and of what is not installed."""

import re
import subprocess
import sys

import pandas as pd
import pytest
from projects import ROOT, TABLE, Project

ACCESS = ["read_first", "read_workers_forked"]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    project = Project.fresh(tmp_path_factory.mktemp("formats") / "project")
    # TensorStore cannot be used in a process and in one that is forked from it.
    names = ["lmdb+qoi", "files+jpeg", "packed+png+threads", "tensorstore"]
    project.configure(backends=names, cutoffs=[30], access=ACCESS, blocks=1)
    project.succeed(TABLE)
    return project


def test_everything_is_in_the_table(run):
    timings = pd.read_csv(run.folder / TABLE)
    found = set(timings["operation"])
    assert found == {"store_single", "read_single", "store_many", "read_many", *ACCESS}
    by_backend = timings.groupby("backend")
    assert not by_backend["lossless"].first()["files+jpeg"]
    assert by_backend["lossless"].first()["lmdb+qoi"]
    assert 20 < by_backend["psnr_db"].max()["files+jpeg"] < 60
    assert timings[timings["lossless"]]["psnr_db"].isna().all()
    many = timings[timings["operation"].isin(["store_many", "read_many"])]
    own = many.groupby("backend")["codec_seconds"].min()
    assert own[["lmdb+qoi", "files+jpeg"]].gt(0).all()
    assert own[["tensorstore", "raw"]].isna().all()
    of_access = timings[timings["operation"].isin(ACCESS)]
    assert (of_access["stored_images"] == 30).all()
    stores = (run.folder / "results/lookalike/stores").rglob("*")
    assert not [path for path in stores if path.is_file()]


def test_what_is_not_installed_is_skipped_and_named_with_the_way_out(project):
    # A requirement that nothing can have installed, in a copy of the project.
    codec = project.folder / "workflow/scripts/imagebench/formats/codecs/qoi.py"
    source = codec.read_text(encoding="utf-8")
    codec.write_text(source.replace('("qoi",)', '("a-library-that-is-not-there",)'))
    project.configure(backends=["hdf5", "packed+qoi"], cutoffs=[5], blocks=1)
    output = project.succeed("page")
    line = "a-library-that-is-not-there is not installed: python -m pip install -r "
    assert f"skipped: packed+qoi: {line}envs/requirements-codecs.txt" in output
    page = (project.folder / "results/lookalike/report.html").read_text(encoding="utf-8")
    assert line in page
    timings = pd.read_csv(project.folder / "results/lookalike/timings.csv")
    assert set(timings["backend"]) == {"hdf5", "raw", "control"}


def test_the_formats_of_the_guide_can_be_added_as_it_says(project):
    guide = (ROOT / "docs/adding_a_format.md").read_text(encoding="utf-8")
    codec, container = re.findall(r"^```python\n(.*?)^```", guide, re.M | re.S)
    folder = project.folder / "workflow/scripts/imagebench/formats"
    (folder / "codecs/jpegls.py").write_text(codec, encoding="utf-8")
    (folder / "containers/records.py").write_text(container, encoding="utf-8")
    project.configure(backends=["records+jpegls"], cutoffs=[30], blocks=1, access=["read_batches"])
    project.succeed(TABLE)
    timings = pd.read_csv(project.folder / TABLE)
    assert "Record file, JPEG-LS" in set(timings["backend_label"])
    checks = [sys.executable, "-m", "pytest", "-q", "-k", "records or jpegls"]
    done = subprocess.run(
        [*checks, str(ROOT / "tests/unit/formats"), "-o", f"pythonpath={folder.parents[1]}"],
        cwd=ROOT, env={**project.environment, "PYTHONPATH": str(ROOT / "tests/support")},
        text=True, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert re.search(r"\d\d+ passed", done.stdout)
