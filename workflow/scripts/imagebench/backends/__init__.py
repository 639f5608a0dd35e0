"""How images are stored: one file a backend, found by its file name."""

import ast
import importlib
from pathlib import Path

from .base import Backend


def available() -> list[str]:
    """Name every backend: the files of this folder, but for the contract itself."""
    files = Path(__file__).parent.glob("*.py")
    return sorted(file.stem for file in files if file.stem not in ("__init__", "base"))


def load(name: str) -> Backend:
    """Make the backend that the file ``<name>.py`` of this folder defines.

    Raises:
        KeyError: if there is no such file.
        TypeError: if the file does not define exactly one complete backend.
    """
    if name not in available():
        raise KeyError(f"no backend is called {name!r}; there are {', '.join(available())}")
    module = importlib.import_module(f"{__name__}.{name}")
    classes = [
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, Backend)
        and value.__module__ == module.__name__
    ]
    if len(classes) != 1:
        raise TypeError(f"{module.__file__} must define one backend, but defines {len(classes)}")
    return classes[0]()


def libraries_of(name: str) -> tuple[str, ...]:
    """Name the distributions that a backend is made with, without importing any of them.

    Raises:
        TypeError: if the backend's file does not list them as plain strings.
    """
    path = Path(__file__).with_name(f"{name}.py")
    for node in ast.walk(ast.parse(path.read_bytes(), filename=str(path))):
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "libraries":
            try:
                return tuple(ast.literal_eval(node.value))
            except ValueError:
                break
    raise TypeError(f"{path} must define libraries as a tuple of strings")
