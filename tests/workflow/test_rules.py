"""What the rule files promise each other."""

import re

import pytest
import yaml
from projects import ROOT

RULES = {}
for file in sorted((ROOT / "workflow/rules").glob("*.smk")):
    text = file.read_text(encoding="utf-8")
    RULES |= re.findall(
        r"^ *(?:rule|checkpoint) (\w+):\n(.*?)(?=^\S|^    \S*\w+ = |\Z)", text, re.M | re.S
    )
TIMED = ["time_access", "time_store", "time_read"]


NO_TABLES = ["plan_folder", "conclude", "forget_disturbed"]


@pytest.mark.parametrize(
    "name", [name for name in RULES if name not in [*TIMED, "stamp", "page", "table"]]
)
def test_rule_script_and_log_have_one_name_and_the_code_is_followed(name):
    body = RULES[name]
    assert f'"../scripts/{name}.py"' in body
    assert f"/logs/{name}" in body
    assert body.count(".params,") == body.count("stamp=") == (0 if name in NO_TABLES else 1)
    assert "message:" in body


def test_what_is_timed_has_the_machine_to_itself():
    body = RULES["time_access"]  # which the others use
    assert "threads: whole_machine" in body
    assert "**{slot: takes(slot) for slot in SLOTS}" in body
    assert "job=lambda wildcards: measured().jobs.parts(" in body
    assert "benchmark:" not in body


@pytest.mark.parametrize("name", [*TIMED, "time_break_even"])
def test_a_timed_rule_has_a_node_of_a_cluster_to_itself(name):
    profile = yaml.safe_load((ROOT / "workflow/profiles/slurm/profile.yaml").read_text())
    assert profile["set-resources"][name]["slurm_extra"] == "'--exclusive'"
