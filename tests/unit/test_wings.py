"""Data goes one way: no wing imports another, but for what ARCHITECTURE.md lists."""

import ast
import re
from pathlib import Path

import imagebench
import pytest
from projects import ROOT

LIBRARY = Path(imagebench.__file__).parent
ROW = re.compile(r"^\| `(\w+)` \| [^|]+ \| ?([^|]*) ?\|$", re.M)
MAY_IMPORT = {
    wing: set(re.findall(r"\w+", others))
    for wing, others in ROW.findall((ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8"))
}
GROUND = "the modules beside the wings"


def wing_of(path):
    parts = path.relative_to(LIBRARY).parts
    return parts[0] if len(parts) > 1 else GROUND


def imported_wings(path):
    """The wings that a file imports, at its top or within a function."""
    package = path.relative_to(LIBRARY).parent.parts
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = package[: len(package) - node.level + 1]
            names = [*base, *(node.module or "").split(".")]
            first = next(filter(None, names), None)
            found |= {first} if first else {alias.name for alias in node.names}
    return found & set(MAY_IMPORT)


def test_every_folder_is_a_wing_with_its_place():
    folders = {path.name for path in LIBRARY.iterdir() if (path / "__init__.py").exists()}
    assert folders == set(MAY_IMPORT)


@pytest.mark.parametrize("wing", [*MAY_IMPORT, GROUND])
def test_a_wing_imports_no_other(wing):
    files = [path for path in LIBRARY.rglob("*.py") if wing_of(path) == wing]
    assert files
    for path in files:
        others = imported_wings(path) - {wing}
        assert others <= MAY_IMPORT.get(wing, set()), f"{path} imports {others}"
