"""Which code a job runs, as digests: the ground on which Snakemake decides what to run again.

Snakemake follows a script by its modification time, which every clone renews, and does not follow
what the script imports. So each rule has the digests of its script and of all modules of this
package that the script imports, directly or through others, among its ``params``.
"""

import ast
import hashlib
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from .errors import BenchmarkError

SCRIPTS = Path(__file__).resolve().parents[1]


def code_digests(script: str, *more: str) -> dict[str, str]:
    """Digest a script, further files and everything of this package that they import.

    Args:
        script: file name of a script below ``workflow/scripts``.
        more: files that are loaded by name while the script runs, relative to the same folder.

    Returns:
        First 16 hexadecimal digits of each file's SHA-256, by path relative to that folder.

    Raises:
        FileNotFoundError: if one of the files does not exist.
    """
    found: dict[str, str] = {}
    waiting = [SCRIPTS / script, *(SCRIPTS / name for name in more)]
    while waiting:
        path = waiting.pop()
        name = path.relative_to(SCRIPTS).as_posix()
        if name not in found:
            found[name], imported = digest_and_imports(path, SCRIPTS)
            waiting.extend(imported)
    return dict(sorted(found.items()))


@cache
def digest_and_imports(path: Path, scripts: Path) -> tuple[str, list[Path]]:
    """Digest a file, and list the files below ``scripts`` that it imports; read once a process."""
    source = path.read_bytes()
    imported = imported_files(source, path) if path.suffix == ".py" else []
    return hashlib.sha256(source).hexdigest()[:16], imported


def imported_files(source: bytes, path: Path) -> list[Path]:
    """List the files below ``workflow/scripts`` that a piece of Python source imports."""
    modules: set[str] = set()
    for node in ast.walk(ast.parse(source, filename=str(path))):
        if isinstance(node, ast.Import):
            modules.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                package = path.parents[node.level - 1].relative_to(SCRIPTS)
                base = ".".join([*package.parts, *filter(None, [base])])
            modules.add(base)
            modules.update(f"{base}.{alias.name}" for alias in node.names)
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

    Raises:
        BenchmarkError: naming the first file that has been edited since.
    """
    for name, expected in code.items():
        if hashlib.sha256((SCRIPTS / name).read_bytes()).hexdigest()[:16] != expected:
            raise BenchmarkError(
                f"{SCRIPTS / name} was edited while the run was under way, so that old and new "
                "code would be measured as one: run again"
            )
