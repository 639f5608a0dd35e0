"""What operations are called, in tables, figures and sentences."""

from dataclasses import dataclass


@dataclass(frozen=True)
class OperationWords:
    r"""What one operation is called, and where it is told.

    Attributes:
        title: of a panel, a row or a column: "Shuffled batches".
        column: the same for a narrow column, in lines: "shuffled\nbatches".
        question: what a reader asks, as a heading: "Fastest to read in shuffled batches".
        topic: the same in a sentence, after "comes first in": "reading in shuffled batches".
        verb: what is done, within a sentence: "read in shuffled batches".
        for_each_cutoff: whether it is measured at every cutoff, and not with one store alone.
        in_verdict: whether the verdict in words tells of it.
    """

    title: str
    column: str
    question: str
    topic: str
    verb: str
    for_each_cutoff: bool = False
    in_verdict: bool = False


OPERATIONS = {
    "store_many": OperationWords(
        "Store", "store", "Fastest to store", "storing", "store",
        for_each_cutoff=True, in_verdict=True,
    ),
    "read_many": OperationWords(
        "Read in order", "read in\norder", "Fastest to read in order", "reading in order", "read",
        for_each_cutoff=True, in_verdict=True,
    ),
    "store_single": OperationWords(
        "Store one", "store\none", "Fastest to store one image", "storing one image",
        "store one image", in_verdict=True,
    ),
    "read_single": OperationWords(
        "Read one", "read\none", "Fastest to read one image", "reading of one image",
        "read one image", in_verdict=True,
    ),
    "read_batches": OperationWords(
        "Shuffled batches", "shuffled\nbatches", "Fastest to read in shuffled batches",
        "reading in shuffled batches", "read in shuffled batches", in_verdict=True,
    ),
    "read_random": OperationWords(
        "Single images at random", "random\nsingle", "Fastest to read single images at random",
        "reading of random single images", "read single images at random", in_verdict=True,
    ),
    "read_subset": OperationWords(
        "A shuffled tenth", "shuffled\ntenth", "Fastest to read a tenth in shuffled batches",
        "reading of a shuffled tenth", "read a shuffled tenth",
    ),
    "read_first": OperationWords(
        "First image, opening included", "first\nimage", "First image soonest, opening included",
        "reading of the first image", "open and read the first image", in_verdict=True,
    ),
    "read_workers_forked": OperationWords(
        "Workers, forked", "workers\nforked", "Fastest with several workers, forked",
        "reading by forked workers", "read with several forked workers", in_verdict=True,
    ),
    "read_workers_spawned": OperationWords(
        "Workers, spawned", "workers\nspawned", "Fastest with several workers, spawned",
        "reading by spawned workers", "read with several spawned workers",
    ),
}  # fmt: skip


def of_operation(name: str) -> OperationWords:
    """Give the words of an operation; one that is not known here is called by its name."""
    plain = name.replace("_", " ")
    return OPERATIONS.get(name) or OperationWords(plain, plain, plain, plain, plain)
