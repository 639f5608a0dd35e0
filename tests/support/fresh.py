"""Fresh environments without a network: the installed files of some distributions alone."""

import subprocess
import sys
from importlib import metadata

from packaging.requirements import Requirement


def with_all_they_require(names):
    """Names of distributions, and of whatever these require here."""
    found, waiting = set(), list(names)
    while waiting:
        name = waiting.pop().lower().replace("_", "-")
        if name not in found:
            found.add(name)
            required = map(Requirement, metadata.distribution(name).requires or ())
            waiting += [
                one.name
                for one in required
                if one.marker is None or one.marker.evaluate({"extra": ""})
            ]
    return found


class Environment:
    """A folder that links to what one install line would install."""

    def __init__(self, folder, install):
        self.folder = folder
        pinned = install.removeprefix("python -m pip install").split()
        for name in with_all_they_require(one.partition("==")[0] for one in pinned):
            distribution = metadata.distribution(name)
            tops = {file.parts[0] for file in distribution.files} - {"..", "__pycache__"}
            for top in tops:
                link = folder / top
                if not link.is_symlink():
                    link.symlink_to(distribution.locate_file(top))

    def run(self, place, code):
        """Run code in a folder, with these distributions and the standard library alone."""
        script = place / "script.py"
        found = f"import sys\nsys.path.append({str(self.folder)!r})\n"
        script.write_text(f"{found}{code}", encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-I", "-S", script], cwd=place, text=True, capture_output=True,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done
