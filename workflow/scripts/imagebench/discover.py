"""Plug-ins: files of a folder, found by their names; facts are read without running them."""

import ast
import difflib
import importlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any


def stems(folder: Path) -> list[str]:
    """Name the files of a folder, in alphabetical order."""
    return sorted(file.stem for file in folder.glob("*.py") if file.stem != "__init__")


def suggestion(name: str, known: Iterable[str]) -> str:
    """Suggest the nearest of the known names, if one is near."""
    near = difflib.get_close_matches(name.lower(), list(known), n=1)
    return f" (did you mean {near[0]!r}?)" if near else ""


def made_from(file: Path, package: str, kind: Any, *arguments: Any) -> Any:
    """Make the one class of a kind that a file defines.

    Args:
        file: of Python.
        package: that of the file's folder, such as "imagebench.formats.codecs".
        kind: the class that it must be derived from.
        *arguments: that it is made with.

    Raises:
        TypeError: if the file does not define exactly one.
    """
    module = importlib.import_module(f"{package}.{file.stem}")
    classes = [
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, kind)
        and value.__module__ == module.__name__
    ]
    if len(classes) != 1:
        raise TypeError(f"{file} must define one {kind.__name__}, but defines {len(classes)}")
    return classes[0](*arguments)


@cache
def constants(file: Path) -> dict[str, Any]:
    """Read the constants that the classes of a file define, without running it."""
    found = {}
    for node in ast.walk(ast.parse(file.read_bytes(), filename=str(file))):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            try:
                found[node.targets[0].id] = ast.literal_eval(node.value)
            except ValueError:
                continue
    return found
