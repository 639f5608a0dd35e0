"""How images are stored: by a backend, or by a container and a codec together.

A name is that of a file in ``tutorial`` or ``arrays`` (``disk``), or those of a container and a
codec (``lmdb+qoi``), to which ``+threads`` can be added: all cores then encode and decode.
"""

import ast
import difflib
import importlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from ..versions import is_installed
from .base import Backend, Described
from .blobs import Blobs, all_cores
from .codecs.base import Codec
from .containers.base import Container

FOLDER = Path(__file__).parent
PLAIN = ("tutorial", "arrays")
"""Folders whose files are backends by themselves."""

SHARED = ("__init__", "base")
"""Files that cannot be chosen."""

THREADS = "threads"


def plain() -> list[str]:
    """Name the backends that are one file."""
    return sorted(name for folder in PLAIN for name in stems(FOLDER / folder))


def containers() -> list[str]:
    """Name the containers."""
    return stems(FOLDER / "containers")


def codecs() -> list[str]:
    """Name the codecs."""
    return stems(FOLDER / "codecs")


def stems(folder: Path) -> list[str]:
    """Name the files of a folder that can be chosen."""
    return sorted(file.stem for file in folder.glob("*.py") if file.stem not in SHARED)


def combinations() -> list[str]:
    """Name every container with every codec."""
    return [f"{container}+{codec}" for container in containers() for codec in codecs()]


def available() -> list[str]:
    """Name everything that images can be stored with, one thread at a time."""
    return plain() + combinations()


def is_known(name: str) -> bool:
    """Whether there is a backend of this name."""
    return name in plain() or name.removesuffix(f"+{THREADS}") in combinations()


def what_there_is(name: str) -> str:
    """Say for an unknown name which are known, and which are near."""
    near = difflib.get_close_matches(name.lower(), available(), n=1)
    meant = f" (did you mean {near[0]!r}?)" if near else ""
    return (
        f"{meant}; there are {', '.join(plain())}, and each container ({', '.join(containers())}) "
        f"with each codec ({', '.join(codecs())}), such as lmdb+qoi"
    )


def files_of(name: str) -> list[Path]:
    """List the files that are a backend's own.

    Raises:
        KeyError: if there is no such backend.
    """
    if not is_known(name):
        raise KeyError(f"no backend is called {name!r}{what_there_is(name)}")
    if "+" not in name:
        return [file for kind in PLAIN if (file := FOLDER / kind / f"{name}.py").exists()]
    container, codec = name.split("+")[:2]
    return [FOLDER / f"containers/{container}.py", FOLDER / f"codecs/{codec}.py"]


def load(name: str) -> Backend:
    """Make a backend of its name.

    Raises:
        KeyError: if there is no such backend.
        TypeError: if one of its files does not define exactly one complete class.
        ImportError: if a library that it needs is not installed; see ``missing``.
    """
    files = files_of(name)
    if len(files) == 1:
        return made_from(files[0], Backend)
    threads = all_cores() if name.endswith(f"+{THREADS}") else 1
    return Blobs(made_from(files[0], Container), made_from(files[1], Codec), threads)


def made_from(file: Path, kind: Any) -> Any:
    """Make the one class of a kind that a file below this folder defines."""
    module = importlib.import_module(
        ".".join([__name__, *file.relative_to(FOLDER).with_suffix("").parts])
    )
    classes = [
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, kind)
        and value.__module__ == module.__name__
    ]
    if len(classes) != 1:
        raise TypeError(f"{file} must define one {kind.__name__}, but defines {len(classes)}")
    return classes[0]()


def libraries_of(name: str) -> tuple[str, ...]:
    """Name the distributions that a backend is made with, without importing any of them.

    Raises:
        KeyError: if there is no such backend.
        TypeError: if one of its files does not list them as plain strings.
    """
    return tuple(dict.fromkeys(library for part in parts_of(name) for library in part[0]))


def requirements_of(name: str) -> list[str]:
    """Name the files in envs/, without their ending, that have a backend's libraries."""
    return list(dict.fromkeys(part[1] for part in parts_of(name)))


def missing(name: str) -> str | None:
    """Say which library a backend needs that is not installed, and how to install it; or None."""
    for libraries, requirements in parts_of(name):
        for library in libraries:
            if not is_installed(library):
                return (
                    f"{library} is not installed: python -m pip install -r envs/{requirements}.txt"
                )
    return None


def parts_of(name: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Give the libraries of each file of a backend, and the name of the file that pins them."""
    for file in files_of(name):
        facts = constants(file)
        if not isinstance(facts.get("libraries"), tuple):
            raise TypeError(f"{file} must define libraries as a tuple of strings")
        yield facts["libraries"], facts.get("requirements", Described.requirements)


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
