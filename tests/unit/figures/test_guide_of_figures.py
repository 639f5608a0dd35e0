"""The figure that docs/adding_a_figure.md adds is found, planned and drawn."""

import re
import subprocess
import sys

from projects import ROOT

GUIDE = ROOT / "docs/adding_a_figure.md"
DRAW = """
from pathlib import Path
import samples
from imagebench.evidence import summaries
from imagebench.figures import registry
table = summaries.summarize(samples.timings(blocks=3, counts=(10, 100)))
assert "inodes" in registry.on_page(registry.that_apply(5, 1))
figure = registry.draw_all(table, summaries.single_images(table), ["inodes"])["inodes"]
registry.save(figure, Path("inodes.png"), "png")
print([text.get_text() for text in figure.axes[0].texts])
"""


def test_the_figure_of_the_guide_can_be_added_as_it_says(project):
    [source] = re.findall(r"^```python\n(.*?)^```", GUIDE.read_text("utf-8"), re.M | re.S)
    folder = project.folder / "workflow/scripts/imagebench/figures"
    (folder / "inodes.py").write_text(source, encoding="utf-8")
    listed = project.succeed("--summary")
    assert "figures/inodes.svg" in listed
    search = f"{project.folder / 'workflow/scripts'}:{ROOT / 'tests/support'}"
    drawn = subprocess.run(
        [sys.executable, "-c", DRAW], cwd=project.folder, check=True, text=True,
        stdout=subprocess.PIPE, env={**project.environment, "PYTHONPATH": search},
    )  # fmt: skip
    assert drawn.stdout.strip() == "['1', '2', '101']"
    assert (project.folder / "inodes.png").stat().st_size > 0
