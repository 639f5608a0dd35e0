"""What operations are called, in tables, figures and sentences: read from their own files."""

from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

from . import discover

FOLDER = Path(__file__).parent / "operations"
LAST = 1000


@dataclass(frozen=True)
class OperationWords:
    r"""What one operation is called, and where it is told.

    Attributes:
        title: of a panel, a row or a column: "Shuffled batches".
        column: the same for a narrow column, in lines: "shuffled\nbatches".
        topic: the same in a sentence, after "comes first in": "reading in shuffled batches".
        verb: what is done, within a sentence: "read in shuffled batches".
        question: what a reader asks, as a heading, where that is not "Fastest to" and the verb.
        for_each_cutoff: whether it is measured at every cutoff, and not with one store alone.
        in_verdict: whether the verdict in words tells of it.
        place: among the others, in what lists several.
    """

    title: str
    column: str
    topic: str
    verb: str
    question: str = ""
    for_each_cutoff: bool = False
    in_verdict: bool = False
    place: int = LAST


@cache
def operations() -> dict[str, OperationWords]:
    """Give the words of all operations, in the order in which they are told."""
    names = [field.name for field in fields(OperationWords)]
    found = {}
    for name in discover.stems(FOLDER):
        facts = discover.constants(FOLDER / f"{name}.py")
        if "title" in facts:
            known = {key: facts[key] for key in names if key in facts}
            found[name] = OperationWords(**known)
    return dict(sorted(found.items(), key=lambda pair: (pair[1].place, pair[0])))


OPERATIONS = operations()


def of_operation(name: str) -> OperationWords:
    """Give the words of an operation; one that is not known here is called by its name."""
    plain = name.replace("_", " ")
    return OPERATIONS.get(name) or OperationWords(plain, plain, plain, plain)
