"""Pages of the docs: links lead somewhere, and pages of results say what the tables say."""

import re
import subprocess
import sys

import pytest
import samples
from imagebench import wording
from imagebench.evidence import comparisons, pooling, summaries
from imagebench.evidence.tables import write_table
from projects import ROOT

PAGES = [*ROOT.glob("*.md"), *ROOT.glob("config/*.md"), *ROOT.glob("experiments/*.md")]
PAGES += ROOT.glob("docs/**/*.md")


@pytest.mark.parametrize("page", [path.relative_to(ROOT).as_posix() for path in PAGES])
def test_links_lead_to_files_that_are_there(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
        if "://" not in link:
            assert ((ROOT / page).parent / link).exists(), link


def test_a_page_of_results_has_the_multiples_of_the_tables(tmp_path):
    timings = samples.timings(blocks=3, counts=(10, 1000))
    summary = summaries.summarize(timings)
    write_table(timings, tmp_path / "timings.csv")
    write_table(summary, tmp_path / "summary.csv")
    write_table(comparisons.compare_all(pooling.measures(timings)), tmp_path / "comparisons.csv")
    script = [sys.executable, ROOT / "experiments/write_results_page.py", tmp_path]
    search = {"PYTHONPATH": str(ROOT / "workflow/scripts")}
    subprocess.run([*script, "--title", "A run", "--to", tmp_path], check=True, env=search)
    text = (tmp_path / f"{tmp_path.name}.md").read_text(encoding="utf-8")
    _, large, *_ = text.split("\n## ")
    assert large.startswith("1,000 images")
    rows = {
        name: cells.split(" | ")
        for name, cells in re.findall(r"^\| `(\w+)` \| (.*) \|$", large, re.M)
    }
    assert list(rows) == ["hdf5", "lmdb", "disk"]
    warm = summary[(summary["operation"] == "read_many") & (summary["cache"] == "warm")]
    for row in warm[warm["images"] == 1000].to_dict("records"):
        if row["backend"] in rows:
            assert rows[row["backend"]][2] == wording.ratio(row["multiple_of_limit"])
    assert rows["disk"][-2:] == ["4.0", "1,001"]
    assert "AMD EPYC 7B13" in text
