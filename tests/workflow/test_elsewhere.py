"""The workflow in other folders, within other workflows, and in folders of odd names."""

import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
import yaml
from projects import COMMAND, ROOT, TABLE, TINY, Project

SMALL = {**TINY, "cutoffs": [5], "backends": ["hdf5"], "blocks": 1}
MODULE = """\
configfile: "config/config.yaml"

module bench:
    snakefile: "{snakefile}"
    config: config
{more}
use rule * from bench as bench_*
"""


def run(folder, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "snakemake", "--cores", "2", *arguments],
        cwd=folder, text=True, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


@pytest.fixture
def importing(project, tmp_path):
    """Another workflow that has this one as a module."""

    def write(more=""):
        folder = tmp_path / "importing"
        for name in ("workflow", "config"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        text = MODULE.format(snakefile=project.folder / "Snakefile", more=more)
        (folder / "workflow/Snakefile").write_text(text, encoding="utf-8")
        (folder / "config/config.yaml").write_text(yaml.safe_dump(SMALL), encoding="utf-8")
        return folder

    return write


def test_another_workflow_can_have_it_as_a_module(importing):
    folder = importing()
    done = run(folder, "bench_table")
    assert done.returncode == 0, done.stdout
    assert (folder / TABLE).exists()
    assert "Nothing to be done" in run(folder, "bench_table").stdout


def test_a_module_whose_files_go_elsewhere_is_refused(importing):
    done = run(importing('    prefix: "elsewhere"'))
    assert done.returncode != 0
    assert "error: this workflow cannot be used as a module with a prefix" in done.stdout


def test_a_folder_without_any_file_of_ours_will_do(project, tmp_path):
    folder = tmp_path / "empty"
    folder.mkdir()
    (folder / "mine.yaml").write_text(yaml.safe_dump(SMALL), encoding="utf-8")
    snakefile = str(project.folder / "Snakefile")
    done = run(folder, "--snakefile", snakefile, "--configfile", "mine.yaml", "--", TABLE)
    assert done.returncode == 0, done.stdout
    assert (folder / TABLE).exists()


def test_a_folder_of_an_odd_name_will_do(tmp_path):
    no_utf8 = b"\xff".decode("utf8", "surrogateescape")
    project = Project.fresh(tmp_path / f"my bench, it's $HOME; (é){no_utf8}")
    project.configure(**SMALL)
    project.succeed(TABLE)


def test_a_folder_with_braces_is_refused_in_one_line(tmp_path):
    project = Project.fresh(tmp_path / "a{b}c")
    project.configure(**SMALL)
    done = project.run()
    assert done.returncode != 0
    assert "has '{' in its path, which Snakemake cannot work with" in done.stdout
    assert "Traceback" not in done.stdout


def test_an_environment_in_a_folder_that_a_shell_takes_apart_is_refused_in_one_line(project):
    # Snakemake hands the path of its interpreter to a shell as it is.
    place = project.folder / "my environment"
    place.symlink_to(sys.prefix, target_is_directory=True)
    done = subprocess.run(
        [str(place / "bin/python"), "-m", "snakemake", "--cores", "2", "--configfile", "mine.yaml"],
        cwd=project.folder, text=True, check=False,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    assert done.returncode != 0
    assert "has ' ' in its path, which Snakemake cannot work with" in done.stdout


def test_make_refuses_a_folder_of_such_a_name_before_it_installs_anything(tmp_path):
    project = Project.fresh(tmp_path / "my bench")
    (project.folder / "Makefile").write_bytes((ROOT / "Makefile").read_bytes())
    done = subprocess.run(
        ["make", "quick"], cwd=project.folder, text=True, check=False,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    assert done.returncode != 0
    assert "has ' ' in its path" in done.stdout
    assert not (project.folder / ".venv").exists()


def test_a_dry_run_names_each_job_and_why_it_runs(project):
    output = project.succeed("--dry-run", "--printshellcmds")
    assert "Timing store_single, 1, with hdf5, block 2" in output
    assert "Reason: Missing output files: results/lookalike/records" in output
    assert "This was a dry-run" in output


def test_make_uses_the_profiles_of_this_workflow_and_nobody_elses(project):
    (project.folder / "Makefile").write_bytes((ROOT / "Makefile").read_bytes())
    (project.folder / ".venv").symlink_to(sys.prefix, target_is_directory=True)
    done = subprocess.run(
        ["make", "-o", ".venv/cluster", "cluster-plan", "CONFIG=mine.yaml"], cwd=project.folder,
        env={**project.environment, "SNAKEMAKE_PROFILE": "no-such-profile"}, text=True,
        check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert "write_report" in done.stdout


def test_a_snakemake_that_was_not_tried_is_refused_in_one_line(project):
    rules = project.folder / "workflow/rules/installed.smk"
    rules.write_text(re.sub(r",<[\d.]+", ",<9.1", rules.read_text("utf-8")), encoding="utf-8")
    done = project.run("--dry-run")
    assert done.returncode == 1
    line = done.stdout.splitlines()[-1]
    assert line.startswith(f"error: Snakemake {metadata.version('snakemake')} is installed, and ")
    assert line.endswith("-m pip install 'snakemake>=9.20,<9.1'")


def test_what_is_not_installed_is_named_in_one_line(project, tmp_path):
    [packages] = [path for path in sys.path if path.endswith("site-packages")]
    for package in Path(packages).iterdir():
        if not package.name.startswith(("lmdb", "h5py")):
            (tmp_path / package.name).symlink_to(package)
    command = [sys.executable, "-S", *COMMAND[1:], "--dry-run"]
    done = subprocess.run(
        command, cwd=project.folder, env={**project.environment, "PYTHONPATH": str(tmp_path)},
        text=True, check=False, capture_output=True,
    )  # fmt: skip
    assert done.returncode == 1
    line = done.stderr.splitlines()[-1]
    assert line.startswith("error: lmdb, h5py must be installed: ")
    assert "Traceback" not in done.stderr
    assert line.endswith(f"-m pip install -r {project.folder}/envs/requirements.txt")
