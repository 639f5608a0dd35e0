"""What the rules use of Snakemake without its promise is listed, and is there."""

import importlib
import re
import subprocess
import sys

import yaml
from projects import ROOT

RULES = ROOT / "workflow/rules"
NAMES = yaml.safe_load((RULES / "private_names.yaml").read_text(encoding="utf-8"))
DOCUMENTED = {"workflow.cores", "snakemake.io.report"}
SNAKEFILE = """
import operator

rule all:
    output: touch("done")

onstart:
    for name in {names}:
        if not hasattr(type(workflow), name):  # some can be asked for only while rules are read
            operator.attrgetter(name)(workflow)
    print("all are there")
"""


def used_by_the_rules():
    for file in RULES.glob("*.smk"):
        code = re.sub(r"#.*", "", file.read_text(encoding="utf-8"))
        yield from re.findall(r"(?<![\w/.])workflow\.[a-zA-Z_][\w.]*", code)
        for module, names in re.findall(r"^from (snakemake[\w.]*) import (.*)", code, re.M):
            for name in names.split(", "):
                yield f"{module}.{name.split()[0]}"


def test_every_private_name_that_the_rules_use_is_listed_and_no_other():
    known = {*NAMES, *DOCUMENTED}
    used = {
        name: {one for one in known if name == one or name.startswith(f"{one}.")}
        for name in used_by_the_rules()
    }
    assert not [name for name, listed in used.items() if not listed]
    assert not NAMES.keys() - set().union(*used.values())
    assert all(NAMES.values())


def test_the_installed_snakemake_has_every_private_name(tmp_path):
    of_workflow = [name.removeprefix("workflow.") for name in NAMES if name.startswith("workflow.")]
    for name in NAMES.keys() - {f"workflow.{name}" for name in of_workflow}:
        module, _, attribute = name.rpartition(".")
        assert hasattr(importlib.import_module(module), attribute)
    (tmp_path / "Snakefile").write_text(SNAKEFILE.format(names=of_workflow), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "snakemake", "--cores", "1"], cwd=tmp_path, text=True, check=False,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    assert "all are there" in done.stdout, done.stdout


def test_the_range_of_versions_is_the_same_for_rules_and_for_pip():
    rules, project = (
        re.search(r"[>]=9[\d.]+,<[\d.]+", (ROOT / file).read_text(encoding="utf-8"))[0]
        for file in ("workflow/rules/installed.smk", "pyproject.toml")
    )
    assert rules == project
