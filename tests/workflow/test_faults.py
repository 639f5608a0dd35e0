"""What goes wrong ends in one clear line, a non-zero exit and nothing under a final name."""

import hashlib
import os
import re
import shutil
import signal
import subprocess
import time

import archives
import pandas as pd
import pytest
from projects import COMMAND, TABLE

SHORT = {"backends": ["hdf5"], "cutoffs": [5], "blocks": 1}


def error_lines(output):
    return re.findall(r"^error: .*$", output, re.M)


def fail_with_archive(project, path, md5=None, rule="unpickle_batches"):
    """Run with an archive that cannot be used; give the one line that says why."""
    md5 = md5 or hashlib.md5(path.read_bytes()).hexdigest()
    return fail_with_source(project, path.as_uri(), md5, rule)


def fail_with_source(project, url, md5, rule):
    project.configure(dataset="cifar10", cifar10={"url": url, "md5": md5})
    done = project.run()
    assert done.returncode != 0
    [line] = error_lines(done.stdout)
    results = project.folder / "results/cifar10"
    left = [path.name for path in results.rglob("*") if path.is_file() and path.suffix != ".log"]
    left = [name for name in left if "-" not in name]  # but for stamps
    assert left == (["archive.tar.gz"] if rule == "unpickle_batches" else [])
    assert line in (results / "logs" / f"{rule}.log").read_text()
    return line


def test_a_truncated_archive(project, tmp_path):
    archive = archives.write(tmp_path / "a.tar.gz", archives.batches())
    archive.write_bytes(archive.read_bytes()[:-5000])
    assert "truncated" in fail_with_archive(project, archive)


def test_a_wrong_md5(project, tmp_path):
    archive = archives.write(tmp_path / "a.tar.gz", archives.batches())
    real = hashlib.md5(archive.read_bytes()).hexdigest()
    line = fail_with_archive(project, archive, md5="0" * 32, rule="download_archive")
    assert real in line
    assert "0" * 32 in line


def test_a_file_that_the_server_does_not_have(project, server):
    line = fail_with_source(project, f"{server.address}/missing", "0" * 32, "download_archive")
    assert "404" in line


def test_a_server_that_stops_half_way(project, server):
    line = fail_with_source(project, f"{server.address}/half", "0" * 32, "download_archive")
    assert "asked 4 times" in line


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (archives.without_labels, ["data_batch_3", "no labels"]),
        (archives.of_wrong_shape, ["data_batch_2", "3071"]),
        (archives.that_runs_a_command, ["data_batch_1", "os.system"]),
    ],
)
def test_a_bad_batch(spoil, words, project, tmp_path):
    members = archives.batches()
    spoil(members)
    line = fail_with_archive(project, archives.write(tmp_path / "a.tar.gz", members))
    assert all(word in line for word in words)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"cutoffs": [0]}, "cutoffs[0] is 0; it must be a whole number from 1 to image_count"),
        ({"cutoffs": [31]}, "cutoffs has 31; it must be at most image_count, 30"),
        ({"backends": ["hdf"]}, "did you mean 'hdf5'?"),
        ({"colour": "blue"}, "unknown key 'colour'"),
    ],
    ids=str,
)
def test_a_bad_config_stops_before_any_job(settings, message, project):
    project.configure(**settings)
    done = project.run()
    assert done.returncode != 0
    assert message in done.stdout
    assert "Traceback" not in done.stdout
    assert "Job stats" not in done.stdout
    assert list((project.folder / "results").iterdir()) == []


def test_a_results_folder_that_cannot_be_written(project):
    results = project.folder / "results"
    prefix = ()
    if os.geteuid() == 0:
        # Permissions do not hold root back; a read-only mount in a namespace of its own does.
        script = f'mount --bind "{results}" "{results}" && mount -o remount,ro,bind "{results}"'
        prefix = ("unshare", "--mount", "sh", "-c", f'{script} && exec "$@"', "sh")
        works = shutil.which("unshare") and subprocess.run([*prefix, "true"], check=False)
        if not works or works.returncode:
            pytest.skip("needs a user other than root, or mounts in a namespace of its own")
    else:
        results.chmod(0o555)
    done = project.run(prefix=prefix)
    assert done.returncode != 0
    assert f"cannot write into {results}" in done.stdout
    assert "Traceback" not in done.stdout
    assert list(results.iterdir()) == []


def test_a_store_that_is_damaged_after_it_was_written(project):
    names = ["lmdb", "hdf5"]
    project.configure(backends=[*names, "npy"], blocks=1, cutoffs=[30])
    project.succeed("--notemp", "--until", "time_store")
    for name in names:
        [store] = project.folder.glob(f"results/*/stores/default/{name}/store_many/30/block-1-*/")
        largest = max(store.iterdir(), key=lambda file: file.stat().st_size)
        data = bytearray(largest.read_bytes())
        # 300 bytes into an image: past every header, in the midst of its pixels.
        middle = len(data) // 2 // 4096 * 4096 + 300 if name == "lmdb" else len(data) // 2
        data[middle] ^= 1
        largest.write_bytes(data)
    done = project.run()
    # All others are measured, and have tables and a page; what failed is named, and not kept.
    assert done.returncode != 0
    last = error_lines(done.stdout)[-1]
    for name in names:
        assert re.search(rf"{name} failed: [^;]*/{name}/store_many/30/block-1", last), done.stdout
    page = (project.folder / "results/lookalike/report.html").read_text(encoding="utf-8")
    assert all(f"{name}: it failed: the store " in page for name in names)
    assert set(pd.read_csv(project.folder / TABLE)["backend"]) == {"npy", "raw", "control"}
    # The way out: what failed is tried again, with new stores, and no other record is.
    planned = project.planned()
    assert planned["time_store"] == planned["time_read"] == 2
    project.succeed("table")
    assert set(pd.read_csv(project.folder / TABLE)["backend"]) == {*names, "npy", "raw", "control"}


def test_a_run_that_was_killed_goes_on_where_it_stopped(project):
    project.configure(**SHORT)
    process = project.start(TABLE)
    # Kill everything, the running job too, as soon as some records are there.
    records = project.folder / "results/lookalike/records"
    wait_until(lambda: len(list(records.rglob("block-*.json"))) >= 3)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    done = {path: path.read_bytes() for path in records.rglob("block-*.json")}
    assert "going on after a run that was killed" in project.succeed(TABLE)
    kept = sum(path.read_bytes() == content for path, content in done.items())
    assert kept >= len(done) - 2
    timings = pd.read_csv(project.folder / TABLE)
    assert timings.groupby(["backend", "operation", "images", "block"]).ngroups == 3 * 4
    assert "Nothing to be done" in project.succeed(TABLE)


def test_a_run_that_somebody_ends_says_so_and_calls_nothing_an_error(project):
    project.configure(**SHORT)
    with open(project.folder / "said", "w") as said:
        process = subprocess.Popen(
            [*COMMAND, TABLE, "--logger", "imagebench"], cwd=project.folder,
            env={**project.environment, "PYTHONPATH": str(project.folder / "workflow/scripts")},
            start_new_session=True, stdout=said, stderr=said,
        )  # fmt: skip
        records = project.folder / "results/lookalike/records"
        wait_until(lambda: len(list(records.rglob("block-*.json"))) >= 3)
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(60) != 0
    output = (project.folder / "said").read_text(encoding="utf-8")
    assert "interrupted: the same command goes on where this ended" in output
    assert "Error in rule" not in output
    assert "error:" not in output
    project.succeed(TABLE)


def wait_until(condition, seconds=120):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_what_was_measured_while_the_machine_was_disturbed_is_forgotten_and_measured_anew(finished):
    timings = pd.read_csv(finished.folder / TABLE)
    noisy = timings["backend"].eq("hdf5") & timings["operation"].eq("read_many")
    noisy &= timings["images"].eq(30) & timings["block"].eq(2)
    timings.loc[noisy, "other_cpu_share"] = 0.9
    timings[noisy].to_csv(finished.folder / TABLE, index=False)
    records = finished.folder / "results/lookalike/records"
    before = set(records.rglob("*.json"))
    said = finished.succeed("forget_disturbed")
    gone = before - set(records.rglob("*.json"))
    assert f"forgotten: {len(gone)} record" in said
    assert any("default/hdf5/read_many/30/block-2-" in str(path) for path in gone)
    assert finished.planned()["time_read"] == sum("/read_" in str(path) for path in gone)
    finished.succeed("table")
    assert all(path.exists() for path in gone)
