"""What is asked for is pinned."""

import tomllib

import pytest
from packaging.requirements import Requirement
from projects import ROOT


def pins(name):
    versions = {}
    for line in (ROOT / "envs" / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith((" ", "#", "-")):
            requirement = Requirement(line.split(" #")[0])
            versions.setdefault(requirement.name.lower(), []).append(str(requirement.specifier))
    return versions


NAMES = sorted(path.stem for path in (ROOT / "envs").glob("*.in"))


@pytest.mark.parametrize("name", NAMES)
def test_everything_that_is_asked_for_is_pinned(name):
    locked = pins(f"{name}.txt")
    for asked, versions in pins(f"{name}.in").items():
        assert locked[asked] == versions
    assert all(version.startswith("==") for versions in locked.values() for version in versions)


def test_the_package_asks_for_the_same_in_ranges_that_hold_what_is_pinned():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    ranges = {asked.name: asked.specifier for asked in map(Requirement, project["dependencies"])}
    pinned = pins("requirements.in")
    assert ranges.keys() == pinned.keys()
    for name, [version] in pinned.items():
        assert version.removeprefix("==") in ranges[name]
