"""How training reads: each way one file, found by its file name, which is the operation's name."""

import importlib
from pathlib import Path

from .base import Operation


def available() -> list[str]:
    """Name every operation: the files of this folder that begin with ``read_``."""
    return sorted(file.stem for file in Path(__file__).parent.glob("read_*.py"))


def load(name: str) -> Operation:
    """Make the operation that the file of its name defines.

    Raises:
        KeyError: if there is no such file.
        TypeError: if the file does not define exactly one operation.
    """
    if name not in available():
        raise KeyError(f"no operation is called {name!r}; there are {', '.join(available())}")
    module = importlib.import_module(f"{__name__}.{name}")
    classes = [
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, Operation)
        and value.__module__ == module.__name__
    ]
    if len(classes) != 1:
        raise TypeError(f"{module.__file__} must define one operation, but has {len(classes)}")
    return classes[0]()
