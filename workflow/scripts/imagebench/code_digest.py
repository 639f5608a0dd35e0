"""Which code a job runs, as digests: the ground on which Snakemake decides what to run again.

Snakemake follows a script by its modification time, which every clone renews, and does not follow
what the script imports. So each rule has the digests of its script and of all modules of this
package that the script imports, directly or through others, among its ``params``. They are of what
runs, and not of comments and words.
"""

import ast
import hashlib
import json
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from .errors import BenchmarkError

PACKAGE = "imagebench"
SCRIPTS = Path(__file__).resolve().parents[1]

BEGAN_VARIABLE = "IMAGEBENCH_BEGAN"
"""Environment variable that hands down to jobs when their run began, in seconds since the epoch."""

CLOCKS_DIFFER_SECONDS = 1
"""By so much, the clock of a file server may be behind that of the machine."""

WORDS = {
    "label", "good_for", "warning", "appendable", "title", "column", "question", "topic", "verb",
    "place", "in_verdict",
}  # fmt: skip
"""Attributes of plug-ins that only tables, figures and the page show."""


def code_digests(script: str, *more: str) -> dict[str, str]:
    """Digest a script, further files and everything of this package that they import.

    Args:
        script: file name of a script below ``workflow/scripts``.
        more: files that are loaded by name while it runs, relative to the same folder.

    Returns:
        First 16 hexadecimal digits of a SHA-256 of each file, by its path relative to that folder;
        of Python, that of ``what_runs``.

    Raises:
        FileNotFoundError: if one of the files does not exist.
    """
    found: dict[str, str] = {}
    waiting = [script, *more]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name], imported = digest_and_imports(path_of(name), SCRIPTS)
            waiting.extend(path.relative_to(SCRIPTS).as_posix() for path in imported)
    return dict(sorted(found.items()))


def path_of(name: str) -> Path:
    """Return the path of a file of ``workflow/scripts``; pip puts scripts into the package."""
    path = SCRIPTS / name
    return path if path.exists() else SCRIPTS / PACKAGE / "scripts" / name


@cache
def digest_and_imports(path: Path, scripts: Path) -> tuple[str, list[Path]]:
    """Digest a file, and list the files below ``scripts`` that it imports; read once a process."""
    source = path.read_bytes()
    imported = []
    if path.suffix == ".py":
        tree = ast.parse(source, filename=str(path))
        imported = imported_files(tree, path)
        source = what_runs(tree).encode("utf-8")
    return hashlib.sha256(source).hexdigest()[:16], imported


def what_runs(tree: ast.Module) -> str:
    """Write Python source anew from its syntax, without what does nothing when it runs.

    So comments, docstrings, the layout of lines and the WORDS of a plug-in can be mended without
    any timing being done again.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            node.body = [child for child in node.body if not is_idle(child, node)] or [ast.Pass()]
    return ast.unparse(tree)


def is_idle(node: ast.stmt, parent: ast.AST) -> bool:
    """Whether a statement is a text by itself, or sets one of the WORDS of a class."""
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    if isinstance(node, ast.Assign) and isinstance(parent, ast.ClassDef):
        return all(isinstance(name, ast.Name) and name.id in WORDS for name in node.targets)
    return False


def imported_files(tree: ast.Module, path: Path) -> list[Path]:
    """List the files of this package that a file of Python imports."""
    modules: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                package = path.parents[node.level - 1].relative_to(SCRIPTS)
                base = ".".join([*package.parts, *filter(None, [base])])
            modules.add(base)
            modules.update(f"{base}.{alias.name}" for alias in node.names)
    modules = {module for module in modules if module.split(".")[0] == PACKAGE}
    # Importing a module runs the __init__ of every package above it.
    packages = {module.rsplit(".", depth)[0] for module in modules for depth in range(1, 4)}
    candidates = (SCRIPTS.joinpath(*module.split(".")) for module in sorted(modules | packages))
    places = (place for c in candidates for place in (c.with_suffix(".py"), c / "__init__.py"))
    return [place for place in places if place.is_file()]


def digest_of_all(code: Mapping[str, str]) -> str:
    """Give one digest, of 16 hexadecimal digits, for all files that ``code_digests`` names."""
    return hashlib.sha256(json.dumps(dict(code), sort_keys=True).encode("ascii")).hexdigest()[:16]


def require_unchanged(code: Mapping[str, str]) -> None:
    """Raise unless the code is still what it was when a run was planned.

    Only files that have been written since the run began are looked at, since that takes longer
    than many a timed job has.

    Raises:
        BenchmarkError: naming the first file that has been edited since.
    """
    began = float(os.environ.get(BEGAN_VARIABLE, "0")) - CLOCKS_DIFFER_SECONDS
    for name, expected in code.items():
        path = path_of(name)
        if path.stat().st_ctime < began:
            continue
        if digest_and_imports.__wrapped__(path, SCRIPTS)[0] != expected:
            raise BenchmarkError(
                f"{path} was edited while the run was under way, so that old and new code would be "
                "measured as one: run again"
            )
