"""How images are stored: by a backend, or by a container and a codec together.

A name is that of a file in ``tutorial`` or ``arrays`` (``disk``), or those of a container and a
codec (``lmdb+qoi``), to which ``+threads`` can be added: all cores then encode and decode. Behind a
lossy codec can be a size (``lmdb+jpeg@256``): images are shrunk when they are stored. Behind what
keeps files (``lmdb+original@256``, ``in_place@256``), it is how far they are shrunk when they are
read.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .. import discover
from ..contract import Backend, Codec, Container, Described
from ..versions import is_installed
from .blobs import Blobs, all_cores, words_of_size

FOLDER = Path(__file__).parent
PLAIN = ("tutorial", "arrays")
"""Folders whose files are backends by themselves."""

THREADS = "threads"

SHRUNK = re.compile(r"@([1-9][0-9]{0,4})(?=$|\+)")
"""The size behind a codec: pixels that the shorter side of an image is shrunk to."""


def backends_there_are() -> list[str]:
    """Name the backends that are one file."""
    return sorted(name for folder in PLAIN for name in discover.stems(FOLDER / folder))


def containers_there_are() -> list[str]:
    """Name the containers."""
    return discover.stems(FOLDER / "containers")


def codecs_there_are() -> list[str]:
    """Name the codecs."""
    return discover.stems(FOLDER / "codecs")


def combinations() -> list[str]:
    """Name every container with every codec."""
    return [
        f"{container}+{codec}"
        for container in containers_there_are()
        for codec in codecs_there_are()
    ]


def available() -> list[str]:
    """Name everything that images can be stored with, one thread at a time."""
    return backends_there_are() + combinations()


def is_known(name: str) -> bool:
    """Whether there is a backend of this name."""
    plain, size = without_size(name)
    if size and not can_have_size(plain):
        return False
    return plain in backends_there_are() or plain.removesuffix(f"+{THREADS}") in combinations()


def without_size(name: str) -> tuple[str, int | None]:
    """Take the size out of a name: "lmdb+jpeg@256" is "lmdb+jpeg" and 256."""
    found = SHRUNK.search(name)
    return SHRUNK.sub("", name, count=1), int(found[1]) if found else None


def can_have_size(name: str) -> bool:
    """Whether what a backend stores, or reads, can be smaller than it was, without importing it."""
    if not is_known(name):
        return False
    facts = discover.constants(files_of(name)[-1])
    return bool(facts.get("keeps_files")) or not facts.get("lossless", True)


def what_there_is(name: str) -> str:
    """Say for an unknown name which are known, and which are near."""
    plain, containers, codecs = (
        ", ".join(names)
        for names in (backends_there_are(), containers_there_are(), codecs_there_are())
    )
    return (
        f"{discover.suggestion(name, available())}; there are {plain}, and each container "
        f"({containers}) with each codec ({codecs}), such as lmdb+qoi; a lossy codec can have a "
        "size, such as lmdb+jpeg@256"
    )


def files_of(name: str) -> list[Path]:
    """List the files that are a backend's own.

    Raises:
        KeyError: if there is no such backend.
    """
    if not is_known(name):
        raise KeyError(f"no backend is called {name!r}{what_there_is(name)}")
    name, _ = without_size(name)
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
    _, size = without_size(name)
    if len(files) == 1:
        return made_from(files[0], Backend, *([size] if size else []))
    threads = all_cores() if name.endswith(f"+{THREADS}") else 1
    return Blobs(made_from(files[0], Container), made_from(files[1], Codec), threads, size)


def made_from(file: Path, kind: Any, *arguments: Any) -> Any:
    """Make the one class of a kind that a file in a folder of this one defines."""
    return discover.made_from(file, f"{__name__}.{file.parent.name}", kind, *arguments)


def words_of(name: str) -> dict[str, str]:
    """Give the label of a backend and what it is good for, without importing it.

    Raises:
        KeyError: if there is no such backend.
    """
    parts = [discover.constants(file) for file in files_of(name)]
    _, size = without_size(name)
    shrunk = words_of_size(size, keeps_files=parts[-1].get("keeps_files", False))
    cores = ", all cores" if name.endswith(f"+{THREADS}") else ""
    return {
        "label": ", ".join(part["label"] for part in parts) + shrunk + cores,
        "good_for": "; ".join(part["good_for"] for part in parts),
    }


def libraries_of(name: str) -> tuple[str, ...]:
    """Name the distributions that a backend is made with, without importing any of them.

    Raises:
        KeyError: if there is no such backend.
        TypeError: if one of its files does not list them as plain strings.
    """
    more = ["pillow"] if without_size(name)[1] else []
    found = (library for part in parts_of(name) for library in part[0])
    return tuple(dict.fromkeys([*found, *more]))


def traits_of(name: str) -> dict[str, bool]:
    """Say what holds for a backend, without importing it.

    Returns:
        Whether what comes back is ``lossless``; whether it ``keeps_files``, byte for byte; whether
        images can be added to it (``appendable``); whether it is for local disks alone
        (``local_only``); and whether it ``stays``, which is to leave files where they are.
    """
    facts = [discover.constants(file) for file in files_of(name)]
    plain, size = without_size(name)
    return {
        "lossless": not size and all(of.get("lossless", True) for of in facts),
        "keeps_files": any(of.get("keeps_files", False) for of in facts),
        "appendable": any(of.get("appendable", False) for of in facts),
        "local_only": any("not_for_network" in of for of in facts),
        "stays": plain == "in_place",
    }


def warnings_of(name: str) -> list[str]:
    """Return what must be said of a backend if it is advised, without importing it.

    Raises:
        KeyError: if there is no such backend.
    """
    found = (discover.constants(file).get("warning") for file in files_of(name))
    return [warning for warning in found if warning]


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
        facts = discover.constants(file)
        if not isinstance(facts.get("libraries"), tuple):
            raise TypeError(f"{file} must define libraries as a tuple of strings")
        yield facts["libraries"], facts.get("requirements", Described.requirements)
