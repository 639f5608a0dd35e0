"""The pinned requirements and the conda files name the same versions."""

import re

import pytest
import yaml
from packaging.requirements import Requirement
from projects import ROOT

CONDA_NAMES = {"python-lmdb": "lmdb", "matplotlib-base": "matplotlib"}


def pins(name):
    versions = {}
    for line in (ROOT / "envs" / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith((" ", "#", "-")):
            requirement = Requirement(line.split(" #")[0])
            versions.setdefault(requirement.name.lower(), []).append(str(requirement.specifier))
    return versions


@pytest.mark.parametrize("file", sorted((ROOT / "envs").glob("*.yaml")), ids=lambda file: file.name)
def test_conda_and_pip_install_the_same_versions(file):
    required = pins("requirements.txt")
    for line in yaml.safe_load(file.read_text(encoding="utf-8"))["dependencies"]:
        name, version = re.fullmatch(r"([a-z0-9-]+) >?=([0-9.]+)", line).groups()
        if name != "python":
            assert required[CONDA_NAMES.get(name, name)] == [f"=={version}"], line


NAMES = sorted(path.stem for path in (ROOT / "envs").glob("*.in"))


@pytest.mark.parametrize("name", NAMES)
def test_everything_that_is_asked_for_is_pinned(name):
    locked = pins(f"{name}.txt")
    for asked, versions in pins(f"{name}.in").items():
        assert locked[asked] == versions
    assert all(version.startswith("==") for versions in locked.values() for version in versions)


def test_each_conda_file_is_used_by_a_rule_and_has_what_its_scripts_import():
    rules = "".join(path.read_text() for path in (ROOT / "workflow/rules").glob("*.smk"))
    for file in (ROOT / "envs").glob("*.yaml"):
        assert f"../../envs/{file.name}" in rules
