"""The operation that docs/adding_an_operation.md adds is found, planned and measured."""

import json
import re
import subprocess
import sys

from projects import ROOT

GUIDE = ROOT / "docs/adding_an_operation.md"
MEASURE = """
import json
import numpy as np
from pathlib import Path
from blocks import source_of, work_with
from imagebench import formats, operations, vocabulary
assert operations.is_known("read_onwards")
images = np.random.default_rng(0).integers(0, 256, (50, 8, 8, 3), dtype=np.uint8)
work = work_with(
    formats.load, Path("store"), source_of(images, np.arange(50)), name="npy", batch_size=7
)
samples = operations.load("read_onwards").measure(work)
print(json.dumps([vocabulary.of_operation("read_onwards").title, len(samples)]))
"""


def test_the_operation_of_the_guide_can_be_added_as_it_says(project):
    [source] = re.findall(r"^```python\n(.*?)^```", GUIDE.read_text("utf-8"), re.M | re.S)
    folder = project.folder / "workflow/scripts/imagebench/operations"
    (folder / "read_onwards.py").write_text(source, encoding="utf-8")
    project.configure(access=["read_onwards"])
    assert project.planned()["time_access"] == 8  # four backends, two blocks
    search = f"{project.folder / 'workflow/scripts'}:{ROOT / 'tests/support'}"
    done = subprocess.run(
        [sys.executable, "-c", MEASURE], cwd=project.folder, check=True, text=True,
        stdout=subprocess.PIPE, env={**project.environment, "PYTHONPATH": search},
    )  # fmt: skip
    title, samples = json.loads(done.stdout)
    assert title == "In order, from anywhere"
    assert samples >= 2
