"""What is timed: each operation is one file, found by its name, with the words that it is told in.

All run in one way: `reading` goes cold, then warm, and verifies what comes back; `storing` times
until a store is closed, and until it is safe.
"""

from pathlib import Path

from .. import discover, vocabulary
from .base import Operation

FOLDER = Path(__file__).parent


def file_of(name: str) -> Path:
    """Name the file that is an operation's own."""
    return FOLDER / f"{name}.py"


def chosen_by_config() -> list[str]:
    """Name the operations that a config chooses; all others are in every run."""
    return [name for name in vocabulary.OPERATIONS if not load(name).in_every_run]


def is_known(name: str) -> bool:
    """Whether there is an operation of this name that a config can choose."""
    return name in chosen_by_config()


def what_there_is(name: str) -> str:
    """Say for an unknown name which a config can choose, and which is near."""
    known = chosen_by_config()
    return f"{discover.suggestion(name, known)}; there are {', '.join(known)}"


def load(name: str) -> Operation:
    """Make the operation that the file of its name defines.

    Raises:
        KeyError: if there is no such operation.
        TypeError: if its file does not define exactly one.
    """
    if name not in vocabulary.OPERATIONS:
        known = ", ".join(vocabulary.OPERATIONS)
        raise KeyError(f"no operation is called {name!r}; there are {known}")
    operation: Operation = discover.made_from(file_of(name), __name__, Operation)
    return operation
