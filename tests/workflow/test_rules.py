"""What the rule files promise each other."""

import re

import pytest
import yaml
from projects import ROOT

RULES = {}
for file in sorted((ROOT / "workflow/rules").glob("*.smk")):
    for name, body in re.findall(
        r"^ *rule (\w+):\n(.*?)(?=^\S|\Z)", file.read_text(encoding="utf-8"), re.M | re.S
    ):
        RULES[name] = body
TIMED = ["time_access", "time_store", "time_read"]


@pytest.mark.parametrize("name", [name for name in RULES if name not in [*TIMED, "page"]])
def test_rule_script_and_log_have_one_name_and_the_code_is_followed(name):
    body = RULES[name]
    assert f'"../scripts/{name}.py"' in body
    assert f"/logs/{name}" in body
    assert re.search(rf'\*\*decides\(\s*"{name}"', body)
    assert "message:" in body


def test_what_is_timed_has_the_machine_to_itself():
    body = RULES["time_access"]  # which the others use
    assert "threads: whole_machine" in body
    assert "**{slot: takes(slot) for slot in SLOTS}" in body
    assert "**decides_block()" in body
    assert "benchmark:" not in body


@pytest.mark.parametrize("name", [*TIMED, "time_break_even"])
def test_a_timed_rule_has_a_node_of_a_cluster_to_itself(name):
    profile = yaml.safe_load((ROOT / "workflow/profiles/slurm/profile.yaml").read_text())
    assert profile["set-resources"][name]["slurm_extra"] == "'--exclusive'"
