"""What the rule files promise each other."""

import re

import pytest
import yaml
from imagebench.figures import lines
from projects import ROOT

RULES = {}
for file in sorted((ROOT / "workflow/rules").glob("*.smk")):
    for name, body in re.findall(
        r"^ *rule (\w+):\n(.*?)(?=^\S|\Z)", file.read_text(encoding="utf-8"), re.M | re.S
    ):
        RULES[name] = body
TIMED = [name for name in RULES if name.startswith(("store_", "read_"))]


@pytest.mark.parametrize("name", RULES)
def test_rule_script_and_log_have_one_name_and_the_code_is_followed(name):
    body = RULES[name]
    assert f'"../scripts/{name}.py"' in body
    assert f"/logs/{name}" in body
    asks = rf'\*\*(decides\(\s*"{name}"|timed\()'
    assert re.search(asks, body)
    assert "message:" in body
    assert "conda:" in body


@pytest.mark.parametrize("name", TIMED)
def test_a_timed_rule_has_the_machine_to_itself(name):
    body = RULES[name]
    assert "threads: whole_machine" in body
    assert "**{slot: takes(slot) for slot in SLOTS}" in body
    assert "**timed(" in body
    assert "benchmark:" not in body


@pytest.mark.parametrize("name", TIMED)
def test_a_timed_rule_has_a_node_of_a_cluster_to_itself(name):
    profile = yaml.safe_load((ROOT / "workflow/profiles/slurm/profile.yaml").read_text())
    assert profile["set-resources"][name]["slurm_extra"] == "'--exclusive'"


def test_all_timed_rules_are_known():
    assert len(TIMED) == 5


def test_every_figure_has_a_caption():
    names = re.findall(r'"(\w+)": \("', (ROOT / "workflow/rules/figures.smk").read_text())
    assert sorted(names) == sorted(lines.EVERY)
    captions = [path.stem for path in (ROOT / "workflow/report").glob("*.rst")]
    assert sorted(captions) == sorted([*names, "workflow"])
    for name in names:
        assert (ROOT / f"workflow/report/{name}.rst").read_text().strip()
